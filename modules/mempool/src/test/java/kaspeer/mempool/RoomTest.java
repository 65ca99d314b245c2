package kaspeer.mempool;

import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Full;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** Room for six transactions, four of them from one source. */
class RoomTest {
  private static final VirtualTime NOW = new VirtualTime(1000, 0);
  private static final long EACH = Entry.estimatedBytes(spend(coin(1)));

  private final Mempool pool = pool(6 * EACH, 100, 4 * EACH);

  private static Mempool pool(long bytes, int count, long bytesPerSource) {
    MempoolOptions options =
        new MempoolOptions(
            bytes,
            count,
            bytesPerSource,
            1000,
            100,
            Duration.ofDays(1),
            Duration.ofMinutes(1),
            false);
    return new Mempool(Params.of(Network.SIMNET), options);
  }

  /** Submits spends of coins with these numbers. */
  private void fill(String source, int... coins) {
    for (int coin : coins) {
      assertThat(submit(spend(coin(coin)), source)).isEmpty();
    }
  }

  /** Returns what was evicted. */
  private List<Hash> submit(Transaction transaction, String source) {
    Admission admission = pool.submit(transaction, source, NOW);
    if (admission instanceof Accepted accepted) {
      return accepted.evicted();
    }
    throw new AssertionError(admission.toString());
  }

  private static List<Hash> ids(int... coins) {
    return java.util.Arrays.stream(coins).mapToObj(coin -> spend(coin(coin)).id()).toList();
  }

  @Test
  void aSourceThatHasUsedItsSharePushesOutItsOwnOldest() {
    fill("b", 1, 2);
    fill("a", 3, 4, 5, 6);
    assertThat(submit(spend(coin(7)), "a")).isEqualTo(ids(3));
    assertThat(submit(spend(coin(8)), "a")).isEqualTo(ids(4));
    assertThat(pool.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 2, 5, 6, 7, 8));
    assertThat(pool.info().bytes()).isEqualTo(6 * EACH);
    assertThat(pool.info().counts()).containsEntry(MempoolCount.EVICTED, 2L);
  }

  @Test
  void inAFullPoolTheOldestGo() {
    fill("a", 1, 2);
    fill("b", 3, 4);
    fill("c", 5, 6);
    assertThat(submit(spend(coin(7)), "d")).isEqualTo(ids(1));
    assertThat(submit(spend(coin(8)), "c")).isEqualTo(ids(2));
  }

  @Test
  void withATransactionGoesWhatBuildsOnIt() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    Transaction grandchild = spend(output(child, 0));
    submit(parent, "a");
    fill("b", 2);
    submit(child, "a");
    submit(grandchild, "c");
    fill("b", 3, 4);
    assertThat(submit(spend(coin(5)), "d"))
        .containsExactly(parent.id(), child.id(), grandchild.id());
    assertThat(pool.info().bytes()).isEqualTo(4 * EACH);
  }

  @Test
  void whatCameBeforeItsParentGoesWithItAllTheSame() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child, "a");
    submit(parent, "a");
    fill("b", 2, 3);
    fill("c", 4, 5);
    assertThat(submit(spend(coin(6)), "d")).containsExactly(child.id());
    assertThat(submit(spend(coin(7)), "d")).containsExactly(parent.id());
  }

  @Test
  void nothingThatTheNewcomerBuildsOnGoes() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(parent, "a");
    submit(child, "a");
    fill("b", 2, 3);
    fill("c", 4, 5);
    assertThat(submit(spend(output(child, 0)), "d")).isEqualTo(ids(2));
    assertThat(pool.get(parent.id())).isNotNull();
  }

  @Test
  void whereOnlyWhatItBuildsOnCouldGoThereIsNoRoom() {
    Transaction last = spend(coin(1));
    submit(last, "a");
    for (int i = 0; i < 3; i++) {
      last = spend(output(last, 0));
      submit(last, "a");
    }
    Transaction next = spend(output(last, 0));
    assertThat(pool.submit(next, "a", NOW)).isEqualTo(new Full(next.id()));
    assertThat(pool.info().transactions()).isEqualTo(4);
    assertThat(submit(next, "b")).isEmpty();
  }

  @Test
  void aTransactionLargerThanAShareHasNoRoomAndPushesNothingOut() {
    fill("a", 1);
    Transaction large = Txs.with((int) (4 * EACH), coin(2));
    assertThat(pool.submit(large, "a", NOW)).isEqualTo(new Full(large.id()));
    assertThat(pool.submit(large, "b", NOW)).isEqualTo(new Full(large.id()));
    assertThat(pool.ids()).isEqualTo(ids(1));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.FULL, 2L);
  }

  @Test
  void aLargeTransactionPushesOutSeveral() {
    fill("a", 1, 2, 3);
    fill("b", 4, 5, 6);
    assertThat(submit(Txs.with((int) EACH, coin(7)), "c")).isEqualTo(ids(1, 2));
  }

  @Test
  void whatWasSubmittedHereIsNotPushedOut() {
    fill(Mempool.LOCAL, 1, 2, 3, 4);
    fill("a", 5, 6);
    assertThat(submit(spend(coin(7)), "a")).isEqualTo(ids(5));
    Transaction fifth = spend(coin(8));
    assertThat(pool.submit(fifth, Mempool.LOCAL, NOW)).isEqualTo(new Full(fifth.id()));
    assertThat(pool.ids()).containsAll(ids(1, 2, 3, 4));
  }

  @Test
  void theNumberOfTransactionsIsBoundedToo() {
    Mempool three = pool(100 * EACH, 3, 100 * EACH);
    for (int i = 1; i <= 5; i++) {
      three.submit(spend(coin(i)), "a", NOW);
    }
    assertThat(three.ids()).containsExactlyInAnyOrderElementsOf(ids(3, 4, 5));
  }

  @Test
  void everyBoundIsAtLeastOneAndAShareAtMostTheWhole() {
    assertThatThrownBy(() -> pool(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool(10, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool(10, 1, 11)).isInstanceOf(IllegalArgumentException.class);
  }
}
