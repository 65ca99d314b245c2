package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import kaspeer.mempool.FeeEstimate.Bucket;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class FeeEstimateTest {
  /** Fee rates do not rise and times do not fall; all are finite. */
  private static void isCurve(FeeEstimate estimate, double minimum) {
    List<Bucket> buckets = estimate.buckets();
    assertThat(buckets).hasSize(4);
    for (int i = 0; i < buckets.size(); i++) {
      Bucket bucket = buckets.get(i);
      assertThat(bucket.feeRate()).isFinite().isGreaterThanOrEqualTo(minimum);
      assertThat(bucket.seconds()).isFinite().isNotNegative();
      if (i > 0) {
        Bucket dearer = buckets.get(i - 1);
        assertThat(bucket.feeRate()).isLessThanOrEqualTo(dearer.feeRate() * (1 + 1e-9));
        assertThat(bucket.seconds()).isGreaterThanOrEqualTo(dearer.seconds() * (1 - 1e-9));
      }
    }
  }

  @Property(tries = 300)
  void cheaperIsNeverFaster(
      @ForAll @DoubleRange(max = 1e12) double weight,
      @ForAll @DoubleRange(max = 0.09) double interval,
      @ForAll @DoubleRange(min = 0.01, max = 1000) double minimum) {
    isCurve(new FeeEstimator(weight, interval, 0.1).estimate(minimum), minimum);
  }

  @Example
  void whereNothingWaitsTheMinimumIsEnough() {
    TransactionPool pool = new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));
    FeeEstimate estimate = pool.estimateFees();
    assertThat(estimate.buckets())
        .allSatisfy(
            bucket -> {
              assertThat(bucket.feeRate()).isEqualTo(100);
              assertThat(bucket.seconds()).isLessThan(0.001);
            });
  }

  @Example
  void theFirstBucketIsForTheNextBlockAndTheOthersForAMinuteAndAnHour() {
    // A weight at which the wait, not the minimum, decides.
    FeeEstimate estimate = new FeeEstimator(1e12, 0.0004, 0.1).estimate(1);
    assertThat(estimate.priority().seconds()).isCloseTo(0.1, within(1e-9));
    assertThat(estimate.normal().getFirst().seconds()).isLessThanOrEqualTo(60 + 1e-9);
    assertThat(estimate.low().getFirst().seconds()).isLessThanOrEqualTo(3600 + 1e-6);
    // c W / f^3 + c = 0.1
    assertThat(estimate.priority().feeRate())
        .isCloseTo(Math.cbrt(0.0004 * 1e12 / (0.1 - 0.0004)), within(1e-6));
  }

  @Example
  void aFullPoolAsksForMore() {
    FakeVirtual virtual = new FakeVirtual();
    TransactionPool pool =
        new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(16 << 20));
    for (int i = 0; i < 3000; i++) {
      pool.submit(pay(FEE, coin(i)), Submission.relayed("a"), virtual);
    }
    FeeEstimate estimate = pool.estimateFees();
    isCurve(estimate, 100);
    // Twelve blocks of the same fee rate wait: paying that rate is enough for a second or so.
    assertThat(estimate.priority().feeRate()).isGreaterThan(491);
    assertThat(estimate.priority().feeRate()).isLessThan(5 * 491);
  }

  @Example
  void oneThatPaysEnormouslyDoesNotSpoilTheEstimate() {
    FakeVirtual virtual = new FakeVirtual();
    TransactionPool pool =
        new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(16 << 20));
    for (int i = 0; i < 1000; i++) {
      pool.submit(pay(FEE, coin(i)), Submission.relayed("a"), virtual);
    }
    double before = pool.estimateFees().priority().feeRate();
    pool.submit(pay(50_00000000L, coin(5000)), Submission.relayed("a"), virtual);
    assertThat(pool.estimateFees().priority().feeRate()).isLessThan(before * 1.01);
  }

  @Example
  void whereFeesMayBeNothingTheEstimateIsFinite() {
    isCurve(new FeeEstimator(1000, 0.001, 0.1).estimate(0), 0);
    isCurve(new FeeEstimator(0, 0.001, 0.1).estimate(0), 0);
    isCurve(new FeeEstimator(1000, 0, 0.1).estimate(0), 0);
  }
}
