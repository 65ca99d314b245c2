package kaspeer.mempool;

import java.util.Locale;

/** What a pool counts. */
public enum MempoolCount {
  // What became of transactions that were handed in, redeemed orphans among them.
  ACCEPTED,
  ORPHANED,
  KNOWN,
  DOUBLE_SPEND,
  INVALID,
  NOT_YET,
  NON_STANDARD,
  FULL,
  // What became of them later.
  /** Gave way to one of higher fee rate that spends the same, or built on one that did. */
  REPLACED,
  /** Went to make room. */
  EVICTED,
  /** Was in the pool for too long. */
  EXPIRED,
  /** Is in virtual's past, accepted. */
  INCLUDED,
  /** Spent what was accepted of another, or built on one that did. */
  CONFLICTING,
  /** A block template refused it. */
  REJECTED,
  /** Came back into the pool after a reorganisation; also counted as accepted. */
  RETURNED,
  // Orphans.
  /** Found what it had waited for; what became of it then is counted too. */
  REDEEMED,
  ORPHANS_EVICTED,
  ORPHANS_EXPIRED;

  /** Its name in metrics: lower case with hyphens. */
  public String metricName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
