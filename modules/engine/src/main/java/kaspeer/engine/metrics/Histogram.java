package kaspeer.engine.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts observations by size. Safe from any thread. */
public final class Histogram {
  private final double[] bounds;
  private final LongAdder[] buckets;
  private final DoubleAdder sum = new DoubleAdder();

  Histogram(List<Double> bounds) {
    this.bounds = bounds.stream().mapToDouble(Double::doubleValue).toArray();
    this.buckets = new LongAdder[this.bounds.length + 1];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /** Counts one observation, in the unit the metric's name says. */
  public void observe(double value) {
    int i = 0;
    while (i < bounds.length && value > bounds[i]) {
      i++;
    }
    buckets[i].increment();
    sum.add(value);
  }

  double sum() {
    return sum.sum();
  }

  /** Cumulative counts; the last one is of everything. */
  List<Long> counts() {
    List<Long> counts = new ArrayList<>(buckets.length);
    long all = 0;
    for (LongAdder bucket : buckets) {
      all += bucket.sum();
      counts.add(all);
    }
    return counts;
  }
}
