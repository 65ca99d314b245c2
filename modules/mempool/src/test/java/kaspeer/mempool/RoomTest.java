package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.ids;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** Eviction by fee rate, with room for four transactions. */
class RoomTest {
  private static final Submission PEER = Submission.relayed("peer");
  private static final long EACH = Entry.estimatedBytes(spend(coin(1)), 0);

  private static final long LINK = Entry.estimatedBytes(spend(coin(1)), 1) - EACH;

  private final FakeVirtual virtual = new FakeVirtual();
  private TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(4 * EACH));

  /** Makes room for four transactions that spend so many times of each other. */
  private void withRoomForLinks(int links) {
    pool = new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(4 * EACH + links * LINK));
  }

  /** A transaction that pays so many times the usual fee. */
  private static Transaction paying(int times, int coin) {
    return pay(times * FEE, coin(coin));
  }

  private List<Hash> add(Transaction transaction) {
    return add(transaction, PEER);
  }

  /** Returns what was evicted. */
  private List<Hash> add(Transaction transaction, Submission how) {
    Admission admission = pool.submit(transaction, how, virtual);
    if (admission instanceof Accepted accepted) {
      return accepted.evicted();
    }
    throw new AssertionError(admission.toString());
  }

  private void isFull(Transaction transaction) {
    List<Hash> before = pool.ids();
    assertThat(pool.submit(transaction, PEER, virtual)).isEqualTo(new Full(transaction.id()));
    assertThat(pool.ids()).isEqualTo(before);
  }

  @Test
  void theLowestFeeRateGoes() {
    Transaction low = paying(2, 1);
    Transaction lowest = paying(1, 2);
    add(low);
    add(lowest);
    add(paying(5, 3));
    add(paying(6, 4));
    assertThat(pool.info().bytes()).isEqualTo(4 * EACH);
    assertThat(add(paying(3, 5))).isEqualTo(ids(lowest));
    assertThat(add(paying(4, 6))).isEqualTo(ids(low));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.EVICTED, 2L);
    assertThat(pool.info().bytes()).isEqualTo(4 * EACH);
  }

  @Test
  void aNewcomerThatPaysLessThanAllFindsNoRoomAndIsNotEvenChecked() {
    for (int i = 1; i <= 4; i++) {
      add(paying(2, i));
    }
    virtual.checked.clear();
    isFull(paying(1, 5));
    assertThat(virtual.checked).isEmpty();
    assertThat(pool.info().counts()).containsEntry(MempoolCount.FULL, 1L);
  }

  @Test
  void anEqualFeeRateMakesRoom() {
    for (int i = 1; i <= 4; i++) {
      add(paying(1, i));
    }
    assertThat(add(paying(1, 5))).hasSize(1);
  }

  @Test
  void aLargeNewcomerPushesOutSeveralOfLowerRateOrNone() {
    Transaction a = paying(1, 1);
    Transaction b = paying(2, 2);
    add(a);
    add(b);
    add(paying(30, 3));
    add(paying(30, 4));
    int payload = (int) EACH;
    isFull(new Txs.Draft(coin(5)).payload(payload).fee(3 * FEE).build());
    assertThat(add(new Txs.Draft(coin(5)).payload(payload).fee(9 * FEE).build()))
        .isEqualTo(ids(a, b));
  }

  @Test
  void withATransactionGoesWhatBuildsOnIt() {
    withRoomForLinks(2);
    Transaction parent = paying(1, 1);
    Transaction child = pay(50 * FEE, output(parent, 0));
    Transaction grandchild = pay(50 * FEE, output(child, 0));
    add(parent);
    add(child);
    add(grandchild);
    add(paying(3, 2));
    assertThat(add(paying(2, 3))).isEqualTo(ids(parent, child, grandchild));
  }

  @Test
  void nothingThatTheNewcomerBuildsOnGoes() {
    withRoomForLinks(1);
    Transaction parent = paying(1, 1);
    Transaction other = paying(2, 2);
    add(parent);
    add(other);
    add(paying(9, 3));
    add(paying(9, 4));
    assertThat(add(pay(3 * FEE, output(parent, 0)))).isEqualTo(ids(other));
  }

  @Test
  void whereOnlyWhatItBuildsOnCouldGoThereIsNoRoom() {
    withRoomForLinks(3);
    Transaction last = paying(1, 1);
    add(last);
    for (int i = 0; i < 3; i++) {
      last = spend(output(last, 0));
      add(last);
    }
    isFull(pay(9 * FEE, output(last, 0)));
  }

  @Test
  void whatWasSubmittedHereIsNotPushedOutButWithWhatItBuildsOn() {
    withRoomForLinks(1);
    Transaction mine = paying(1, 1);
    add(mine, Submission.local());
    Transaction parent = paying(2, 2);
    add(parent);
    Transaction child = paying(1, 3);
    add(child, Submission.local());
    Transaction mineToo = pay(FEE, output(parent, 0));
    add(mineToo, Submission.local());
    assertThat(add(paying(3, 5))).isEqualTo(ids(parent, mineToo));
    add(paying(3, 6));
    assertThat(add(paying(4, 7))).hasSize(1);
    assertThat(pool.ids()).contains(mine.id(), child.id());
    assertThat(pool.info().high()).isEqualTo(2);
  }

  @Test
  void aLargeFamilyGoesOnlyWhereSmallerOnesAreNotEnough() {
    int large = 502;
    pool =
        new TransactionPool(
            FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withMaxTransactions(large + 1));
    Transaction[] family = new Transaction[large];
    family[0] = new Txs.Draft(coin(1)).outputs(1).fee(FEE / 2).build();
    for (int i = 1; i < large; i++) {
      family[i] = new Txs.Draft(output(family[i - 1], 0)).outputs(1).build();
    }
    assertThat(Pools.submitAll(pool, List.of(family), PEER, virtual)).hasSize(large);
    Transaction small = paying(1, 2);
    add(small);
    assertThat(add(paying(2, 3), Submission.local()))
        .as("the family pays less")
        .isEqualTo(ids(small));
    assertThat(add(paying(2, 4))).isEqualTo(ids(family));
  }

  @Test
  void inTwoGibibytesOfHeapAHundredThousandSmallTransactionsHaveRoom() {
    MempoolOptions options = MempoolOptions.ofHeap(2L << 30);
    assertThat(options.maxBytes()).isGreaterThan(100_000 * (EACH + LINK));
    assertThat(options.maxTransactions()).isGreaterThanOrEqualTo(100_000);
    assertThat(MempoolOptions.ofHeap(1 << 20).maxBytes()).isEqualTo(64 << 20);
    assertThat(MempoolOptions.ofHeap(1L << 40).maxBytes()).isEqualTo(1_000_000_000);
  }

  @Test
  void aTransactionLargerThanThePoolHasNoRoomAndPushesNothingOut() {
    add(paying(1, 1));
    isFull(new Txs.Draft(coin(2)).payload((int) (4 * EACH)).fee(1000 * FEE).build());
  }

  @Test
  void theNumberOfTransactionsIsBoundedToo() {
    TransactionPool three =
        new TransactionPool(
            FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withMaxTransactions(3));
    for (int i = 1; i <= 5; i++) {
      three.submit(paying(i, i), PEER, virtual);
    }
    assertThat(three.ids())
        .containsExactlyInAnyOrderElementsOf(ids(paying(3, 3), paying(4, 4), paying(5, 5)));
  }

  @Test
  void aReplacementNeedsOnlyTheRoomThatIsLacking() {
    Transaction first = paying(2, 1);
    add(first);
    for (int i = 2; i <= 4; i++) {
      add(paying(1, i));
    }
    Transaction replacement = paying(3, 1);
    assertThat(pool.submit(replacement, PEER, virtual))
        .isEqualTo(new Accepted(replacement.id(), ids(first), List.of(), List.of()));
  }

  @Test
  void othersMayLookInWhileTheOwnerWorks() throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> wrong = new AtomicReference<>("");
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    MempoolInfo info = pool.info();
                    if (info.bytes() != info.transactions() * EACH || info.transactions() > 4) {
                      wrong.set(info.toString());
                    }
                  }
                });
    for (int i = 0; i < 3000; i++) {
      add(paying(1, i));
    }
    done.set(true);
    reader.join();
    assertThat(wrong.get()).isEmpty();
    assertThat(pool.info().transactions()).isEqualTo(4);
    assertThat(pool.info().counts())
        .containsEntry(MempoolCount.ACCEPTED, 3000L)
        .containsEntry(MempoolCount.EVICTED, 2996L);
  }

  @Test
  void everyBoundIsAtLeastOneAndAShareAtMostTheWhole() {
    Duration minute = Duration.ofMinutes(1);
    assertThatThrownBy(() -> MempoolOptions.ofBytes(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MempoolOptions.ofBytes(1).withMaxTransactions(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MempoolOptions.ofBytes(1).withMinimumRelayFee(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OrphanOptions(0, 1, 1, 1, minute))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OrphanOptions(1, 1, 2, 1, minute))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OrphanOptions(1, 1, 1, 2, minute))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
