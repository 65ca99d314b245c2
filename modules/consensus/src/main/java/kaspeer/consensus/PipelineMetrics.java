package kaspeer.consensus;

import java.util.concurrent.atomic.LongAdder;

/** Counts and times of the pipeline's stages. */
final class PipelineMetrics {
  private final LongAdder isolation = new LongAdder();
  private final LongAdder ghostdag = new LongAdder();
  private final LongAdder windows = new LongAdder();
  private final LongAdder levels = new LongAdder();
  private final LongAdder insertion = new LongAdder();
  private final LongAdder bodyContext = new LongAdder();
  private final LongAdder virtual = new LongAdder();
  private final LongAdder store = new LongAdder();
  private final LongAdder headers = new LongAdder();
  private final LongAdder bodies = new LongAdder();
  private final LongAdder invalid = new LongAdder();
  private final LongAdder commits = new LongAdder();

  void isolation(long since) {
    lap(isolation, since);
  }

  long ghostdag(long since) {
    return lap(ghostdag, since);
  }

  long windows(long since) {
    return lap(windows, since);
  }

  void levels(long since) {
    lap(levels, since);
  }

  void insertion(long since) {
    lap(insertion, since);
    headers.increment();
  }

  void bodyContext(long since) {
    lap(bodyContext, since);
    bodies.increment();
  }

  void virtual(long since) {
    lap(virtual, since);
  }

  void store(long since) {
    lap(store, since);
    commits.increment();
  }

  void invalid() {
    invalid.increment();
  }

  ConsensusMetrics snapshot(long inFlightBytes, long memoryBytes) {
    return new ConsensusMetrics(
        headers.sum(),
        bodies.sum(),
        invalid.sum(),
        commits.sum(),
        isolation.sum(),
        ghostdag.sum(),
        windows.sum(),
        levels.sum(),
        insertion.sum(),
        bodyContext.sum(),
        virtual.sum(),
        store.sum(),
        inFlightBytes,
        memoryBytes);
  }

  private static long lap(LongAdder stage, long since) {
    long now = System.nanoTime();
    stage.add(now - since);
    return now;
  }
}
