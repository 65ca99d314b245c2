package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.ANYONE;
import static kaspeer.consensus.UtxoFixture.GENESIS;
import static kaspeer.consensus.UtxoFixture.NOBODY;
import static kaspeer.consensus.UtxoFixture.spend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What mempool and miners ask of the virtual block. */
@Timeout(60)
class VirtualQueriesTest {
  private final UtxoFixture fixture = new UtxoFixture();
  private Outpoint coinbase = new Outpoint(Hash.ZERO, 0);

  @BeforeEach
  void grow() {
    Hash second = fixture.chain(GENESIS, 2);
    fixture.chain(second, 12);
    coinbase = fixture.coinbaseOf(second);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private TransactionVerdict check(Transaction transaction) {
    return fixture.consensus.check(transaction, outpoint -> null);
  }

  @Test
  void aGoodTransactionIsAcceptedWithFeeAndMasses() {
    UtxoEntry entry = fixture.entry(coinbase);
    Transaction transaction = spend(coinbase, entry, 5000, 2);
    assertThat(check(transaction))
        .isInstanceOfSatisfying(
            TransactionVerdict.Accepted.class,
            accepted -> {
              assertThat(accepted.fee()).isEqualTo(5000);
              assertThat(accepted.storageMass()).isEqualTo(transaction.storageMass());
              assertThat(accepted.mass().compute()).isPositive();
              assertThat(accepted.spent()).containsExactly(entry);
            });
  }

  @Test
  void aTransactionIsCheckedWithWhatWasReadThoughItIsSpentSince() {
    UtxoEntry entry = fixture.entry(coinbase);
    Transaction transaction = spend(coinbase, entry, 5000, 2);
    VirtualReading reading = fixture.consensus.read(List.of(coinbase, new Outpoint(Hash.ZERO, 9)));
    assertThat(reading.entries()).containsExactly(entry, null);
    fixture.mine(fixture.sink(), spend(coinbase, entry, 0, 1));
    fixture.mine(fixture.sink());
    TransactionCheck check = fixture.consensus.check(transaction, List.of(entry), reading);
    assertThat(check.parts()).hasSize(1);
    check.parts().forEach(Runnable::run);
    assertThat(check.verdict()).isInstanceOf(TransactionVerdict.Accepted.class);
    assertThat(fixture.consensus.read(List.of(coinbase)).entries()).containsOnlyNulls();
  }

  @Test
  void missingOutpointsAreNamedAndUnconfirmedOnesAskedFor() {
    Transaction parent = spend(coinbase, fixture.entry(coinbase), 0, 1);
    Outpoint made = new Outpoint(parent.id(), 0);
    UtxoEntry entry = UtxoEntry.of(parent.outputs().getFirst(), UtxoEntry.UNACCEPTED, false);
    Transaction child = spend(made, entry, 7, 1);
    assertThat(check(child)).isEqualTo(new TransactionVerdict.MissingOutpoints(List.of(made)));
    assertThat(fixture.consensus.check(child, o -> o.equals(made) ? entry : null))
        .isInstanceOfSatisfying(
            TransactionVerdict.Accepted.class, accepted -> assertThat(accepted.fee()).isEqualTo(7));
  }

  @Test
  void aBrokenRuleIsNamed() {
    Outpoint young = fixture.coinbaseOf(fixture.sink());
    fixture.mine(fixture.sink());
    assertThat(check(spend(young, fixture.entry(young), 0, 1)))
        .isInstanceOfSatisfying(
            TransactionVerdict.Refused.class,
            refused -> assertThat(refused.rule()).isEqualTo(Rule.IMMATURE_COINBASE_SPEND));
    Transaction lock = spend(coinbase, fixture.entry(coinbase), 0, List.of(NOBODY));
    fixture.mine(fixture.sink(), lock);
    Outpoint locked = new Outpoint(lock.id(), 0);
    assertThat(check(spend(locked, fixture.entry(locked), 0, 1)))
        .isInstanceOfSatisfying(
            TransactionVerdict.Refused.class,
            refused -> assertThat(refused.rule()).isEqualTo(Rule.SIGNATURE_EMPTY));
    assertThat(fixture.consensus.utxo(coinbase)).isNull();
  }

  @Test
  void aTemplateIsAValidBlockOfWhatFitsAndSaysWhatDoesNot() {
    UtxoEntry entry = fixture.entry(coinbase);
    Transaction good = spend(coinbase, entry, 10, 2);
    Transaction conflict = spend(coinbase, entry, 20, 3);
    Transaction chained =
        spend(new Outpoint(good.id(), 0), UtxoEntry.of(good.outputs().getFirst(), 1, false), 0, 1);
    BlockTemplate template =
        fixture.consensus.blockTemplate(
            ANYONE, new byte[] {1, 2, 3}, List.of(good, conflict, chained, good));
    assertThat(template.block().transactions()).hasSize(2).contains(good);
    assertThat(template.rejected()).contains(conflict.id(), chained.id());
    assertThat(template.invalid()).as("the other is valid by itself").containsExactly(chained.id());
    assertThat(template.block().header().directParents())
        .isEqualTo(fixture.consensus.state().virtualParents());
    Hash hash = fixture.add(template.block());
    assertThat(fixture.sink()).isEqualTo(hash);
    BlockTemplate next = fixture.consensus.blockTemplate(ANYONE, new byte[0], List.of(chained));
    assertThat(next.block().transactions()).hasSize(2);
    assertThat(next.rejected()).isEmpty();
    assertThat(fixture.add(next.block())).isEqualTo(fixture.sink());
  }

  @Test
  void aTemplateStopsAtTheMassOfABlock() {
    List<Transaction> many = new ArrayList<>();
    UtxoEntry entry = fixture.entry(coinbase);
    Transaction fan = spend(coinbase, entry, 0, 40);
    fixture.mine(fixture.sink(), fan);
    fixture.mine(fixture.sink());
    for (int i = 0; i < 40; i++) {
      Outpoint outpoint = new Outpoint(fan.id(), i);
      many.add(spend(outpoint, fixture.entry(outpoint), 0, 3));
    }
    BlockTemplate template = fixture.consensus.blockTemplate(ANYONE, new byte[0], many);
    assertThat(template.block().transactions()).hasSizeBetween(2, 40);
    assertThat(template.rejected()).hasSize(41 - template.block().transactions().size());
    fixture.add(template.block());
    assertThat(fixture.sink()).isEqualTo(template.block().hash());
  }

  @Test
  void whatDoesNotFitIntoACoinbaseIsRefused() {
    assertThatThrownBy(() -> fixture.consensus.blockTemplate(ANYONE, new byte[200], List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 204");
  }

  @Test
  void aConsensusWithoutUtxoValidationHasNoUtxoState() {
    try (Consensus plain =
        Consensus.open(
            UtxoFixture.PARAMS,
            new MemoryDagStore(),
            new NoBodyRules(),
            ConsensusOptions.defaults().withUtxoValidation(false))) {
      assertThatThrownBy(() -> plain.utxo(coinbase))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }
}
