package kaspeer.wire;

/**
 * A decoded message that breaks a rule of its type (protocol reference 2.3). Has no stack trace: it
 * is an answer, not an accident.
 */
public final class ConversionException extends Exception {
  private static final long serialVersionUID = 1;

  /** What was wrong. */
  public enum Reason {
    /** A field without which the message is no use is not there. */
    MISSING_FIELD,
    /** Bytes of another length than theirs. */
    BAD_LENGTH,
    /** A number outside its range. */
    OUT_OF_RANGE,
    /** Parents by level that are not compressed as they must be. */
    BAD_PARENTS,
    /** A transaction, a block or a body larger than any may be. */
    TOO_LARGE,
    /** No message of its type at all. What the raw check lets pass never is. */
    UNDECODABLE
  }

  private final Reason reason;

  public ConversionException(Reason reason, String detail) {
    super(reason + ": " + detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  static ConversionException missing(String field) {
    return new ConversionException(Reason.MISSING_FIELD, field);
  }

  static ConversionException length(String field, int length) {
    return new ConversionException(Reason.BAD_LENGTH, field + " of " + length + " bytes");
  }

  static ConversionException range(String field, long value) {
    return new ConversionException(Reason.OUT_OF_RANGE, field + " " + Long.toUnsignedString(value));
  }

  /** A field that fits 16 bits, or the exception that says it does not. */
  static int unsigned16(String field, int value) throws ConversionException {
    if ((value & 0xFFFF_0000) != 0) {
      throw range(field, Integer.toUnsignedLong(value));
    }
    return value;
  }
}
