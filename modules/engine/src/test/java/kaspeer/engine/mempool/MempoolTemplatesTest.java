package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.api.Test;

/** The blocks that are made of what the mempool holds. */
final class MempoolTemplatesTest extends MempoolRig {
  @Test
  void aTemplateHoldsWhatIsReadyAndIsKeptForASecond() {
    Transaction transaction = spendingCoin(1);
    submit(PEER, transaction);
    assertThat(template(MINER))
        .isInstanceOfSatisfying(
            TemplateReply.Made.class,
            made -> {
              assertThat(made.block().transactions()).hasSize(2);
              assertThat(made.nearlySynced()).isTrue();
            });
    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
    assertThat(templates).hasSize(1);
    assertThat(templates.getFirst().getFirst().id()).isEqualTo(transaction.id());

    clock.advance(BlockTemplates.FRESH);
    template(MINER);
    assertThat(templates).hasSize(2);
  }

  @Test
  void aClockThatIsSetBackDoesNotKeepATemplateFresh() {
    template(MINER);
    clock.advance(Duration.ofHours(-1));
    template(MINER);
    assertThat(templates).hasSize(2);
  }

  @Test
  void aTemplateOnOtherParentsIsAnotherOne() {
    template(MINER);
    snapshot = snapshot(NOW, List.of(Hash.ofWords(1, 2, 3, 4)));
    template(MINER);
    assertThat(templates).hasSize(2);
  }

  @Test
  void aTemplateForSomebodyElseIsAnotherOne() {
    template(MINER);
    template(new ScriptPublicKey(0, new byte[] {0x52}));
    assertThat(templates).hasSize(2);
  }

  @Test
  void aTemplateForSomebodyElseHoldsTheSameUntilItsSecondIsOver() {
    Transaction first = spendingCoin(1);
    submit(PEER, first);
    template(MINER);
    submit(PEER, spendingCoin(2));
    clock.advance(BlockTemplates.FRESH.dividedBy(2));
    template(OTHER_MINER);
    assertThat(templates.getLast()).extracting(Transaction::id).containsExactly(first.id());
    clock.advance(BlockTemplates.FRESH.dividedBy(2));
    template(OTHER_MINER);
    assertThat(templates.getLast()).hasSize(2);
  }

  @Test
  void whatATemplateRejectsAndVirtualDoesNotAcceptLeavesThePoolAndItIsMadeAnew() {
    Transaction bad = spendingCoin(1);
    Transaction good = spendingCoin(2);
    submit(PEER, bad, good);
    virtual.breaks(bad, Rule.SIGNATURE_INVALID);
    rejected = List.of(bad.id());
    template(MINER);
    assertThat(get(bad)).isEmpty();
    assertThat(templates).hasSize(2);
    assertThat(templates.getFirst()).hasSize(2);
    assertThat(templates.getLast()).extracting(Transaction::id).containsExactly(good.id());
  }

  @Test
  void aTemplateIsMadeAnewOnlySoOften() {
    List<Transaction> many = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      many.add(spendingCoin(i));
    }
    submit(PEER, many.toArray(Transaction[]::new));
    rejectsFirst = true;
    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
    assertThat(templates).hasSize(TemplateWork.MAX_ATTEMPTS);
    assertThat(templates.getLast()).hasSize(4);
  }

  @Test
  void aTemplateThatCannotBeMadeIsRefusedWithTheReason() {
    assertThat(template(new ScriptPublicKey(1, new byte[0])))
        .isEqualTo(new TemplateReply.Refused("the miner's script is too long"));
    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
  }
}
