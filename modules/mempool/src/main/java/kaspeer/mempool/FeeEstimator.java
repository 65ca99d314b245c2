package kaspeer.mempool;

import java.util.List;
import kaspeer.mempool.FeeEstimate.Bucket;
import kaspeer.mempool.WeightedTree.Node;
import kaspeer.primitives.Params;

/**
 * How long a transaction waits, by its fee rate, if blocks are drawn by weight (consensus reference
 * 8): with an interval c between two transactions that get into a block, and a weight W of all that
 * wait, one of fee rate f waits for c W / f^3 + c.
 */
final class FeeEstimator {
  private static final double MINUTE = 60;
  private static final double HALF_AN_HOUR = 1800;
  private static final double HOUR = 3600;

  /** Keeps the curve finite where a fee may be 0. */
  private static final double LEAST_RATE = 1e-6;

  private final double weight;
  private final double interval;
  private final double blockSeconds;

  /**
   * @param weight of all transactions that wait
   * @param interval between two that get into a block, in seconds
   * @param blockSeconds between two blocks
   */
  FeeEstimator(double weight, double interval, double blockSeconds) {
    this.weight = weight;
    this.interval = interval;
    this.blockSeconds = blockSeconds;
  }

  /**
   * The estimator for these transactions. A few that pay enormously would spoil it: each is taken
   * out, with the room in a block that it takes, as long as that makes the wait at a fee rate of 1
   * shorter.
   */
  static FeeEstimator of(Frontier frontier, Params params) {
    double blockSeconds = params.targetTimePerBlock() / 1000.0;
    double room = params.maxComputeMass();
    double mass = Math.min(frontier.averageMass(), room / 2);
    WeightedTree<Entry> all = frontier.all();
    FeeEstimator best = new FeeEstimator(all.total(), mass / room * blockSeconds, blockSeconds);
    Node<Entry> top = all.last();
    while (top != null) {
      room -= top.item.price.mass();
      if (room <= mass) {
        break;
      }
      top = all.previous(top);
      double rest = top == null ? 0 : all.weightThrough(top);
      FeeEstimator without = new FeeEstimator(rest, mass / room * blockSeconds, blockSeconds);
      if (without.secondsAt(1) >= best.secondsAt(1)) {
        break;
      }
      best = without;
    }
    return best;
  }

  /**
   * @param minimumRate the least fee rate that is relayed, in sompi for a gram
   */
  FeeEstimate estimate(double minimumRate) {
    double least = Math.max(minimumRate, LEAST_RATE);
    double high = Math.max(rateFor(blockSeconds), least);
    double low = Math.max(rateFor(HOUR), quantile(least, high, 0.25));
    double normal = Math.max(rateFor(MINUTE), quantile(low, high, 0.66));
    double middle = Math.max(rateFor(HALF_AN_HOUR), quantile(least, high, 0.5));
    return new FeeEstimate(
        bucket(high), List.of(bucket(normal), bucket(middle)), List.of(bucket(low)));
  }

  private Bucket bucket(double rate) {
    return new Bucket(rate, secondsAt(rate));
  }

  private double secondsAt(double rate) {
    return interval * weight / (rate * rate * rate) + interval;
  }

  /**
   * @param seconds more than the interval
   */
  private double rateFor(double seconds) {
    return Math.cbrt(interval * weight / seconds / (1 - interval / seconds));
  }

  /** Where this fraction of the waiting of all fee rates from one to another lies below. */
  private double quantile(double from, double to, double fraction) {
    if (from >= to || interval == 0 || weight == 0) {
      return from;
    }
    double area = fraction * areaTo(to) + (1 - fraction) * areaTo(from);
    return Math.sqrt(interval * weight / (-2 * area));
  }

  /** The integral of the wait over the fee rate, without what does not depend on it. */
  private double areaTo(double rate) {
    return interval * weight / (-2 * rate * rate);
  }
}
