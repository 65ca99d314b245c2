package kaspeer.consensus;

/**
 * The rules a block or a transaction can break (consensus reference 3.1, 5, 6), by the names the
 * reference implementation has for them, so that the verdicts of both can be compared. Where a rule
 * is not one of the network or not the same one, it says so.
 *
 * <p>A remembered breach marks the block invalid for good. The others depend on something that may
 * differ next time (the clock, what else is known), or on bytes that the hash does not commit to;
 * those of chain qualification only keep a block off the selected chain.
 */
public enum Rule {
  KNOWN_INVALID(true),
  // Header in isolation.
  WRONG_BLOCK_VERSION(false),
  TIME_TOO_FAR_INTO_THE_FUTURE(false),
  NO_PARENTS(false),
  TOO_MANY_PARENTS(false),
  ORIGIN_PARENT(false),
  INVALID_POW(false),
  // Header among its parents.
  INVALID_PARENT(false),
  INVALID_PARENTS_RELATION(false),
  // Header in context.
  PRUNING_VIOLATION(false),
  UNEXPECTED_HEADER_DAA_SCORE(false),
  UNEXPECTED_DIFFICULTY(false),
  UNEXPECTED_HEADER_BLUE_SCORE(true),
  UNEXPECTED_HEADER_BLUE_WORK(true),
  TIME_TOO_OLD(true),
  MERGE_SET_TOO_BIG(true),
  /**
   * The mergeset is so many times too big that it was not collected, for the time that would take.
   * By the reference this is {@link #MERGE_SET_TOO_BIG}, or {@link #UNEXPECTED_HEADER_DAA_SCORE} or
   * another rule that comes before: that cannot be said, so it is not remembered.
   */
  MERGE_SET_BEYOND_BOUND(false),
  /** Not a rule of the network, whose blocks never have so much work. */
  WORK_BEYOND_BOUND(false),
  VIOLATING_BOUNDED_MERGE_DEPTH(true),
  UNEXPECTED_INDIRECT_PARENTS(true),
  // Body in isolation. The hash commits neither to an empty list, nor to a covenant in version 0,
  // nor to a compute commitment wider than its field: whoever sends a valid block so disfigured
  // must not spoil the block itself.
  NO_TRANSACTIONS(false),
  BAD_MERKLE_ROOT(false),
  FIRST_TX_NOT_COINBASE(true),
  MULTIPLE_COINBASES(true),
  NO_TX_INPUTS(true),
  TOO_MANY_INPUTS(true),
  TOO_MANY_OUTPUTS(true),
  TOO_BIG_SIGNATURE_SCRIPT(true),
  TOO_BIG_SCRIPT_PUBLIC_KEY(true),
  COINBASE_HAS_INPUTS(true),
  COINBASE_NON_ZERO_MASS_COMMITMENT(true),
  COINBASE_TOO_MANY_OUTPUTS(true),
  COINBASE_SCRIPT_PUBLIC_KEY_TOO_LONG(true),
  TX_OUT_ZERO(true),
  TX_OUT_TOO_HIGH(true),
  TOTAL_TX_OUT_TOO_HIGH(true),
  TX_DUPLICATE_INPUTS(true),
  UNKNOWN_TX_VERSION(true),
  TX_HAS_GAS(true),
  SUBNETWORKS_DISABLED(true),
  /**
   * The reference knows two, a count of signature operations in version 1 and a compute budget in
   * version 0; here a commitment has one field, of which the version says what it is.
   */
  WRONG_COMPUTE_COMMIT(false),
  COVENANT_BINDING_IN_V0(false),
  EXCEEDS_COMPUTE_MASS_LIMIT(true),
  EXCEEDS_TRANSIENT_MASS_LIMIT(true),
  EXCEEDS_STORAGE_MASS_LIMIT(true),
  EXCEEDS_LANES_PER_BLOCK_LIMIT(true),
  EXCEEDS_GAS_PER_LANE_LIMIT(true),
  DUPLICATE_TRANSACTIONS(true),
  DOUBLE_SPEND_IN_SAME_BLOCK(true),
  CHAINED_TRANSACTION(true),
  // Body in context.
  BAD_COINBASE_PAYLOAD(true),
  BAD_COINBASE_PAYLOAD_BLUE_SCORE(true),
  WRONG_SUBSIDY(true),
  NOT_FINALIZED(true),
  // Transaction in UTXO context (6.6). A block is never invalid for these.
  MISSING_TX_OUTPOINTS(false),
  IMMATURE_COINBASE_SPEND(false),
  INPUT_AMOUNT_TOO_HIGH(false),
  SPEND_TOO_HIGH(false),
  MASS_INCOMPUTABLE(false),
  WRONG_MASS(false),
  SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET(false),
  COVENANTS_ERROR(false),
  SIGNATURE_EMPTY(false),
  SIGNATURE_INVALID(false),
  /** Not a rule of the network: this version cannot run the script, so it cannot say. */
  UNSUPPORTED_SCRIPT(false),
  // Chain qualification (6.4): the block is disqualified, and may still be merged.
  BAD_UTXO_COMMITMENT(false),
  BAD_ACCEPTED_ID_MERKLE_ROOT(false),
  BAD_COINBASE_TRANSACTION(false),
  WRONG_HEADER_PRUNING_POINT(false),
  WRONG_SELECTED_PARENT_ORDER(false),
  INVALID_TRANSACTIONS_IN_UTXO_CONTEXT(false),
  /** The reference has no name for it: such a block just inherits the status. */
  DISQUALIFIED_SELECTED_PARENT(false);

  private final boolean remembered;

  Rule(boolean remembered) {
    this.remembered = remembered;
  }

  /** Whether a block that breaks this rule is marked invalid for good. */
  public boolean remembered() {
    return remembered;
  }
}
