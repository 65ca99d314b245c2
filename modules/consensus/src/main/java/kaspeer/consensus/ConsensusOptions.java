package kaspeer.consensus;

import java.time.InstantSource;

/**
 * How a {@link Consensus} runs.
 *
 * @param clock what headers' timestamps are held against
 * @param workers threads for stateless checks, at least 1
 * @param windowCacheBytes what the difficulty and median time windows of recent blocks may occupy
 * @param maxInFlightBytes bytes of headers and bodies that were handed in and whose verdict, or
 *     event, is not out yet; beyond it submissions are refused as {@link Verdict.Busy}
 * @param maxRememberedInvalid hashes of invalid blocks without a header in the DAG that are
 *     remembered; the oldest are forgotten first
 * @param listener hears of changes
 * @param qualifier what may be on the selected chain
 */
public record ConsensusOptions(
    InstantSource clock,
    int workers,
    long windowCacheBytes,
    long maxInFlightBytes,
    int maxRememberedInvalid,
    DagListener listener,
    ChainQualifier qualifier) {
  public ConsensusOptions {
    if (workers < 1 || maxInFlightBytes < 1 || maxRememberedInvalid < 1) {
      throw new IllegalArgumentException(
          "workers, bytes in flight and remembered hashes must be at least 1");
    }
  }

  /**
   * The system clock, a worker per processor, 32 MiB of windows, 64 MiB in flight, 100,000 invalid
   * hashes, nobody listening.
   */
  public static ConsensusOptions defaults() {
    return new ConsensusOptions(
        InstantSource.system(),
        Runtime.getRuntime().availableProcessors(),
        32L << 20,
        64L << 20,
        100_000,
        DagListener.NONE,
        ChainQualifier.ALL);
  }

  public ConsensusOptions withClock(InstantSource value) {
    return new ConsensusOptions(
        value,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        qualifier);
  }

  public ConsensusOptions withWorkers(int value) {
    return new ConsensusOptions(
        clock,
        value,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        qualifier);
  }

  public ConsensusOptions withWindowCacheBytes(long value) {
    return new ConsensusOptions(
        clock, workers, value, maxInFlightBytes, maxRememberedInvalid, listener, qualifier);
  }

  public ConsensusOptions withMaxInFlightBytes(long value) {
    return new ConsensusOptions(
        clock, workers, windowCacheBytes, value, maxRememberedInvalid, listener, qualifier);
  }

  public ConsensusOptions withMaxRememberedInvalid(int value) {
    return new ConsensusOptions(
        clock, workers, windowCacheBytes, maxInFlightBytes, value, listener, qualifier);
  }

  public ConsensusOptions withListener(DagListener value) {
    return new ConsensusOptions(
        clock, workers, windowCacheBytes, maxInFlightBytes, maxRememberedInvalid, value, qualifier);
  }

  public ConsensusOptions withQualifier(ChainQualifier value) {
    return new ConsensusOptions(
        clock, workers, windowCacheBytes, maxInFlightBytes, maxRememberedInvalid, listener, value);
  }
}
