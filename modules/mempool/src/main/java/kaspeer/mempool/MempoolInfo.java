package kaspeer.mempool;

import java.util.Map;

/**
 * The pool's size and what it has done so far.
 *
 * @param bytes estimated bytes of heap
 */
public record MempoolInfo(
    int transactions,
    long bytes,
    int maxTransactions,
    long maxBytes,
    Map<MempoolCount, Long> counts) {
  public MempoolInfo {
    counts = Map.copyOf(counts);
  }
}
