package kaspeer.mempool;

import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.inputs;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.outputs;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final VirtualTime NOW = new VirtualTime(1000, 1_700_000_000_000L);

  private final Mempool pool = new Mempool(PARAMS, MempoolOptions.ofBytes(1 << 20));

  private Admission submit(Transaction transaction) {
    return pool.submit(transaction, "peer", NOW);
  }

  private void invalid(Rule rule, Transaction transaction) {
    assertThat(submit(transaction))
        .isInstanceOfSatisfying(
            Invalid.class,
            refusal -> {
              assertThat(refusal.rule()).isEqualTo(rule);
              assertThat(refusal.id()).isEqualTo(transaction.id());
              assertThat(refusal.detail()).isNotBlank();
            });
    isAbsent(transaction);
  }

  private void nonStandard(Transaction transaction, String reason) {
    assertThat(submit(transaction))
        .isInstanceOfSatisfying(
            NonStandard.class, refusal -> assertThat(refusal.reason()).contains(reason));
    isAbsent(transaction);
  }

  private void isAbsent(Transaction transaction) {
    assertThat(pool.get(transaction.id())).isNull();
    assertThat(pool.isKnown(transaction.id())).isFalse();
  }

  private static Transaction locked(long lockTime) {
    return new Transaction(
        0, inputs(coin(1)), outputs(1), lockTime, SubnetworkId.NATIVE, 0, new byte[0], 0);
  }

  private static Transaction massive(int sigOps, int payload, long storageMass) {
    List<Input> inputs =
        IntStream.range(0, 2).mapToObj(i -> new Input(coin(i), new byte[0], 0, sigOps)).toList();
    return new Transaction(
        0, inputs, outputs(1), 0, SubnetworkId.NATIVE, 0, new byte[payload], storageMass);
  }

  @Test
  void anAcceptedTransactionIsThere() {
    Transaction tx = spend(coin(1));
    assertThat(submit(tx)).isEqualTo(new Accepted(tx.id(), List.of()));
    assertThat(pool.get(tx.id())).isSameAs(tx);
    assertThat(pool.ids()).containsExactly(tx.id());
    assertThat(pool.missingOf(List.of(Hash.ORIGIN, tx.id(), Hash.ZERO)))
        .containsExactly(Hash.ORIGIN, Hash.ZERO);
    MempoolInfo info = pool.info();
    assertThat(info.transactions()).isEqualTo(1);
    assertThat(info.bytes()).isEqualTo(Entry.estimatedBytes(tx)).isGreaterThan(500);
    assertThat(info.counts())
        .containsEntry(MempoolCount.ACCEPTED, 1L)
        .containsEntry(MempoolCount.KNOWN, 0L);
  }

  @Test
  void aTransactionThatIsThereIsKnown() {
    Transaction tx = spend(coin(1));
    submit(tx);
    assertThat(submit(tx)).isEqualTo(new Known(tx.id(), false));
    assertThat(pool.info().transactions()).isEqualTo(1);
  }

  @Test
  void theFirstToSpendAnOutputWins() {
    Transaction first = spend(coin(1), coin(2));
    Transaction second = spend(coin(3), coin(2));
    submit(first);
    assertThat(submit(second)).isEqualTo(new DoubleSpend(second.id(), first.id(), coin(2)));
    isAbsent(second);
    assertThat(submit(spend(coin(3)))).isInstanceOf(Accepted.class);
  }

  @Test
  void aTransactionThatBreaksARuleOfTransactionsIsInvalid() {
    invalid(Rule.NO_TX_INPUTS, spend());
    invalid(Rule.TX_DUPLICATE_INPUTS, spend(coin(1), coin(1)));
  }

  @Test
  void aCoinbaseIsInvalidOutsideABlock() {
    invalid(Rule.MULTIPLE_COINBASES, Txs.coinbase());
  }

  @Test
  void aTransactionThatNoBlockHasRoomForIsInvalid() {
    invalid(Rule.EXCEEDS_COMPUTE_MASS_LIMIT, massive(250, 0, 0));
    invalid(Rule.EXCEEDS_TRANSIENT_MASS_LIMIT, massive(0, 250_000, 0));
    invalid(Rule.EXCEEDS_STORAGE_MASS_LIMIT, massive(0, 0, 500_001));
    invalid(Rule.EXCEEDS_STORAGE_MASS_LIMIT, massive(0, 0, -1));
    assertThat(submit(massive(240, 0, 500_000))).isInstanceOf(Accepted.class);
  }

  @Test
  void gasThatNoLaneHasRoomForIsInvalid() {
    byte[] lane = new byte[20];
    lane[1] = 1;
    SubnetworkId subnetwork = SubnetworkId.of(lane);
    invalid(
        Rule.EXCEEDS_LANE_GAS_LIMIT,
        new Transaction(
            1, inputs(coin(1)), outputs(1), 0, subnetwork, 1_000_000_001, new byte[0], 0));
    Transaction most =
        new Transaction(
            1, inputs(coin(1)), outputs(1), 0, subnetwork, 1_000_000_000, new byte[0], 0);
    assertThat(submit(most)).isInstanceOf(Accepted.class);
  }

  @Test
  void outputScriptsOfNoStandardFormAreNotTakenUnlessToldTo() {
    List<Output> odd =
        List.of(
            outputs(1).getFirst(), new Output(5, new ScriptPublicKey(0, new byte[] {0x51}), null));
    Transaction tx =
        new Transaction(0, inputs(coin(1)), odd, 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
    nonStandard(tx, "output 1: a script of no standard form");
    MempoolOptions all =
        new MempoolOptions(
            1 << 20, 10, 1 << 20, 1000, 10, Duration.ofDays(1), Duration.ofMinutes(1), true);
    assertThat(new Mempool(PARAMS, all).submit(tx, "peer", NOW)).isInstanceOf(Accepted.class);
  }

  @Test
  void aLockedTransactionIsNotTakenYet() {
    nonStandard(locked(1000), "locked until 1000");
    nonStandard(locked(1_700_000_000_000L), "locked until 1700000000000");
    assertThat(submit(locked(999))).isInstanceOf(Accepted.class);
  }

  @Test
  void aTransactionMayBuildOnOthersInThePool() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0), coin(2));
    submit(parent);
    assertThat(submit(child)).isInstanceOf(Accepted.class);
  }

  @Test
  void anOutputThatAParentInThePoolDoesNotHaveCannotBeSpent() {
    Transaction parent = spend(coin(1));
    submit(parent);
    nonStandard(spend(output(parent, 2)), "spends output 2 of " + parent.id() + ", which has 2");
    nonStandard(spend(new Outpoint(parent.id(), -1)), "spends output 4294967295");
  }

  @Test
  void aChainInThePoolIsBounded() {
    MempoolOptions short3 =
        new MempoolOptions(
            1 << 20, 10, 1 << 20, 1000, 3, Duration.ofDays(1), Duration.ofMinutes(1), false);
    Mempool bounded = new Mempool(PARAMS, short3);
    Transaction last = spend(coin(1));
    bounded.submit(last, "peer", NOW);
    for (int i = 0; i < 3; i++) {
      last = spend(output(last, 0));
      assertThat(bounded.submit(last, "peer", NOW)).isInstanceOf(Accepted.class);
    }
    assertThat(bounded.submit(spend(output(last, 0)), "peer", NOW))
        .isInstanceOfSatisfying(
            NonStandard.class, r -> assertThat(r.reason()).contains("builds on too many"));
  }

  @Test
  void everyRefusalIsCounted() {
    submit(spend(coin(1)));
    submit(spend(coin(1), coin(2)));
    submit(spend());
    submit(locked(5000));
    assertThat(pool.info().counts())
        .containsEntry(MempoolCount.ACCEPTED, 1L)
        .containsEntry(MempoolCount.DOUBLE_SPEND, 1L)
        .containsEntry(MempoolCount.INVALID, 1L)
        .containsEntry(MempoolCount.NON_STANDARD, 1L)
        .containsEntry(MempoolCount.FULL, 0L);
    assertThat(MempoolCount.DOUBLE_SPEND.metricName()).isEqualTo("double-spend");
  }
}
