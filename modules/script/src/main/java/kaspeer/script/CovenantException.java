package kaspeer.script;

/** Outputs of a transaction that claim a covenant they have no right to. */
public final class CovenantException extends Exception {
  /** What is wrong. */
  public enum Fault {
    /** The transaction has no such input. */
    NO_SUCH_AUTHORIZING_INPUT,
    /** The id of a new covenant is not the hash of its beginning. */
    WRONG_COVENANT_ID
  }

  private final Fault fault;

  CovenantException(Fault fault, String detail) {
    super(detail, null, false, false);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
