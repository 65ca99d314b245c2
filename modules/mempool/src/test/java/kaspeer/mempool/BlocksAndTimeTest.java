package kaspeer.mempool;

import static kaspeer.mempool.Txs.block;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Known;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

class BlocksAndTimeTest {
  /** At ten blocks a second. */
  private static final long DAY = 864_000;

  private static final long TWO_MINUTES = 1200;

  private final Mempool pool =
      new Mempool(Params.of(Network.SIMNET), MempoolOptions.ofBytes(1 << 20));

  private void add(Transaction transaction, String source, long daaScore) {
    assertThat(pool.submit(transaction, source, new VirtualTime(daaScore, 0)))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void whatABlockHoldsGoesAndWhatBuildsOnItStays() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    add(parent, "a", 1);
    add(child, "a", 1);
    BlockEffect effect = pool.onBlock(block(parent, spend(coin(5))), 2);
    assertThat(effect).isEqualTo(new BlockEffect(List.of(parent.id()), List.of()));
    assertThat(pool.ids()).containsExactly(child.id());
    assertThat(pool.info().bytes()).isEqualTo(Entry.estimatedBytes(child));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.INCLUDED, 1L);
  }

  @Test
  void whatSpendsTheSameAsABlockGoesWithAllThatBuildsOnIt() {
    Transaction rival = spend(coin(1), coin(2));
    Transaction child = spend(output(rival, 0));
    Transaction bystander = spend(coin(3));
    add(rival, "a", 1);
    add(child, Mempool.LOCAL, 1);
    add(bystander, "a", 1);
    BlockEffect effect = pool.onBlock(block(spend(coin(2))), 2);
    assertThat(effect).isEqualTo(new BlockEffect(List.of(), List.of(rival.id(), child.id())));
    assertThat(pool.ids()).containsExactly(bystander.id());
    add(spend(coin(1)), "a", 3);
    assertThat(pool.info().counts()).containsEntry(MempoolCount.CONFLICTING, 2L);
  }

  @Test
  void aCoinbaseHasNoEffect() {
    assertThat(pool.onBlock(block(), 2)).isEqualTo(new BlockEffect(List.of(), List.of()));
    assertThat(pool.isKnown(Txs.coinbase().id())).isFalse();
  }

  @Test
  void whatWasInABlockIsKnownForTwoMinutes() {
    Transaction tx = spend(coin(1));
    pool.onBlock(block(tx), 5000);
    assertThat(pool.submit(tx, "a", new VirtualTime(5001, 0))).isEqualTo(new Known(tx.id(), true));
    assertThat(pool.missingOf(List.of(tx.id()))).isEmpty();
    pool.expire(5000 + TWO_MINUTES);
    assertThat(pool.isKnown(tx.id())).isTrue();
    pool.expire(5001 + TWO_MINUTES);
    assertThat(pool.isKnown(tx.id())).isFalse();
  }

  @Test
  void idsOfBlocksAreBoundedInBytes() {
    AcceptedIds ids = new AcceptedIds(3 * AcceptedIds.BYTES_EACH, 100);
    for (int i = 1; i <= 5; i++) {
      ids.add(spend(coin(i)).id(), i);
      ids.add(spend(coin(i)).id(), i);
    }
    assertThat(ids.size()).isEqualTo(3);
    assertThat(ids.contains(spend(coin(2)).id())).isFalse();
    assertThat(ids.contains(spend(coin(3)).id())).isTrue();
  }

  @Test
  void aTransactionGoesAfterADayWithAllThatBuildsOnIt() {
    Transaction old = spend(coin(1));
    Transaction child = spend(output(old, 0));
    Transaction young = spend(coin(2));
    add(old, "a", 100);
    add(young, "a", 101);
    add(child, "a", 500);
    assertThat(pool.expire(100 + DAY)).isEmpty();
    assertThat(pool.expire(101 + DAY)).containsExactly(old.id(), child.id());
    assertThat(pool.ids()).containsExactly(young.id());
    assertThat(pool.info().counts()).containsEntry(MempoolCount.EXPIRED, 2L);
    add(spend(coin(1)), "a", 102 + DAY);
  }

  @Test
  void whatWasSubmittedHereStaysForever() {
    Transaction mine = spend(coin(1));
    Transaction other = spend(coin(2));
    add(mine, Mempool.LOCAL, 100);
    add(other, "a", 100);
    assertThat(pool.expire(101 + DAY)).containsExactly(other.id());
    assertThat(pool.ids()).containsExactly(mine.id());
  }

  @Test
  void aScoreThatFellBackExpiresNothing() {
    add(spend(coin(1)), "a", 1000);
    assertThat(pool.expire(10)).isEmpty();
  }

  @Test
  void timesFollowTheBlockRate() {
    MempoolOptions options = MempoolOptions.ofBytes(1 << 20);
    assertThat(options.expiry()).isEqualTo(Duration.ofMillis(DAY * 100));
    assertThat(options.acceptedMemory()).isEqualTo(Duration.ofMillis(TWO_MINUTES * 100));
    assertThat(Params.of(Network.SIMNET).targetTimePerBlock()).isEqualTo(100);
  }
}
