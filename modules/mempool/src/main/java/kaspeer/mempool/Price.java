package kaspeer.mempool;

/**
 * What a transaction pays, and for what.
 *
 * @param fee in sompi
 * @param compute mass in grams, like the others
 * @param mass the largest of the three, each in proportion to its limit, as compute mass
 */
record Price(long fee, long compute, long transientStorage, long storage, long mass) {
  /** Sompi for a gram. */
  double feeRate() {
    return (double) fee / mass;
  }
}
