package kaspeer.engine;

/** The engine could not start. The message is one line for an operator. */
public final class EngineStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Reason {
    /** The address to listen on is taken, or not ours. */
    CANNOT_LISTEN,
    /** Registered flows do not fit together, or a plug-in is broken. */
    BAD_FLOWS,
    /** What was stored earlier cannot be read. */
    BAD_STORE
  }

  private final Reason reason;

  public EngineStartException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
