package kaspeer.engine.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Safe from any thread. */
public final class Counter {
  private final LongAdder sum = new LongAdder();

  Counter() {}

  public void increment() {
    sum.increment();
  }

  /**
   * @param amount not negative
   */
  public void add(long amount) {
    sum.add(amount);
  }

  public long value() {
    return sum.sum();
  }
}
