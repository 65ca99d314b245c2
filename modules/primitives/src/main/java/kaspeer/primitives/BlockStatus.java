package kaspeer.primitives;

/** What a node knows of a block (consensus reference 3.1). */
public enum BlockStatus {
  /** Never seen, or seen and not remembered. */
  UNKNOWN,
  /** Broke a rule that is remembered; never asked for again. */
  INVALID,
  /** The header passed every rule; the body is not here. */
  HEADER_ONLY,
  /** Header and body passed every rule that needs no UTXO state; the others are not checked yet. */
  BODY,
  /** Passed every rule, those of the UTXO state included: it may be on the selected chain. */
  UTXO_VALID,
  /**
   * Broke a rule that needs the UTXO state, or builds by selected parents on a block that did: it
   * stays in the DAG and may be merged, but is never on the selected chain.
   */
  DISQUALIFIED_FROM_CHAIN;

  /** Whether the header is in the DAG. */
  public boolean hasHeader() {
    return this == HEADER_ONLY || hasBody();
  }

  /** Whether the body is here, whatever came of it. */
  public boolean hasBody() {
    return this == BODY || this == UTXO_VALID || this == DISQUALIFIED_FROM_CHAIN;
  }
}
