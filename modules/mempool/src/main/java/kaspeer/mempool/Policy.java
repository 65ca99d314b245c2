package kaspeer.mempool;

/**
 * What the pool asks beyond consensus (consensus reference 8); a refusal names the one that was not
 * met.
 */
public enum Policy {
  // Standard forms; not asked where everything is accepted.
  /** Scripts of outputs have version 0. */
  OUTPUT_SCRIPT_VERSION,
  /** Outputs pay to a Schnorr key, an ECDSA key or a script hash. */
  OUTPUT_SCRIPT_CLASS,
  /** So do the outputs that are spent. */
  INPUT_SCRIPT_CLASS,
  /** A redeem script has at most 15 signature operations. */
  TOO_MANY_SIG_OPS,
  /** The fee is at least the relay fee for the compute mass. */
  COMPUTE_FEE_TOO_LOW,
  /** The fee is at least the relay fee for the transient mass. */
  TRANSIENT_FEE_TOO_LOW,

  // Double spends and replacement.
  /** No other transaction in the pool spends the same, unless it may be replaced. */
  DOUBLE_SPEND,
  /** A replacement pays a higher fee rate than each that it replaces. */
  REPLACEMENT_FEE_RATE_TOO_LOW,
  /** What is submitted as a replacement replaces something. */
  REPLACES_NOTHING,
  /** What is submitted as a replacement replaces one transaction only. */
  REPLACES_SEVERAL,
  /** A replacement does not build on what it replaces. */
  REPLACES_ITS_ANCESTOR,
  /** What builds on what is replaced is bounded in number. */
  REPLACES_TOO_MANY,

  // Orphans.
  /** A transaction in the pool has the output that is spent. */
  IMPOSSIBLE_OUTPOINT,
  /** Only some may wait for what they build on. */
  ORPHAN_NOT_ALLOWED,
  /** No other orphan spends the same; nothing is proven of either, so the first stays. */
  ORPHAN_DOUBLE_SPEND,
  /** There is room for orphans, in all and from one source. */
  ORPHANS_FULL,

  // Room.
  /** Where room has to be made, a newcomer builds on a bounded number of others. */
  TOO_MANY_ANCESTORS,
  /** There is room, or enough transactions of no higher fee rate can go. */
  POOL_FULL
}
