package kaspeer.primitives;

import java.io.Serial;

/** A text that is no {@link Address}. */
public final class AddressException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** What is wrong with it. */
  public enum Reason {
    /** There is no colon. */
    MISSING_PREFIX,
    /** What stands before the colon names no network. */
    UNKNOWN_PREFIX,
    /** A character that addresses do not use; capitals are among them. */
    BAD_CHARACTER,
    /** Not as long as any address, or not as long as one of its version. */
    BAD_LENGTH,
    BAD_CHECKSUM,
    /** Neither 0, 1 nor 8. */
    UNKNOWN_VERSION,
    /** The bits that fill up the last character are not 0. */
    BAD_PADDING
  }

  private final Reason reason;

  AddressException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
