package kaspeer.mempool;

import java.time.Duration;

/**
 * Bounds and policy of a pool. Bytes are estimated bytes of heap; times are counted in DAA score.
 *
 * @param maxBytes of all transactions but orphans
 * @param maxTransactions of all transactions but orphans
 * @param maxAcceptedBytes of the ids that blocks held lately
 * @param maxAncestorLinks where a newcomer needs room or replaces others: most links from it to
 *     those it builds on, and most from what would go to what builds on that, each counted through
 *     all generations; bounds the work for one transaction
 * @param expiry after this much time a transaction of low priority goes
 * @param acceptedMemory for so long a transaction that was in a block counts as known
 * @param acceptNonStandard whether scripts may be of any form, and fees of any size
 * @param minimumRelayFee in sompi for 1000 grams
 */
public record MempoolOptions(
    long maxBytes,
    int maxTransactions,
    long maxAcceptedBytes,
    int maxAncestorLinks,
    Duration expiry,
    Duration acceptedMemory,
    boolean acceptNonStandard,
    long minimumRelayFee,
    OrphanOptions orphans) {
  private static final long HEAP_SHARE = 8;
  private static final long MIN_DEFAULT_BYTES = 64L << 20;
  private static final long MAX_DEFAULT_BYTES = 1_000_000_000;
  private static final int MAX_TRANSACTIONS = 1_000_000;
  private static final long MAX_ACCEPTED_BYTES = 16L << 20;
  private static final int MAX_ANCESTOR_LINKS = 5000;
  private static final long MINIMUM_RELAY_FEE = 100_000;

  /**
   * @throws IllegalArgumentException if a bound is below 1 or the fee below 0
   */
  public MempoolOptions {
    if (maxBytes < 1 || maxTransactions < 1 || maxAcceptedBytes < 1 || maxAncestorLinks < 1) {
      throw new IllegalArgumentException("every bound of a mempool is at least 1");
    }
    if (minimumRelayFee < 0) {
      throw new IllegalArgumentException("the minimum relay fee is at least 0");
    }
  }

  /**
   * Bounds of the transactions that wait for others; they come on top of those of the pool.
   *
   * @param maxBytes of all
   * @param maxBytesPerSource of those from one source
   * @param maxPerSource how many from one source
   * @param expiry after this much time one of low priority goes
   */
  public record OrphanOptions(
      int maxOrphans, long maxBytes, int maxPerSource, long maxBytesPerSource, Duration expiry) {
    /** The live network's number and time; a quarter for one source. */
    public static final OrphanOptions DEFAULT =
        new OrphanOptions(500, 8L << 20, 125, 2L << 20, Duration.ofSeconds(60));

    /**
     * @throws IllegalArgumentException if a bound is below 1 or a source's share is more than the
     *     whole
     */
    public OrphanOptions {
      if (maxOrphans < 1 || maxBytes < 1 || maxPerSource < 1 || maxBytesPerSource < 1) {
        throw new IllegalArgumentException("every bound of orphans is at least 1");
      }
      if (maxPerSource > maxOrphans || maxBytesPerSource > maxBytes) {
        throw new IllegalArgumentException("a source's share is at most the whole");
      }
    }
  }

  /** The live network's policy (protocol reference 8.4) in this much memory. */
  public static MempoolOptions ofBytes(long maxBytes) {
    return new MempoolOptions(
        maxBytes,
        MAX_TRANSACTIONS,
        MAX_ACCEPTED_BYTES,
        MAX_ANCESTOR_LINKS,
        Duration.ofHours(24),
        Duration.ofMinutes(2),
        false,
        MINIMUM_RELAY_FEE,
        OrphanOptions.DEFAULT);
  }

  /**
   * The live network's policy in an eighth of a heap, within 64 MiB and the live network's 10^9
   * bytes: at 2 GiB there is room for 100,000 transactions of usual size.
   *
   * @param maxHeap the heap's maximum, in bytes
   */
  public static MempoolOptions ofHeap(long maxHeap) {
    return ofBytes(Math.clamp(maxHeap / HEAP_SHARE, MIN_DEFAULT_BYTES, MAX_DEFAULT_BYTES));
  }

  /** The same, with this much memory. */
  public MempoolOptions withMaxBytes(long bytes) {
    return new MempoolOptions(
        bytes,
        maxTransactions,
        maxAcceptedBytes,
        maxAncestorLinks,
        expiry,
        acceptedMemory,
        acceptNonStandard,
        minimumRelayFee,
        orphans);
  }

  /** The same, with room for at most so many transactions. */
  public MempoolOptions withMaxTransactions(int count) {
    return new MempoolOptions(
        maxBytes,
        count,
        maxAcceptedBytes,
        maxAncestorLinks,
        expiry,
        acceptedMemory,
        acceptNonStandard,
        minimumRelayFee,
        orphans);
  }

  /** The same, taking scripts of any form and fees of any size, or not. */
  public MempoolOptions withAcceptNonStandard(boolean accept) {
    return new MempoolOptions(
        maxBytes,
        maxTransactions,
        maxAcceptedBytes,
        maxAncestorLinks,
        expiry,
        acceptedMemory,
        accept,
        minimumRelayFee,
        orphans);
  }

  /** The same, with this bound on the work for one transaction. */
  public MempoolOptions withMaxAncestorLinks(int links) {
    return new MempoolOptions(
        maxBytes,
        maxTransactions,
        maxAcceptedBytes,
        links,
        expiry,
        acceptedMemory,
        acceptNonStandard,
        minimumRelayFee,
        orphans);
  }

  /** The same, with this minimum relay fee, in sompi for 1000 grams. */
  public MempoolOptions withMinimumRelayFee(long fee) {
    return new MempoolOptions(
        maxBytes,
        maxTransactions,
        maxAcceptedBytes,
        maxAncestorLinks,
        expiry,
        acceptedMemory,
        acceptNonStandard,
        fee,
        orphans);
  }

  /** The same, with these bounds of orphans. */
  public MempoolOptions withOrphans(OrphanOptions bounds) {
    return new MempoolOptions(
        maxBytes,
        maxTransactions,
        maxAcceptedBytes,
        maxAncestorLinks,
        expiry,
        acceptedMemory,
        acceptNonStandard,
        minimumRelayFee,
        bounds);
  }
}
