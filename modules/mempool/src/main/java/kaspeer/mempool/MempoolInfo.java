package kaspeer.mempool;

import java.util.Map;

/**
 * The pool's size and what it has done so far. Bytes are estimated bytes of heap.
 *
 * @param transactions without orphans
 * @param ready those of them that build on no other in the pool
 * @param high those of them of high priority
 * @param orphans transactions that wait for others
 */
public record MempoolInfo(
    int transactions,
    long bytes,
    int maxTransactions,
    long maxBytes,
    int ready,
    int high,
    int orphans,
    long orphanBytes,
    int maxOrphans,
    long maxOrphanBytes,
    int accepted,
    Map<MempoolCount, Long> counts) {
  public MempoolInfo {
    counts = Map.copyOf(counts);
  }
}
