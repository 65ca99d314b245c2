package kaspeer.consensus;

import java.time.InstantSource;

/**
 * How a {@link Consensus} runs. Caches are bounded in estimated bytes of heap.
 *
 * @param clock what headers' timestamps are held against
 * @param workers threads for stateless checks, scripts and multisets, at least 1
 * @param windowCacheBytes what the difficulty and median time windows of recent blocks may occupy
 * @param maxInFlightBytes bytes of headers and bodies that were handed in and whose verdict, or
 *     event, is not out yet; beyond it submissions are refused as {@link Verdict.Busy}
 * @param maxRememberedInvalid hashes of invalid blocks without a header in the DAG that are
 *     remembered; the oldest are forgotten first
 * @param listener hears of changes
 * @param utxoValidation whether blocks have to qualify for the selected chain (consensus reference
 *     6.4); without it the chain follows headers alone and there is no UTXO state, for tests and
 *     tools
 * @param utxoCacheBytes for entries of the UTXO set
 * @param bodyCacheBytes for bodies of recent blocks
 * @param signatureCacheBytes for signatures that were verified
 * @param rebuildListener hears of long work while the store is opened
 */
public record ConsensusOptions(
    InstantSource clock,
    int workers,
    long windowCacheBytes,
    long maxInFlightBytes,
    int maxRememberedInvalid,
    DagListener listener,
    boolean utxoValidation,
    long utxoCacheBytes,
    long bodyCacheBytes,
    long signatureCacheBytes,
    RebuildListener rebuildListener) {
  private static final long MIB = 1L << 20;

  public ConsensusOptions {
    if (workers < 1 || maxInFlightBytes < 1 || maxRememberedInvalid < 1) {
      throw new IllegalArgumentException(
          "workers, bytes in flight and remembered hashes must be at least 1");
    }
    if (utxoCacheBytes < 0 || bodyCacheBytes < 0 || signatureCacheBytes < 0) {
      throw new IllegalArgumentException("a cache cannot have fewer than 0 bytes");
    }
  }

  /**
   * The system clock, a worker per processor, 32 MiB of windows, 64 MiB in flight, 100,000 invalid
   * hashes, nobody listening, UTXO validation with 64 MiB of entries, 32 MiB of bodies and 16 MiB
   * of signatures.
   */
  public static ConsensusOptions defaults() {
    return new ConsensusOptions(
        InstantSource.system(),
        Runtime.getRuntime().availableProcessors(),
        32 * MIB,
        64 * MIB,
        100_000,
        DagListener.NONE,
        true,
        64 * MIB,
        32 * MIB,
        16 * MIB,
        RebuildListener.NONE);
  }

  public ConsensusOptions withClock(InstantSource value) {
    return new ConsensusOptions(
        value,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withWorkers(int value) {
    return new ConsensusOptions(
        clock,
        value,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withWindowCacheBytes(long value) {
    return new ConsensusOptions(
        clock,
        workers,
        value,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withMaxInFlightBytes(long value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        value,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withMaxRememberedInvalid(int value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        value,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withListener(DagListener value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        value,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withUtxoValidation(boolean value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        value,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withUtxoCacheBytes(long value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        value,
        bodyCacheBytes,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withBodyCacheBytes(long value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        value,
        signatureCacheBytes,
        rebuildListener);
  }

  public ConsensusOptions withSignatureCacheBytes(long value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        value,
        rebuildListener);
  }

  public ConsensusOptions withRebuildListener(RebuildListener value) {
    return new ConsensusOptions(
        clock,
        workers,
        windowCacheBytes,
        maxInFlightBytes,
        maxRememberedInvalid,
        listener,
        utxoValidation,
        utxoCacheBytes,
        bodyCacheBytes,
        signatureCacheBytes,
        value);
  }
}
