package kaspeer.mempool;

import java.util.Locale;

/** What a pool counts. */
public enum MempoolCount {
  ACCEPTED,
  KNOWN,
  DOUBLE_SPEND,
  INVALID,
  NON_STANDARD,
  FULL,
  /** Went to make room. */
  EVICTED,
  /** Was in the pool for too long. */
  EXPIRED,
  /** Was held by a block. */
  INCLUDED,
  /** Spent what a block spends, or built on one that did. */
  CONFLICTING;

  /** Its name in metrics: lower case with hyphens. */
  public String metricName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
