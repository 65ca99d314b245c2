package kaspeer.primitives;

/** What a node knows of a block. */
public enum BlockStatus {
  /** Never seen, or seen and not remembered. */
  UNKNOWN,
  /** Broke a rule that is remembered; never asked for again. */
  INVALID,
  /** The header passed every rule; the body is not here. */
  HEADER_ONLY,
  /** Header and body passed every rule that needs no UTXO state. */
  BODY;

  /** Whether the header is in the DAG. */
  public boolean hasHeader() {
    return this == HEADER_ONLY || this == BODY;
  }

  public boolean hasBody() {
    return this == BODY;
  }
}
