package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final TemplateLimits LIMITS = TemplateLimits.of(FakeVirtual.PARAMS);

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(
          FakeVirtual.PARAMS, MempoolOptions.ofBytes(64 << 20), new SplittableRandom(1));

  private Transaction add(Transaction transaction) {
    assertThat(pool.submit(transaction, Submission.relayed("peer"), virtual))
        .isInstanceOf(Accepted.class);
    return transaction;
  }

  private static Set<Hash> ids(Selection selection) {
    Set<Hash> ids = new HashSet<>();
    selection.transactions().forEach(tx -> assertThat(ids.add(tx.id())).isTrue());
    return ids;
  }

  private static TemplateLimits limits(long compute, int lanes, long gas) {
    return new TemplateLimits(compute, 1_000_000, 500_000, lanes, gas);
  }

  @Test
  void anEmptyPoolMakesAnEmptyBlock() {
    Selection selection = pool.select(LIMITS);
    assertThat(selection.transactions()).isEmpty();
    assertThat(selection.fees()).isZero();
  }

  @Test
  void whatFitsIsAllTakenButWhatBuildsOnOthers() {
    Transaction parent = add(spend(coin(1)));
    add(spend(output(parent, 0)));
    Transaction other = add(pay(3 * FEE, coin(2)));
    Selection selection = pool.select(LIMITS);
    assertThat(ids(selection)).containsExactlyInAnyOrder(parent.id(), other.id());
    assertThat(selection.fees()).isEqualTo(4 * FEE);
    assertThat(selection.compute()).isEqualTo(2 * 2036);
    assertThat(selection.transientStorage()).isEqualTo(2 * 1264);
    assertThat(selection.storage()).isEqualTo(2 * 300);
    assertThat(selection.transactions()).allMatch(tx -> tx.storageMass() == 300);
  }

  @Test
  void thePoolKeepsWhatWasSelected() {
    add(spend(coin(1)));
    assertThat(ids(pool.select(LIMITS))).isEqualTo(ids(pool.select(LIMITS)));
    assertThat(pool.info().transactions()).isEqualTo(1);
  }

  @Test
  void eachOfTheThreeMassesHasItsOwnLimit() {
    for (int i = 1; i <= 10; i++) {
      add(spend(coin(i)));
    }
    assertThat(pool.select(new TemplateLimits(3 * 2036, 1 << 20, 1 << 20, 9, 0)).transactions())
        .hasSize(3);
    assertThat(pool.select(new TemplateLimits(1 << 20, 4 * 1264, 1 << 20, 9, 0)).transactions())
        .hasSize(4);
    assertThat(pool.select(new TemplateLimits(1 << 20, 1 << 20, 5 * 300, 9, 0)).transactions())
        .hasSize(5);
  }

  @Test
  void massesOfDifferentKindsFillABlockSideBySide() {
    // 300,000 grams of storage mass, and some of compute mass.
    add(new Txs.Draft(coin(1)).outputs(1).fee(Txs.COIN - 3_333_000).build());
    for (int i = 2; i <= 3; i++) {
      add(new Txs.Draft(coin(i)).commit(230).fee(30_000_000).build());
    }
    assertThat(pool.select(LIMITS).transactions()).hasSize(3);
  }

  @Test
  void smallOnesFillTheGapThatLargeOnesLeave() {
    for (int i = 1; i <= 5; i++) {
      add(new Txs.Draft(coin(i)).commit(200).fee(1_000_000_000).build());
    }
    for (int i = 6; i <= 25; i++) {
      add(spend(coin(i)));
    }
    assertThat(pool.select(limits(201_036 + 20 * 2036, 50, 0)).transactions()).hasSize(21);
  }

  @Test
  void lanesAreBoundedAndOnlyTheirsAreTakenOnceTheyAreThere() {
    for (int i = 1; i <= 60; i++) {
      add(new Txs.Draft(coin(i)).lane(i % 6 + 1, 10).commit(10).build());
    }
    Selection selection = pool.select(limits(500_000, 4, 1000));
    assertThat(selection.transactions()).hasSize(40);
    assertThat(selection.transactions().stream().map(Transaction::subnetworkId).distinct())
        .hasSize(4);
  }

  @Test
  void theNativeLaneCountsAsOne() {
    add(spend(coin(1)));
    add(new Txs.Draft(coin(2)).lane(1, 0).commit(10).build());
    assertThat(pool.select(limits(500_000, 1, 0)).transactions()).hasSize(1);
    assertThat(pool.select(limits(500_000, 2, 0)).transactions()).hasSize(2);
  }

  @Test
  void gasIsBoundedInEachLane() {
    for (int i = 1; i <= 10; i++) {
      add(new Txs.Draft(coin(i)).lane(1, 30).commit(10).build());
      add(new Txs.Draft(coin(20 + i)).lane(2, 40).commit(10).build());
    }
    Selection selection = pool.select(limits(500_000, 50, 100));
    assertThat(selection.transactions()).hasSize(5);
    assertThat(selection.transactions().stream().filter(tx -> tx.gas() == 30)).hasSize(3);
  }

  @Test
  void aLaneFullOfDearTransactionsThatDoNotFitDoesNotKeepOthersOut() {
    for (int i = 1; i <= 500; i++) {
      add(new Txs.Draft(coin(i)).lane(1, 1_000_000_000).commit(10).fee(1000 * FEE).build());
    }
    for (int i = 501; i <= 600; i++) {
      add(spend(coin(i)));
    }
    assertThat(pool.select(LIMITS).transactions()).hasSize(101);
  }

  /** A pool that counts how often it asks for a random number. */
  private static TransactionPool counting(AtomicInteger draws) {
    SplittableRandom random = new SplittableRandom(1);
    RandomGenerator counted =
        () -> {
          draws.incrementAndGet();
          return random.nextLong();
        };
    return new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(64 << 20), counted);
  }

  @Test
  void aLaneWhoseGasIsUsedUpIsNotDrawnToTheEnd() {
    AtomicInteger draws = new AtomicInteger();
    TransactionPool counted = counting(draws);
    for (int i = 1; i <= 2000; i++) {
      Txs.Draft draft = new Txs.Draft(coin(i)).lane(1, 1_000_000_000).commit(10);
      counted.submit(draft.build(), Submission.relayed("a"), virtual);
    }
    draws.set(0);
    assertThat(counted.select(LIMITS).transactions()).hasSize(1);
    // A lane and a transaction for each: one that was taken, eight that did not fit.
    assertThat(draws.get()).isLessThanOrEqualTo(20);
  }

  @Test
  void drawingEndsWhereNothingFitsAnyMore() {
    AtomicInteger draws = new AtomicInteger();
    TransactionPool counted = counting(draws);
    for (int i = 1; i <= 2000; i++) {
      counted.submit(spend(coin(i)), Submission.relayed("a"), virtual);
    }
    draws.set(0);
    assertThat(counted.select(limits(2036 * 3 + 2035, 50, 0)).transactions()).hasSize(3);
    assertThat(draws.get()).isLessThanOrEqualTo(2 * (3 + 32));
  }

  @Test
  void whatPaysNothingIsTakenWhereThereIsRoom() {
    TransactionPool liberal =
        new TransactionPool(
            FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withAcceptNonStandard(true));
    for (int i = 1; i <= 3; i++) {
      liberal.submit(pay(i == 2 ? FEE : 0, coin(i)), Submission.relayed("a"), virtual);
    }
    assertThat(liberal.select(LIMITS).transactions()).hasSize(3);
    Selection one = liberal.select(limits(2036, 50, 0));
    assertThat(one.fees()).isEqualTo(FEE);
  }

  @Test
  void ofTwoTheChanceIsAsTheThirdPowerOfTheFeeRate() {
    Transaction low = add(spend(coin(1)));
    Transaction high = add(pay(2 * FEE, coin(2)));
    int lowTaken = 0;
    int tries = 20_000;
    for (int i = 0; i < tries; i++) {
      Set<Hash> ids = ids(pool.select(limits(2036, 50, 0)));
      assertThat(ids).isSubsetOf(low.id(), high.id()).hasSize(1);
      lowTaken += ids.contains(low.id()) ? 1 : 0;
    }
    // One ninth; five standard deviations are 1.1 %.
    assertThat((double) lowTaken / tries).isBetween(0.100, 0.122);
  }

  @Test
  void theSameSourceOfRandomNumbersGivesTheSameBlocks() {
    TransactionPool twin =
        new TransactionPool(
            FakeVirtual.PARAMS, MempoolOptions.ofBytes(64 << 20), new SplittableRandom(1));
    for (int i = 1; i <= 50; i++) {
      Transaction tx = add(pay(FEE + i * 10_000, coin(i)));
      twin.submit(tx, Submission.relayed("peer"), virtual);
    }
    TemplateLimits ten = limits(10 * 2036, 50, 0);
    assertThat(pool.select(ten).transactions()).isEqualTo(twin.select(ten).transactions());
  }
}
