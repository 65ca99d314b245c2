package kaspeer.mempool;

import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NotYet;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionTest {
  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  private Admission submit(Transaction transaction) {
    return pool.submit(transaction, Submission.relayed("peer"), virtual);
  }

  private void invalid(Rule rule, Transaction transaction) {
    assertThat(submit(transaction))
        .isInstanceOfSatisfying(
            Invalid.class,
            refusal -> {
              assertThat(refusal.rule()).isEqualTo(rule);
              assertThat(refusal.reason()).isEqualTo(rule.name());
              assertThat(refusal.id()).isEqualTo(transaction.id());
              assertThat(refusal.detail()).isNotBlank();
            });
    isAbsent(transaction);
  }

  private void isAbsent(Transaction transaction) {
    assertThat(pool.get(transaction.id())).isNull();
    assertThat(pool.describe(transaction.id())).isNull();
    assertThat(pool.isKnown(transaction.id())).isFalse();
  }

  @Test
  void anAcceptedTransactionIsThere() {
    Transaction tx = spend(coin(1));
    assertThat(submit(tx)).isEqualTo(new Accepted(tx.id(), List.of(), List.of(), List.of()));
    assertThat(pool.ids()).containsExactly(tx.id());
    assertThat(pool.missingOf(List.of(Hash.ORIGIN, tx.id(), Hash.ZERO)))
        .containsExactly(Hash.ORIGIN, Hash.ZERO);
    MempoolInfo info = pool.info();
    assertThat(info.transactions()).isEqualTo(1);
    assertThat(info.ready()).isEqualTo(1);
    assertThat(info.high()).isZero();
    assertThat(info.bytes()).isEqualTo(Entry.estimatedBytes(tx, 0)).isGreaterThan(500);
    assertThat(info.counts())
        .containsEntry(MempoolCount.ACCEPTED, 1L)
        .containsEntry(MempoolCount.KNOWN, 0L);
  }

  @Test
  void anAcceptedTransactionCommitsToItsStorageMassWhateverItCameWith() {
    Transaction tx = new Txs.Draft(coin(1)).storageMass(-1).build();
    submit(tx);
    // 10^12 / value of each of the two outputs, less 10^12 / the coin (consensus reference 5.4).
    long expected = 2 * (1_000_000_000_000L / (Txs.COIN / 2 - Txs.FEE / 2)) - 100;
    assertThat(pool.get(tx.id()))
        .isNotNull()
        .satisfies(
            pooled -> {
              assertThat(pooled.id()).isEqualTo(tx.id());
              assertThat(pooled.storageMass()).isEqualTo(expected);
            });
  }

  @Test
  void whatIsKnownOfATransactionIsTold() {
    Transaction tx = spend(coin(1));
    Transaction child = spend(output(tx, 0));
    submit(tx);
    pool.submit(child, Submission.local(), virtual);
    assertThat(pool.describe(tx.id()))
        .isNotNull()
        .satisfies(
            known -> {
              assertThat(known.fee()).isEqualTo(Txs.FEE);
              assertThat(known.mass().compute()).isEqualTo(2036);
              assertThat(known.mass().transientStorage()).isEqualTo(1264);
              assertThat(known.storageMass()).isEqualTo(300);
              assertThat(known.feeRate()).isEqualTo((double) Txs.FEE / 2036);
              assertThat(known.high()).isFalse();
              assertThat(known.ready()).isTrue();
              assertThat(known.daaScore()).isEqualTo(1000);
              assertThat(known.bytes()).isEqualTo(Entry.estimatedBytes(tx, 0));
            });
    assertThat(pool.describe(child.id()))
        .isNotNull()
        .satisfies(
            known -> {
              assertThat(known.high()).isTrue();
              assertThat(known.ready()).isFalse();
            });
  }

  @Test
  void aTransactionThatIsThereIsKnown() {
    Transaction tx = spend(coin(1));
    submit(tx);
    assertThat(submit(tx)).isEqualTo(new Known(tx.id(), false));
    assertThat(pool.info().transactions()).isEqualTo(1);
  }

  @Test
  void aTransactionThatBreaksARuleOfTransactionsIsInvalid() {
    invalid(Rule.NO_TX_INPUTS, new Txs.Draft().outputs(0).build());
    invalid(Rule.TX_DUPLICATE_INPUTS, spend(coin(1), coin(1)));
    assertThat(virtual.checked).isEmpty();
  }

  @Test
  void aCoinbaseIsInvalidOutsideABlock() {
    invalid(Rule.MULTIPLE_COINBASES, Txs.coinbase());
  }

  @Test
  void aTransactionThatNoBlockHasRoomForIsInvalid() {
    invalid(
        Rule.EXCEEDS_COMPUTE_MASS_LIMIT,
        new Txs.Draft(coin(1), coin(2)).commit(250).fee(Txs.COIN).build());
    invalid(
        Rule.EXCEEDS_TRANSIENT_MASS_LIMIT,
        new Txs.Draft(coin(1)).payload(250_000).fee(Txs.COIN / 2).build());
    assertThat(virtual.checked).isEmpty();
    invalid(
        Rule.EXCEEDS_STORAGE_MASS_LIMIT,
        new Txs.Draft(coin(1)).outputs(1).fee(Txs.COIN - 1_990_000).build());
    Transaction most = new Txs.Draft(coin(1)).outputs(1).fee(Txs.COIN - 2_000_000).build();
    assertThat(submit(most)).isInstanceOf(Accepted.class);
  }

  @Test
  void gasThatNoLaneHasRoomForIsInvalid() {
    invalid(Rule.EXCEEDS_GAS_PER_LANE_LIMIT, new Txs.Draft(coin(1)).lane(1, 1_000_000_001).build());
    Transaction most = new Txs.Draft(coin(1)).lane(1, 1_000_000_000).build();
    assertThat(submit(most)).isInstanceOf(Accepted.class);
  }

  @Test
  void aRuleThatTheCheckFindsBrokenIsNamed() {
    Transaction tx = spend(coin(1));
    virtual.breaks(tx.id(), Rule.SIGNATURE_INVALID);
    invalid(Rule.SIGNATURE_INVALID, tx);
    assertThat(pool.info().counts()).containsEntry(MempoolCount.INVALID, 1L);
  }

  @Test
  void aScriptThatFailsForNowIsNotInvalid() {
    Transaction tx = spend(coin(1));
    virtual.breaksForNow(tx.id(), Rule.SIGNATURE_INVALID);
    assertThat(submit(tx))
        .isEqualTo(new NotYet(tx.id(), Rule.SIGNATURE_INVALID, "as the test says"));
    isAbsent(tx);
  }

  @Test
  void whatVirtualHasAcceptedIsKnownThoughItsIdIsForgotten() {
    Transaction tx = spend(coin(1));
    virtual.accept(tx);
    assertThat(submit(tx)).isEqualTo(new Known(tx.id(), true));
    assertThat(pool.isOrphan(tx.id())).isFalse();
    assertThat(pool.isKnown(tx.id())).as("it need not be asked for again").isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Rule.class,
      names = {
        "IMMATURE_COINBASE_SPEND",
        "SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET",
        "UNSUPPORTED_SCRIPT"
      })
  void whatMayBeGoodLaterOrElsewhereIsNotInvalid(Rule rule) {
    Transaction tx = spend(coin(1));
    virtual.breaks(tx.id(), rule);
    assertThat(submit(tx)).isEqualTo(new NotYet(tx.id(), rule, "as the test says"));
    isAbsent(tx);
    assertThat(pool.info().counts()).containsEntry(MempoolCount.NOT_YET, 1L);
    virtual.breaksNoMore(tx.id());
    assertThat(submit(tx)).isInstanceOf(Accepted.class);
  }

  @Test
  void aLockedTransactionIsNotTakenYet() {
    for (long time : List.of(1000L, 1_700_000_000_000L)) {
      Transaction tx = new Txs.Draft(coin(1)).lockTime(time).build();
      assertThat(submit(tx))
          .isEqualTo(new NotYet(tx.id(), Rule.NOT_FINALIZED, "locked until " + time));
    }
    Transaction unlocked = new Txs.Draft(coin(1)).lockTime(999).build();
    assertThat(submit(unlocked)).isInstanceOf(Accepted.class);
  }

  @Test
  void aTransactionMayBuildOnOthersInThePool() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0), coin(2));
    submit(parent);
    assertThat(submit(child)).isInstanceOf(Accepted.class);
    assertThat(pool.info().ready()).isEqualTo(1);
  }

  @Test
  void scriptsRunOnlyForWhatPassesAllThatCanBeToldWithout() {
    Transaction standing = spend(coin(1));
    submit(standing);
    virtual.checked.clear();
    submit(Txs.pay(1, coin(2)));
    submit(Txs.pay(Txs.FEE - 1, coin(1)));
    submit(new Txs.Draft(coin(3)).script(Txs.odd()).build());
    virtual.locks(coin(4), Txs.odd());
    submit(spend(coin(4)));
    submit(spend(new Txs.Money(new Outpoint(standing.id(), 2), Txs.COIN)));
    pool.submit(Txs.pay(Txs.FEE * 2, coin(1)), Submission.local(), virtual);
    assertThat(virtual.checked).isEmpty();
  }

  @Test
  void whatSpendsMoreThanItHasIsForTheCheckToRefuse() {
    invalid(Rule.SPEND_TOO_HIGH, Txs.pay(-5, coin(1)));
  }

  @Test
  void everyOutcomeIsCounted() {
    submit(spend(coin(1)));
    submit(Txs.pay(Txs.FEE - 1, coin(1)));
    submit(spend(coin(2), coin(2)));
    submit(Txs.pay(1, coin(3)));
    submit(new Txs.Draft(coin(4)).lockTime(5000).build());
    submit(spend(output(spend(coin(5)), 0)));
    assertThat(pool.info().counts())
        .containsEntry(MempoolCount.ACCEPTED, 1L)
        .containsEntry(MempoolCount.DOUBLE_SPEND, 1L)
        .containsEntry(MempoolCount.INVALID, 1L)
        .containsEntry(MempoolCount.NON_STANDARD, 1L)
        .containsEntry(MempoolCount.NOT_YET, 1L)
        .containsEntry(MempoolCount.ORPHANED, 1L)
        .containsEntry(MempoolCount.FULL, 0L);
    assertThat(MempoolCount.DOUBLE_SPEND.metricName()).isEqualTo("double-spend");
  }
}
