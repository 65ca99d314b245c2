package kaspeer.wire;

/**
 * Why a frame was refused. Every one ends the connection that it came from.
 *
 * @param reason for policy, counters and metrics
 * @param payload number of the payload it was found in; 0 when not known
 * @param detail for people: what was found and what is allowed
 */
public record WireFault(Reason reason, int payload, String detail) implements RawCheck.Result {
  /** What was wrong. */
  public enum Reason {
    /** More bytes than the type may have in this phase. */
    OVERSIZE,
    /** The bytes of the handshake together are too many. */
    HANDSHAKE_OVERSIZE,
    /** Ends inside a field. */
    TRUNCATED,
    /** A number that does not end within ten bytes. */
    BAD_VARINT,
    /** A field number or wire type that does not exist. */
    BAD_TAG,
    /** A length of 2 GiB or more, or below 0. */
    BAD_LENGTH,
    /** A known field with another wire type than its own. */
    BAD_WIRE_TYPE,
    /** A group: no message has any. */
    GROUP,
    /** No payload at all. */
    NO_PAYLOAD,
    /** A payload that no version has. */
    UNKNOWN_PAYLOAD,
    /** A payload of versions long gone. */
    LEGACY_PAYLOAD,
    /** A payload that the agreed version does not have. */
    OTHER_VERSION,
    /** More than one payload. */
    SECOND_PAYLOAD,
    /** A field that may stand once stands twice: protobuf would merge them. */
    REPEATED_FIELD,
    /** A list with more elements than its type may have. */
    TOO_MANY_ELEMENTS,
    /** A field without which the message is no use is not there. */
    MISSING_FIELD,
    /** A hash or id that has not 32 bytes. */
    BAD_HASH,
    /** A text that is not UTF-8. */
    BAD_TEXT,
    /** Passed the check, and yet the decoder refused it. */
    UNDECODABLE,
    /** A compressed frame that is not gzip, is damaged, or ends early. */
    BAD_COMPRESSION,
    /** A compressed frame that inflates more than any honest one. */
    INFLATION,
    /** Compressed with what was not announced, or cannot be read here. */
    UNKNOWN_ENCODING,
    /** A frame prefix with bits that are reserved. */
    BAD_FRAME_PREFIX
  }

  /** A fault that is not tied to a payload. */
  public static WireFault of(Reason reason, String detail) {
    return new WireFault(reason, 0, detail);
  }

  @Override
  public String toString() {
    return reason + (payload == 0 ? "" : " in payload " + payload) + ": " + detail;
  }
}
