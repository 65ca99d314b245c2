package kaspeer.wire;

import java.util.Set;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * One kind of payload: what it is and what it may cost.
 *
 * @param number field number in the envelope; the wire's name of the type
 * @param name as in the protocol reference, for people and metrics
 * @param payloadCase {@link PayloadCase#PAYLOAD_NOT_SET} for a payload of an extension, which
 *     protobuf does not know
 * @param kind its part in the conversation
 * @param minVersion first protocol version that has it
 * @param maxVersion last protocol version that has it
 * @param readyBytes largest frame after the handshake, in bytes of protobuf
 * @param syncBytes largest frame from the peer chosen for sync; never less than {@code readyBytes}
 * @param answers numbers of the requests that it answers; empty unless it is an answer
 * @param echoesId whether an answer of this type repeats the request's id (protocol reference 3.2)
 */
public record PayloadType(
    int number,
    String name,
    PayloadCase payloadCase,
    PayloadKind kind,
    int minVersion,
    int maxVersion,
    int readyBytes,
    int syncBytes,
    Set<Integer> answers,
    boolean echoesId) {
  /** The highest field number of protobuf. */
  private static final int MAX_NUMBER = (1 << 29) - 1;

  /** Numbers that protobuf keeps for itself. */
  private static final int RESERVED_FROM = 19_000;

  private static final int RESERVED_TO = 19_999;

  /** Fields of the envelope that are not payloads. */
  private static final Set<Integer> ENVELOPE = Set.of(101, 102);

  /**
   * @throws IllegalArgumentException if a number, a version range or a size makes no sense
   */
  public PayloadType {
    answers = Set.copyOf(answers);
    boolean reserved = number >= RESERVED_FROM && number <= RESERVED_TO;
    if (number < 1 || number > MAX_NUMBER || reserved || ENVELOPE.contains(number)) {
      throw new IllegalArgumentException(number + " cannot be the number of a payload");
    }
    if (minVersion > maxVersion) {
      throw new IllegalArgumentException(
          "versions " + minVersion + " to " + maxVersion + " are none");
    }
    if (readyBytes < 1 || syncBytes < readyBytes) {
      throw new IllegalArgumentException("bad sizes " + readyBytes + " and " + syncBytes);
    }
  }

  /**
   * A payload that an extension brings: opaque bytes under a number of its own.
   *
   * @param maxBytes largest frame, at most {@link WireLimits#UNCHOSEN_BATCH_BYTES}
   */
  public static PayloadType extension(
      int number, String name, PayloadKind kind, int minVersion, int maxBytes) {
    if (maxBytes > WireLimits.UNCHOSEN_BATCH_BYTES) {
      throw new IllegalArgumentException(
          "a frame of " + maxBytes + " bytes is more than any peer may send");
    }
    return new PayloadType(
        number,
        name,
        PayloadCase.PAYLOAD_NOT_SET,
        kind,
        minVersion,
        Integer.MAX_VALUE,
        maxBytes,
        maxBytes,
        Set.of(),
        false);
  }

  /** Whether the type exists in a protocol version. */
  public boolean in(int version) {
    return version >= minVersion && version <= maxVersion;
  }

  /** Whether it is legal only while its question is open. */
  public boolean isAnswer() {
    return kind == PayloadKind.ANSWER;
  }

  /** Whether an extension brought it. */
  public boolean isExtension() {
    return payloadCase == PayloadCase.PAYLOAD_NOT_SET;
  }

  /** Largest frame of this type in a phase, in bytes of protobuf. */
  public int maxBytes(ConnectionPhase phase) {
    return switch (phase) {
      case HANDSHAKE -> Math.min(WireLimits.HANDSHAKE_BYTES, readyBytes);
      case READY -> readyBytes;
      case SYNC -> syncBytes;
    };
  }

  @Override
  public String toString() {
    return name + "(" + number + ")";
  }
}
