package kaspeer.mempool;

import java.time.Duration;

/**
 * Bounds and policy of a pool. Bytes are estimated bytes of heap.
 *
 * @param maxBytes of all transactions
 * @param maxTransactions of all transactions
 * @param maxBytesPerSource of those that came from one source
 * @param maxAcceptedBytes of the ids that blocks held lately
 * @param maxAncestorLinks most links from a transaction to those it builds on, counted through all
 *     generations; bounds the work for one transaction
 * @param expiry after this much time, counted in DAA score, a transaction from a peer goes
 * @param acceptedMemory for so long, counted in DAA score, a transaction that was in a block counts
 *     as known
 * @param acceptNonStandard whether output scripts may be of any form
 */
public record MempoolOptions(
    long maxBytes,
    int maxTransactions,
    long maxBytesPerSource,
    long maxAcceptedBytes,
    int maxAncestorLinks,
    Duration expiry,
    Duration acceptedMemory,
    boolean acceptNonStandard) {
  private static final int MAX_TRANSACTIONS = 1_000_000;
  private static final long MAX_ACCEPTED_BYTES = 16L << 20;
  private static final int MAX_ANCESTOR_LINKS = 2000;

  /**
   * @throws IllegalArgumentException if a bound is below 1 or a source's share is more than the
   *     whole
   */
  public MempoolOptions {
    if (maxBytes < 1
        || maxTransactions < 1
        || maxBytesPerSource < 1
        || maxAcceptedBytes < 1
        || maxAncestorLinks < 1) {
      throw new IllegalArgumentException("every bound of a mempool is at least 1");
    }
    if (maxBytesPerSource > maxBytes) {
      throw new IllegalArgumentException("a source's share is at most the whole pool");
    }
  }

  /**
   * The live network's policy (protocol reference 8.4) in this much memory, a quarter of it for one
   * source.
   *
   * @param maxBytes at least 4
   */
  public static MempoolOptions ofBytes(long maxBytes) {
    return new MempoolOptions(
        maxBytes,
        MAX_TRANSACTIONS,
        maxBytes / 4,
        MAX_ACCEPTED_BYTES,
        MAX_ANCESTOR_LINKS,
        Duration.ofHours(24),
        Duration.ofMinutes(2),
        false);
  }
}
