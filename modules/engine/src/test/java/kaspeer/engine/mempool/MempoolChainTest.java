package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kaspeer.consensus.Rule;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** How the mempool follows the selected chain. */
final class MempoolChainTest extends MempoolRig {
  @Test
  void whatABlockBroughtIntoVirtualsPastLeavesAndOrphansOfItAreAnnounced() {
    Transaction transaction = spendingCoin(1);
    submit(PEER, transaction);
    Transaction stranger = spendingCoin(2);
    Transaction orphan =
        FakeVirtual.spending(
            FakeVirtual.outputOf(stranger), FakeVirtual.AMOUNT - FakeVirtual.FEE, 3);
    submit(PEER, orphan);
    announced.clear();

    virtual.accept(transaction);
    virtual.accept(stranger);
    added(transaction, stranger);
    soon(() -> assertThat(get(orphan)).isPresent());
    assertThat(get(transaction)).isEmpty();
    assertThat(announced).containsExactly(List.of(orphan.id()));
  }

  @Test
  void anOrphanThatIsFoundBadWhenABlockFreesItMayBeAskedOfOthers() {
    Transaction stranger = spendingCoin(2);
    Transaction bad =
        FakeVirtual.spending(
            FakeVirtual.outputOf(stranger), FakeVirtual.AMOUNT - FakeVirtual.FEE, 3);
    submit(PEER, bad);
    virtual.breaks(bad, Rule.SIGNATURE_INVALID);
    virtual.accept(stranger);
    added(stranger);
    soon(() -> assertThat(spoilt).containsExactly(bad.id()));
    assertThat(announced).isEmpty();
  }

  @Test
  void farBehindNothingThatBlocksFreeIsAnnounced() {
    Transaction stranger = spendingCoin(2);
    Transaction orphan =
        FakeVirtual.spending(
            FakeVirtual.outputOf(stranger), FakeVirtual.AMOUNT - FakeVirtual.FEE, 3);
    submit(PEER, orphan);
    snapshot = snapshot(NOW.minus(NEARLY_SYNCED), List.of());
    virtual.accept(stranger);
    added(stranger);
    soon(() -> assertThat(get(orphan)).isPresent());
    assertThat(announced).isEmpty();
  }

  @Test
  void farBehindAndEmptyBlocksAreNotReadAndChainsNotFollowed() {
    snapshot = snapshot(NOW.minus(NEARLY_SYNCED), List.of());
    settled(2);
    events.tell(new DagEvent.ChainChanged(List.of(Hash.ZERO), List.of()));
    expectNothingAsked();
  }

  @Test
  void whatRemovedBlocksHadAcceptedComesBackUnlessOthersAcceptedItToo() {
    Transaction lost = spendingCoin(1);
    Transaction kept = spendingCoin(2);
    virtual.accept(kept);
    List<Hash> removed = List.of(Hash.ofWords(1, 1, 1, 1));
    events.tell(
        new DagEvent.ChainChanged(
            removed,
            List.of(
                new AcceptedBlock(
                    Hash.ofWords(2, 2, 2, 2),
                    List.of(new AcceptedBlock.Merged(Hash.ZERO, List.of(kept.id())))))));
    Dag.GetAccepted question = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(question.blocks()).isEqualTo(removed);
    question.replyTo().tell(new Dag.AcceptedTransactions(List.of(lost, kept)));

    soon(() -> assertThat(get(lost)).isPresent());
    assertThat(get(kept)).isEmpty();
    assertThat(announced).containsExactly(List.of(lost.id()));
    assertThat(info().counts()).containsEntry("returned", 1L);
  }

  @Test
  void whatARemovedBlockAcceptedIsAskedForAgainAndLowerBlocksComeFirst() {
    Transaction parent = spendingCoin(1);
    Transaction child =
        FakeVirtual.spending(FakeVirtual.outputOf(parent), FakeVirtual.AMOUNT - FakeVirtual.FEE, 2);
    Hash upper = Hash.ofWords(1, 1, 1, 1);
    Hash lower = Hash.ofWords(1, 1, 1, 2);
    Transaction bystander = spendingCoin(3);
    submit(PEER, bystander);
    events.tell(new DagEvent.ChainChanged(List.of(upper, lower), List.of()));
    Dag.GetAccepted unanswered = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(unanswered.blocks()).containsExactly(lower);
    time.timePasses(Duration.ofSeconds(30));

    Dag.GetAccepted again = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(again.blocks()).containsExactly(lower);
    virtual.accept(bystander);
    settled(2);
    Dag.GetBlock block = dag.expectMessageClass(Dag.GetBlock.class);
    List<Transaction> body = new ArrayList<>(PARAMS.genesis().transactions());
    body.add(bystander);
    block.replyTo().tell(Optional.of(new Block(header(), body)));
    assertThat(get(bystander)).as("the block waits for its turn").isPresent();
    again.replyTo().tell(new Dag.AcceptedTransactions(List.of(parent)));

    Dag.GetAccepted rest = dag.expectMessageClass(Dag.GetAccepted.class);
    assertThat(rest.blocks()).containsExactly(upper);
    rest.replyTo().tell(new Dag.AcceptedTransactions(List.of(child)));
    soon(() -> assertThat(get(bystander)).isEmpty());
    assertThat(get(parent)).isPresent();
    assertThat(get(child)).isPresent();
  }

  @Test
  void fewBlocksAreReadAtATimeAndWhatIsNeverReadIsMadeGood() {
    Transaction spent = spendingCoin(1);
    submit(PEER, spent);
    for (int i = 0; i < ChainFollower.MAX_READING + 1; i++) {
      settled(2);
    }
    for (int i = 0; i < ChainFollower.MAX_READING; i++) {
      dag.expectMessageClass(Dag.GetBlock.class);
    }
    expectNothingAsked();
    virtual.accept(spent);
    time.timePasses(Duration.ofSeconds(30));
    dag.expectMessageClass(Dag.GetBlock.class).replyTo().tell(Optional.empty());
    soon(() -> assertThat(get(spent)).isEmpty());
  }
}
