package kaspeer.consensus;

import java.time.InstantSource;

/**
 * How a {@link Consensus} runs.
 *
 * @param clock what headers' timestamps are held against
 * @param workers threads for stateless checks, scripts and multisets, at least 1
 * @param maxInFlightBytes bytes of headers and bodies that were handed in and whose verdict, or
 *     event, is not out yet; beyond it submissions are refused as {@link Verdict.Busy}
 * @param maxRememberedInvalid hashes of invalid blocks without a header in the DAG that are
 *     remembered; the oldest are forgotten first
 * @param listener hears of changes
 * @param utxoValidation whether blocks have to qualify for the selected chain (consensus reference
 *     6.4); without it the chain follows headers alone and there is no UTXO state, for tests and
 *     tools
 * @param rebuildListener hears of long work while the store is opened
 */
public record ConsensusOptions(
    InstantSource clock,
    int workers,
    long maxInFlightBytes,
    int maxRememberedInvalid,
    ConsensusListener listener,
    boolean utxoValidation,
    Caches caches,
    RebuildListener rebuildListener) {
  private static final long MIB = 1L << 20;

  public ConsensusOptions {
    if (workers < 1 || maxInFlightBytes < 1 || maxRememberedInvalid < 1) {
      throw new IllegalArgumentException(
          "workers, bytes in flight and remembered hashes must be at least 1");
    }
  }

  /**
   * What caches may occupy, in estimated bytes of heap.
   *
   * @param windows the difficulty and median time windows of recent blocks
   * @param utxos entries of the UTXO set
   * @param bodies of recent blocks
   * @param signatures that were verified
   */
  public record Caches(long windows, long utxos, long bodies, long signatures) {
    /** 32 MiB of windows, 64 MiB of entries, 32 MiB of bodies and 16 MiB of signatures. */
    public static final Caches DEFAULT = new Caches(32 * MIB, 64 * MIB, 32 * MIB, 16 * MIB);

    public Caches {
      if (utxos < 0 || bodies < 0 || signatures < 0) {
        throw new IllegalArgumentException("a cache cannot have fewer than 0 bytes");
      }
    }
  }

  /**
   * The system clock, a worker per processor, 64 MiB in flight, 100,000 invalid hashes, nobody
   * listening, UTXO validation, and caches of usual size.
   */
  public static ConsensusOptions defaults() {
    return new ConsensusOptions(
        InstantSource.system(),
        Runtime.getRuntime().availableProcessors(),
        64 * MIB,
        100_000,
        ConsensusListener.NONE,
        true,
        Caches.DEFAULT,
        RebuildListener.NONE);
  }

  public ConsensusOptions withClock(InstantSource value) {
    return new ConsensusOptions(
        value,
        workers,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        caches,
        rebuildListener);
  }

  public ConsensusOptions withWorkers(int value) {
    return new ConsensusOptions(
        clock,
        value,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        caches,
        rebuildListener);
  }

  public ConsensusOptions withMaxInFlightBytes(long value) {
    return new ConsensusOptions(
        clock,
        workers,
        value,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        caches,
        rebuildListener);
  }

  public ConsensusOptions withMaxRememberedInvalid(int value) {
    return new ConsensusOptions(
        clock, workers, maxInFlightBytes, value, listener, utxoValidation, caches, rebuildListener);
  }

  public ConsensusOptions withListener(ConsensusListener value) {
    return new ConsensusOptions(
        clock,
        workers,
        maxInFlightBytes,
        maxRememberedInvalid,
        value,
        utxoValidation,
        caches,
        rebuildListener);
  }

  public ConsensusOptions withUtxoValidation(boolean value) {
    return new ConsensusOptions(
        clock,
        workers,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        value,
        caches,
        rebuildListener);
  }

  public ConsensusOptions withRebuildListener(RebuildListener value) {
    return new ConsensusOptions(
        clock,
        workers,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        caches,
        value);
  }
}
