package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.block;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.ids;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Known;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

class BlocksAndTimeTest {
  /** At ten blocks a second. */
  private static final long DAY = 864_000;

  private static final long TWO_MINUTES = 1200;

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  private void add(Transaction transaction) {
    add(transaction, Submission.relayed("peer"));
  }

  private void add(Transaction transaction, Submission how) {
    assertThat(pool.submit(transaction, how, virtual)).isInstanceOf(Accepted.class);
  }

  private BlockEffect onBlock(Transaction... transactions) {
    return Pools.onBlock(pool, block(transactions), virtual.daaScore, virtual);
  }

  private static BlockEffect effect(List<Hash> included, List<Hash> conflicting) {
    return new BlockEffect(included, conflicting, List.of(), List.of());
  }

  @Test
  void whatWasAcceptedGoesAndWhatBuildsOnItStaysAndIsReady() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    add(parent);
    add(child);
    Transaction other = spend(coin(5));
    virtual.accept(parent, other);
    assertThat(onBlock(parent, other)).isEqualTo(effect(ids(parent), List.of()));
    assertThat(pool.ids()).containsExactly(child.id());
    assertThat(pool.info().ready()).isEqualTo(1);
    assertThat(pool.info().bytes()).isEqualTo(Entry.estimatedBytes(child, 1));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.INCLUDED, 1L);
  }

  @Test
  void whatSpendsTheSameAsWhatWasAcceptedGoesWithAllThatBuildsOnIt() {
    Transaction rival = spend(coin(1), coin(2));
    Transaction child = spend(output(rival, 0));
    Transaction bystander = spend(coin(3));
    add(rival);
    add(child, Submission.local());
    add(bystander);
    Transaction accepted = spend(coin(2));
    virtual.accept(accepted);
    assertThat(onBlock(accepted)).isEqualTo(effect(List.of(), ids(rival, child)));
    assertThat(pool.ids()).containsExactly(bystander.id());
    add(spend(coin(1)));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.CONFLICTING, 2L);
  }

  @Test
  void aChildThatWasAcceptedWithItsParentIsNoConflict() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    add(parent);
    add(child);
    virtual.accept(parent, child);
    assertThat(onBlock(parent)).isEqualTo(effect(ids(parent, child), List.of()));
    assertThat(onBlock(child)).isEqualTo(effect(List.of(), List.of()));
    assertThat(pool.isKnown(child.id())).isTrue();
  }

  @Test
  void aBlockWhoseTransactionsVirtualDoesNotAcceptHasNoEffect() {
    Transaction mine = spend(coin(1));
    Transaction child = spend(output(mine, 0));
    add(mine);
    add(child);
    Transaction worthlessCopy =
        new Txs.Draft(coin(1)).signatureScript(new byte[] {1, 2, 3}).build();
    assertThat(worthlessCopy.id()).isEqualTo(mine.id());
    Transaction worthlessRival = pay(FEE * 9, coin(1));
    assertThat(onBlock(worthlessCopy, worthlessRival, child))
        .isEqualTo(effect(List.of(), List.of()));
    assertThat(pool.ids()).containsExactlyInAnyOrder(mine.id(), child.id());
    assertThat(pool.isKnown(worthlessRival.id())).isFalse();
  }

  @Test
  void aCoinbaseHasNoEffect() {
    assertThat(onBlock()).isEqualTo(effect(List.of(), List.of()));
    assertThat(pool.isKnown(Txs.coinbase().id())).isFalse();
  }

  @Test
  void whatWasAcceptedIsKnownForTwoMinutes() {
    Transaction tx = spend(coin(1));
    virtual.daaScore = 5000;
    virtual.accept(tx);
    onBlock(tx);
    virtual.daaScore = 5001;
    assertThat(pool.submit(tx, Submission.relayed("a"), virtual))
        .isEqualTo(new Known(tx.id(), true));
    assertThat(pool.missingOf(List.of(tx.id()))).isEmpty();
    assertThat(pool.info().accepted()).isEqualTo(1);
    pool.expire(5000 + TWO_MINUTES);
    assertThat(pool.isKnown(tx.id())).isTrue();
    pool.expire(5001 + TWO_MINUTES);
    assertThat(pool.isKnown(tx.id())).isFalse();
  }

  @Test
  void acceptedIdsAreBoundedInBytes() {
    AcceptedIds accepted = new AcceptedIds(3 * AcceptedIds.BYTES_EACH, 100);
    for (int i = 1; i <= 5; i++) {
      accepted.add(spend(coin(i)).id(), i, false);
      accepted.add(spend(coin(i)).id(), i, true);
    }
    assertThat(accepted.size()).isEqualTo(3);
    assertThat(accepted.contains(spend(coin(2)).id())).isFalse();
    assertThat(accepted.contains(spend(coin(3)).id())).isTrue();
    assertThat(accepted.isHigh(spend(coin(3)).id())).isFalse();
  }

  @Test
  void anAcceptedIdThatIsForgottenAndComesAgainIsRememberedAnew() {
    AcceptedIds accepted = new AcceptedIds(1000, 100);
    Hash id = spend(coin(1)).id();
    accepted.add(id, 1, false);
    accepted.remove(id);
    accepted.add(id, 50, true);
    accepted.expire(120);
    assertThat(accepted.contains(id)).isTrue();
    assertThat(accepted.isHigh(id)).isTrue();
    accepted.expire(151);
    assertThat(accepted.contains(id)).isFalse();
  }

  @Test
  void aTransactionGoesAfterADayWithAllThatBuildsOnIt() {
    Transaction old = spend(coin(1));
    Transaction child = spend(output(old, 0));
    Transaction young = spend(coin(2));
    virtual.daaScore = 100;
    add(old);
    virtual.daaScore = 101;
    add(young);
    virtual.daaScore = 500;
    add(child);
    assertThat(pool.expire(100 + DAY)).isEmpty();
    assertThat(pool.expire(101 + DAY)).containsExactly(old.id(), child.id());
    assertThat(pool.ids()).containsExactly(young.id());
    assertThat(pool.info().counts()).containsEntry(MempoolCount.EXPIRED, 2L);
    add(spend(coin(1)));
  }

  @Test
  void whatWasSubmittedHereStaysForever() {
    Transaction mine = spend(coin(1));
    Transaction other = spend(coin(2));
    add(mine, Submission.local());
    add(other);
    assertThat(pool.expire(1001 + DAY)).containsExactly(other.id());
    assertThat(pool.ids()).containsExactly(mine.id());
  }

  @Test
  void aScoreThatFellBackExpiresNothing() {
    add(spend(coin(1)));
    assertThat(pool.expire(10)).isEmpty();
  }

  @Test
  void timesFollowTheBlockRate() {
    MempoolOptions options = MempoolOptions.ofBytes(1 << 20);
    assertThat(options.expiry()).isEqualTo(Duration.ofMillis(DAY * 100));
    assertThat(options.acceptedMemory()).isEqualTo(Duration.ofMillis(TWO_MINUTES * 100));
    assertThat(FakeVirtual.PARAMS.targetTimePerBlock()).isEqualTo(100);
  }
}
