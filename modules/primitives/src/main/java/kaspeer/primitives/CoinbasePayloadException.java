package kaspeer.primitives;

import java.io.Serial;

/** A coinbase payload that breaks a rule of its format (consensus reference 5.2 and 6.5). */
public final class CoinbasePayloadException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** The rule that was broken. */
  public enum Reason {
    /** Fewer than 19 bytes. */
    TOO_SHORT,
    /** More bytes than the network allows. */
    TOO_LONG,
    /** The script states more bytes than the network allows. */
    SCRIPT_TOO_LONG,
    /** The script states more bytes than there are. */
    SCRIPT_CUT_SHORT
  }

  private final Reason reason;

  CoinbasePayloadException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
