package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

class OrphansTest {
  /** Sixty seconds at ten blocks a second. */
  private static final long MINUTE = 600;

  private static final long DAY = 864_000;

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  private Admission submit(Transaction transaction) {
    return submit(transaction, "peer");
  }

  private Admission submit(Transaction transaction, String source) {
    return pool.submit(transaction, Submission.relayed(source), virtual);
  }

  private static Accepted accepted(Transaction transaction, Admission... redeemed) {
    return new Accepted(transaction.id(), List.of(), List.of(), List.of(redeemed));
  }

  private static Transaction orphan(int number) {
    return spend(output(spend(coin(number)), 0));
  }

  @Test
  void anOrphanWaitsApartAndIsKnown() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    assertThat(submit(child))
        .isEqualTo(new Orphaned(child.id(), List.of(output(parent, 0).outpoint())));
    assertThat(pool.isOrphan(child.id())).isTrue();
    assertThat(pool.isKnown(child.id())).isTrue();
    assertThat(pool.get(child.id())).isNull();
    assertThat(pool.info().transactions()).isZero();
    assertThat(pool.info().orphans()).isEqualTo(1);
    assertThat(pool.info().orphanBytes()).isEqualTo(Orphans.estimatedBytes(child, 1));
    assertThat(submit(child)).isEqualTo(new Known(child.id(), false));
  }

  @Test
  void anOrphanIsRedeemedWhenItsParentComes() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child);
    assertThat(submit(parent)).isEqualTo(accepted(parent, accepted(child)));
    assertThat(pool.ids()).containsExactlyInAnyOrder(parent.id(), child.id());
    assertThat(pool.info().orphans()).isZero();
    assertThat(pool.info().orphanBytes()).isZero();
    assertThat(pool.info().counts())
        .containsEntry(MempoolCount.REDEEMED, 1L)
        .containsEntry(MempoolCount.ACCEPTED, 2L);
  }

  @Test
  void anOrphanOfSeveralParentsWaitsForAll() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction child = spend(output(first, 0), output(second, 1), coin(3));
    submit(child);
    assertThat(submit(first)).isEqualTo(accepted(first));
    assertThat(submit(second)).isEqualTo(accepted(second, accepted(child)));
  }

  @Test
  void aWholeFamilyIsRedeemedAtOnceParentsFirst() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    Transaction other = spend(output(parent, 1));
    Transaction grandchild = spend(output(child, 0), output(other, 0));
    for (Transaction tx : List.of(grandchild, other, child)) {
      assertThat(submit(tx)).isInstanceOf(Orphaned.class);
    }
    assertThat(submit(parent))
        .isEqualTo(accepted(parent, accepted(child), accepted(other), accepted(grandchild)));
  }

  @Test
  void anOrphanThatTurnsOutBadIsReportedAndGone() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child);
    virtual.breaks(child.id(), Rule.SIGNATURE_INVALID);
    assertThat(submit(parent))
        .isEqualTo(
            accepted(parent, new Invalid(child.id(), Rule.SIGNATURE_INVALID, "as the test says")));
    assertThat(pool.isKnown(child.id())).isFalse();
  }

  @Test
  void aParentThatWentAgainIsWaitedForAgain() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction child = spend(output(first, 0), output(second, 0));
    submit(child);
    submit(first);
    Transaction rival = pay(FEE * 2, coin(1));
    submit(rival);
    assertThat(submit(second)).isEqualTo(accepted(second));
    assertThat(pool.isOrphan(child.id())).isTrue();
    assertThat(submit(pay(FEE * 3, coin(1)))).isInstanceOf(Accepted.class);
    assertThat(pool.isOrphan(child.id())).isTrue();
  }

  private static DoubleSpend rivalOf(Transaction waiting, Transaction refused, Txs.Money spent) {
    return new DoubleSpend(
        refused.id(), Policy.ORPHAN_DOUBLE_SPEND, waiting.id(), spent.outpoint());
  }

  @Test
  void ofTwoThatWaitForTheSameTheSecondIsRefused() {
    Transaction parent = spend(coin(1));
    Transaction first = spend(output(parent, 0));
    Transaction second = pay(FEE * 2, output(parent, 1), output(parent, 0));
    submit(first);
    assertThat(submit(second)).isEqualTo(rivalOf(first, second, output(parent, 0)));
    assertThat(pool.isKnown(second.id())).isFalse();
    assertThat(pool.info().orphans()).isEqualTo(1);
    assertThat(pool.info().counts()).containsEntry(MempoolCount.DOUBLE_SPEND, 1L);
    assertThat(submit(first)).isEqualTo(new Known(first.id(), false));
    assertThat(submit(parent)).isEqualTo(accepted(parent, accepted(first)));
  }

  @Test
  void ofTwoInOneBatchTheSecondIsRefused() {
    Transaction parent = spend(coin(1));
    Transaction first = spend(output(parent, 0));
    Transaction second = pay(FEE * 2, output(parent, 0));
    assertThat(
            Pools.submitAll(pool, List.of(first, second), Submission.relayed("peer"), virtual)
                .getLast())
        .isEqualTo(rivalOf(first, second, output(parent, 0)));
  }

  @Test
  void anOutputThatIsThereCountsTooThoughTheyWaitForDifferentOnes() {
    Transaction first = spend(coin(3), output(spend(coin(1)), 0));
    Transaction second = spend(output(spend(coin(2)), 0), coin(3));
    submit(first);
    assertThat(submit(second)).isEqualTo(rivalOf(first, second, coin(3)));
  }

  @Test
  void itCountsForAsLongAsTheOrphanWaits() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction child = spend(output(first, 0), output(second, 0));
    Transaction rival = pay(FEE * 2, output(first, 0), output(spend(coin(3)), 0));
    submit(child);
    submit(first);
    assertThat(submit(rival)).isEqualTo(rivalOf(child, rival, output(first, 0)));
    pool.expire(1001 + MINUTE);
    assertThat(submit(rival)).isInstanceOf(Orphaned.class);
    assertThat(submit(child)).isEqualTo(rivalOf(rival, child, output(first, 0)));
  }

  @Test
  void aRivalPushesOutNoOrphanToMakeRoomForItself() {
    OrphanOptions one = new OrphanOptions(1, 1 << 20, 1, 1 << 20, Duration.ofMinutes(1));
    TransactionPool narrow =
        new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withOrphans(one));
    Transaction first = orphan(1);
    Transaction second = pay(FEE * 2, output(spend(coin(1)), 0));
    narrow.submit(first, Submission.relayed("a"), virtual);
    assertThat(narrow.submit(second, Submission.relayed("b"), virtual))
        .isInstanceOf(DoubleSpend.class);
    assertThat(narrow.isOrphan(first.id())).isTrue();
    assertThat(narrow.info().counts()).containsEntry(MempoolCount.ORPHANS_EVICTED, 0L);
  }

  @Test
  void anOrphanKeepsNobodyOutOfThePoolAndWaitsOn() {
    Transaction parent = spend(coin(1));
    Transaction orphan = spend(coin(2), output(parent, 0));
    Transaction rival = pay(FEE * 2, coin(2));
    submit(orphan);
    assertThat(submit(rival)).isEqualTo(accepted(rival));
    assertThat(pool.isOrphan(orphan.id())).isTrue();
    assertThat(submit(parent))
        .isEqualTo(
            accepted(
                parent,
                new DoubleSpend(
                    orphan.id(),
                    Policy.REPLACEMENT_FEE_RATE_TOO_LOW,
                    rival.id(),
                    coin(2).outpoint())));
    assertThat(pool.isKnown(orphan.id())).isFalse();
  }

  @Test
  void anOrphanThatPaysMoreReplacesItsRivalOnceItsParentComes() {
    Transaction parent = spend(coin(1));
    Transaction orphan = pay(FEE * 3, coin(2), output(parent, 0));
    Transaction rival = spend(coin(2));
    submit(orphan);
    submit(rival);
    assertThat(submit(parent))
        .isEqualTo(
            accepted(parent, new Accepted(orphan.id(), List.of(rival.id()), List.of(), List.of())));
  }

  @Test
  void anOrphanSentAgainWhenItsParentIsThereIsTakenAndWaitsNoMore() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child);
    virtual.accept(parent);
    assertThat(submit(child)).isEqualTo(accepted(child));
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void anOrphanIsRedeemedByABlockThatHoldsItsParent() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child);
    virtual.accept(parent);
    BlockEffect effect = Pools.onBlock(pool, Txs.block(parent), 1000, virtual);
    assertThat(effect.redeemed()).containsExactly(accepted(child));
  }

  @Test
  void anOrphanIsRedeemedWhenAChainBlockAcceptsItsParent() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child);
    Transaction other = orphan(2);
    submit(other);
    assertThat(Pools.onBlock(pool, Txs.block(parent), 1000, virtual).redeemed()).isEmpty();
    assertThat(pool.isOrphan(child.id())).isTrue();
    virtual.accept(parent);
    assertThat(Pools.onChainChanged(pool, List.of(), List.of(parent.id()), virtual).redeemed())
        .containsExactly(accepted(child));
    assertThat(pool.isOrphan(other.id())).isTrue();
  }

  @Test
  void anOrphanThatABlockHoldsWaitsNoMore() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    submit(child);
    virtual.accept(parent, child);
    BlockEffect effect = Pools.onBlock(pool, Txs.block(parent), 1000, virtual);
    assertThat(effect.redeemed()).containsExactly(new Known(child.id(), true));
    assertThat(pool.isOrphan(child.id())).isFalse();
    Pools.onBlock(pool, Txs.block(child), 1000, virtual);
    assertThat(pool.isOrphan(child.id())).isFalse();
    assertThat(submit(child)).isEqualTo(new Known(child.id(), true));
  }

  @Test
  void formIsLookedAtBeforeAnOrphanMayWait() {
    Transaction odd = new Txs.Draft(output(spend(coin(1)), 0)).script(Txs.odd()).build();
    assertThat(submit(odd)).isInstanceOf(NonStandard.class);
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void orphansGoAfterAMinute() {
    Transaction first = orphan(1);
    submit(first);
    virtual.daaScore += 1;
    Transaction second = orphan(2);
    submit(second);
    pool.expire(1000 + MINUTE);
    assertThat(pool.info().orphans()).isEqualTo(2);
    assertThat(pool.expire(1001 + MINUTE)).isEmpty();
    assertThat(pool.isOrphan(first.id())).isFalse();
    assertThat(pool.isOrphan(second.id())).isTrue();
    assertThat(pool.info().counts()).containsEntry(MempoolCount.ORPHANS_EXPIRED, 1L);
  }

  @Test
  void anOrphanThatWaitsAgainIsNoYounger() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction child = spend(output(first, 0), output(second, 0));
    submit(child);
    submit(first);
    submit(pay(FEE * 2, coin(1)));
    virtual.daaScore += 500;
    submit(second);
    assertThat(pool.isOrphan(child.id())).isTrue();
    pool.expire(1001 + MINUTE);
    assertThat(pool.isOrphan(child.id())).isFalse();
  }

  @Test
  void orphansOfHighPriorityWaitForADay() {
    Transaction mine = orphan(1);
    Submission patient =
        new Submission(
            Submission.LOCAL, Submission.Priority.HIGH, Submission.Replacement.FORBIDDEN, true);
    pool.submit(mine, patient, virtual);
    pool.expire(1000 + DAY);
    assertThat(pool.isOrphan(mine.id())).isTrue();
    pool.expire(1001 + DAY);
    assertThat(pool.isOrphan(mine.id())).isFalse();
  }

  private static final long EACH = Orphans.estimatedBytes(orphan(1), 1);

  private static Orphans room(int count, int ofSource, int bytesOfEach) {
    return new Orphans(
        new OrphanOptions(
            count, bytesOfEach * EACH, ofSource, bytesOfEach * EACH, Duration.ofMinutes(1)),
        MINUTE,
        DAY);
  }

  private static List<Hash> add(Orphans orphans, Transaction transaction, String source) {
    Submission how =
        source.equals(Submission.LOCAL) ? Submission.local() : Submission.relayed(source);
    List<Hash> evicted =
        orphans.add(
            new Orphans.Orphan(
                transaction, how, List.of(transaction.inputs().getFirst().previous()), 0));
    return evicted == null ? List.of(Hash.ZERO) : evicted;
  }

  @Test
  void aSourceWhoseShareIsUsedUpPushesOutItsOwnOldest() {
    Orphans orphans = room(10, 2, 10);
    add(orphans, orphan(1), "a");
    add(orphans, orphan(2), "b");
    add(orphans, orphan(3), "a");
    assertThat(add(orphans, orphan(4), "a")).containsExactly(orphan(1).id());
    assertThat(add(orphans, orphan(5), "a")).containsExactly(orphan(3).id());
    assertThat(orphans.contains(orphan(2).id())).isTrue();
    assertThat(orphans.size()).isEqualTo(3);
    assertThat(orphans.bytes()).isEqualTo(3 * EACH);
  }

  @Test
  void whenAllIsFullTheOldestOfTheLargestSourceGo() {
    Orphans orphans = room(4, 3, 10);
    add(orphans, orphan(1), "b");
    add(orphans, orphan(2), "a");
    add(orphans, orphan(3), "a");
    add(orphans, orphan(4), "a");
    assertThat(add(orphans, orphan(5), "c")).containsExactly(orphan(2).id());
    assertThat(orphans.contains(orphan(1).id())).isTrue();
  }

  @Test
  void bytesCountAsNumbersDo() {
    Orphans orphans = room(100, 100, 3);
    for (int i = 1; i <= 3; i++) {
      assertThat(add(orphans, orphan(i), "a")).isEmpty();
    }
    assertThat(add(orphans, orphan(4), "b")).containsExactly(orphan(1).id());
    Transaction large = new Txs.Draft(output(spend(coin(9)), 0)).payload((int) (3 * EACH)).build();
    assertThat(add(orphans, large, "b")).containsExactly(Hash.ZERO);
    assertThat(orphans.size()).isEqualTo(3);
  }

  @Test
  void thoseOfHighPriorityArePushedOutByNone() {
    Orphans orphans = room(2, 2, 10);
    add(orphans, orphan(1), Submission.LOCAL);
    add(orphans, orphan(2), "a");
    assertThat(add(orphans, orphan(3), Submission.LOCAL)).containsExactly(orphan(2).id());
    assertThat(add(orphans, orphan(4), "a")).containsExactly(Hash.ZERO);
    assertThat(orphans.size()).isEqualTo(2);
  }
}
