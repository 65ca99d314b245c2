package kaspeer.wire;

import java.util.Arrays;
import java.util.Objects;
import kaspeer.wire.RawSchema.Field;
import kaspeer.wire.RawSchema.Kind;
import kaspeer.wire.RawSchema.Node;
import kaspeer.wire.WireFault.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Walks the raw bytes of a frame, tags and lengths only, before any object is made of them. A frame
 * of empty elements would otherwise cost fifty times its size in heap.
 *
 * <p>What passes has exactly one payload, of a type that the phase and the version allow, within
 * the bounds of its type; lists within theirs; every hash with its 32 bytes; no field twice that
 * may stand once; texts in UTF-8. Fields that no message has are skipped; the decoder drops them.
 * Not for use by two threads at once; keeps nothing between frames.
 */
public final class RawCheck {
  /** What the walk found. */
  public sealed interface Result permits Checked, WireFault {}

  /**
   * A frame that may be decoded.
   *
   * @param requestId 0 for none; unsigned
   * @param responseId 0 for none; unsigned
   * @param payloadOffset where the payload's bytes begin in the array
   * @param payloadLength how many they are
   * @param heapBytes about what the decoded message takes in heap; of an extension's payload its
   *     bytes
   */
  public record Checked(
      PayloadType type,
      int requestId,
      int responseId,
      int payloadOffset,
      int payloadLength,
      long heapBytes)
      implements Result {}

  private static final int RESPONSE_ID = 101;
  private static final int REQUEST_ID = 102;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int GROUP = 3;
  private static final int END_GROUP = 4;
  private static final int FIXED32 = 5;

  /** Messages nest at most this deep: trusted data, block, transaction, input, outpoint, id. */
  private static final int MAX_DEPTH = 12;

  /** A byte string or text: two objects around its bytes. */
  private static final int STRING_BYTES = 40;

  /** A number in a list. */
  private static final int NUMBER_BYTES = 8;

  private static final int FAILED = -1;

  private final PayloadCatalogue catalogue;
  private final int[] frameCounts = new int[RawSchema.COUNTERS];
  private final int[] listCounts = new int[MAX_DEPTH * RawSchema.SLOTS];

  private byte[] bytes = new byte[0];
  private long number;
  private int payload;
  private long heapBytes;
  private @Nullable WireFault fault;

  /**
   * @param catalogue the payload types that pass
   */
  public RawCheck(PayloadCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Checks one frame.
   *
   * @param frame array that holds it
   * @param offset where it begins
   * @param length how many bytes it has, after decompression
   * @param phase how far the connection has come
   * @param version the protocol version agreed on; not looked at before {@link
   *     ConnectionPhase#READY}
   */
  public Result check(byte[] frame, int offset, int length, ConnectionPhase phase, int version) {
    int most = catalogue.maxBytes(phase);
    if (length > most) {
      return WireFault.of(Reason.OVERSIZE, length + " bytes, at most " + most);
    }
    begin(frame);
    try {
      Result result = envelope(offset, offset + length, phase, version);
      return fault != null ? fault : result;
    } finally {
      bytes = new byte[0];
    }
  }

  private void begin(byte[] frame) {
    bytes = frame;
    payload = 0;
    heapBytes = 0;
    fault = null;
    Arrays.fill(frameCounts, 0);
  }

  private Result envelope(int start, int end, ConnectionPhase phase, int version) {
    int requestId = 0;
    int responseId = 0;
    int payloadStart = 0;
    int payloadLength = 0;
    PayloadType type = null;
    int pos = start;
    while (pos < end) {
      pos = tag(pos, end);
      if (pos == FAILED) {
        return fault();
      }
      int field = (int) (number >>> 3);
      int wireType = (int) (number & 7);
      if (field == REQUEST_ID || field == RESPONSE_ID) {
        pos = wireType == VARINT ? varint(pos, end) : fail(Reason.BAD_WIRE_TYPE, "id is no number");
        requestId = field == REQUEST_ID ? (int) number : requestId;
        responseId = field == RESPONSE_ID ? (int) number : responseId;
      } else if (wireType != LENGTH) {
        // A payload is a message; the live network's decoder refuses its number with anything else.
        pos =
            catalogue.byNumber(field) == null
                ? skip(pos, end, wireType, field)
                : notAPayload(wireType, field);
      } else {
        if (type != null) {
          return WireFault.of(Reason.SECOND_PAYLOAD, type + " and number " + field);
        }
        type = admit(field, end - start, phase, version);
        pos = type == null ? FAILED : length(pos, end);
        payloadStart = pos;
        payloadLength = (int) number;
        pos = pos == FAILED ? FAILED : payload(field, pos, pos + payloadLength);
      }
      if (pos == FAILED) {
        return fault();
      }
    }
    if (type == null) {
      return WireFault.of(Reason.NO_PAYLOAD, "a frame without payload");
    }
    return new Checked(
        type,
        requestId,
        responseId,
        payloadStart,
        payloadLength,
        RawSchema.ENVELOPE.objectBytes() + heapBytes);
  }

  private int notAPayload(int wireType, int field) {
    return wireType == GROUP || wireType == END_GROUP
        ? fail(Reason.GROUP, "field " + field)
        : fail(Reason.BAD_WIRE_TYPE, "payload " + field + " is no message");
  }

  private @Nullable PayloadType admit(
      int field, int frameLength, ConnectionPhase phase, int version) {
    PayloadType type = catalogue.byNumber(field);
    if (type == null) {
      fail(Reason.UNKNOWN_PAYLOAD, "number " + field);
      return null;
    }
    payload = field;
    if (type.kind() == PayloadKind.LEGACY) {
      fail(Reason.LEGACY_PAYLOAD, type.name());
      return null;
    }
    if (phase != ConnectionPhase.HANDSHAKE && !type.in(version)) {
      fail(Reason.OTHER_VERSION, type.name() + " in version " + version);
      return null;
    }
    int most = type.maxBytes(phase);
    if (frameLength > most) {
      fail(Reason.OVERSIZE, type.name() + " of " + frameLength + " bytes, at most " + most);
      return null;
    }
    return type;
  }

  private int payload(int field, int start, int end) {
    Field known = RawSchema.ENVELOPE.field(field);
    Node node = known == null ? null : known.child();
    if (node == null) {
      // An extension's payload is opaque here.
      heapBytes += end - start;
      return end;
    }
    return message(node, start, end, 0);
  }

  /** Walks one message; recursion goes no deeper than the schema, which has no cycles. */
  private int message(Node node, int start, int end, int depth) {
    heapBytes += node.objectBytes();
    int seen = 0;
    int slots = depth * RawSchema.SLOTS;
    for (int i = 0; i < RawSchema.SLOTS; i++) {
      listCounts[slots + i] = 0;
    }
    int pos = start;
    while (pos < end) {
      pos = tag(pos, end);
      if (pos == FAILED) {
        return FAILED;
      }
      int wireType = (int) (number & 7);
      int tagged = (int) (number >>> 3);
      Field field = node.field(tagged);
      if (field == null) {
        pos = skip(pos, end, wireType, tagged);
      } else {
        if (!field.list() && (seen & field.bit()) != 0) {
          return fail(Reason.REPEATED_FIELD, node.name() + "." + field.name());
        }
        seen |= field.bit();
        pos = value(node, field, wireType, pos, end, depth);
      }
      if (pos == FAILED) {
        return FAILED;
      }
    }
    int missing = node.required() & ~seen;
    return missing == 0
        ? end
        : fail(Reason.MISSING_FIELD, node.name() + "." + node.nameOf(missing));
  }

  private int value(Node node, Field field, int wireType, int pos, int end, int depth) {
    if (field.kind() == Kind.VARINT) {
      return numbers(node, field, wireType, pos, end, depth);
    }
    if (wireType != LENGTH) {
      return wireType == GROUP || wireType == END_GROUP
          ? fail(Reason.GROUP, node.name() + "." + field.name())
          : fail(Reason.BAD_WIRE_TYPE, node.name() + "." + field.name());
    }
    if (field.list() && !count(field, 1, depth)) {
      return tooMany(node, field);
    }
    int from = length(pos, end);
    if (from == FAILED) {
      return FAILED;
    }
    int to = from + (int) number;
    if (field.kind() != Kind.MESSAGE) {
      heapBytes += STRING_BYTES + (to - from);
    }
    return switch (field.kind()) {
      case MESSAGE -> {
        Node child = field.child();
        yield child == null ? to : message(child, from, to, depth + 1);
      }
      case HASH ->
          to - from == 32
              ? to
              : fail(Reason.BAD_HASH, node.name() + " of " + (to - from) + " bytes");
      case TEXT ->
          Utf8.valid(bytes, from, to)
              ? to
              : fail(Reason.BAD_TEXT, node.name() + "." + field.name());
      case BYTES, VARINT -> to;
    };
  }

  /** One number, or a packed list of them. */
  private int numbers(Node node, Field field, int wireType, int pos, int end, int depth) {
    if (wireType == VARINT) {
      return field.list() && !count(field, 1, depth) ? tooMany(node, field) : varint(pos, end);
    }
    if (wireType != LENGTH || !field.list()) {
      return wireType == GROUP || wireType == END_GROUP
          ? fail(Reason.GROUP, node.name() + "." + field.name())
          : fail(Reason.BAD_WIRE_TYPE, node.name() + "." + field.name());
    }
    int at = length(pos, end);
    if (at == FAILED) {
      return FAILED;
    }
    int to = at + (int) number;
    while (at < to) {
      if (!count(field, 1, depth)) {
        return tooMany(node, field);
      }
      at = varint(at, to);
      if (at == FAILED) {
        return FAILED;
      }
    }
    return to;
  }

  /** Counts elements of a list, of which numbers take no object each. */
  private boolean count(Field field, int more, int depth) {
    heapBytes += field.kind() == Kind.VARINT ? NUMBER_BYTES : 0;
    if (field.counter() >= 0) {
      frameCounts[field.counter()] += more;
      return frameCounts[field.counter()] <= field.cap();
    }
    int slot = depth * RawSchema.SLOTS + field.slot();
    listCounts[slot] += more;
    return listCounts[slot] <= field.cap();
  }

  private int tooMany(Node node, Field field) {
    return fail(
        Reason.TOO_MANY_ELEMENTS,
        node.name() + "." + field.name() + " has more than " + field.cap());
  }

  /** Steps over a field that the message does not have. */
  private int skip(int pos, int end, int wireType, int field) {
    return switch (wireType) {
      case VARINT -> varint(pos, end);
      case FIXED64 -> forward(pos, end, 8);
      case FIXED32 -> forward(pos, end, 4);
      case LENGTH -> {
        int from = length(pos, end);
        yield from == FAILED ? FAILED : from + (int) number;
      }
      case GROUP, END_GROUP -> fail(Reason.GROUP, "field " + field);
      default -> fail(Reason.BAD_TAG, "wire type " + wireType);
    };
  }

  private int forward(int pos, int end, int step) {
    return end - pos >= step ? pos + step : fail(Reason.TRUNCATED, "ends inside a number");
  }

  /** Reads a tag into {@link #number}. */
  private int tag(int pos, int end) {
    int next = varint(pos, end);
    if (next == FAILED) {
      return FAILED;
    }
    if (number < 8 || number > 0xFFFF_FFFFL) {
      return fail(Reason.BAD_TAG, "tag " + Long.toUnsignedString(number));
    }
    return next;
  }

  /** Reads a length into {@link #number}: what it measures lies within the bounds. */
  private int length(int pos, int end) {
    int next = varint(pos, end);
    if (next == FAILED) {
      return FAILED;
    }
    if (number < 0 || number > Integer.MAX_VALUE) {
      return fail(Reason.BAD_LENGTH, "length " + Long.toUnsignedString(number));
    }
    if (number > end - next) {
      return fail(
          Reason.TRUNCATED, "length " + number + " where " + (end - next) + " bytes are left");
    }
    return next;
  }

  /** Reads a number of up to ten bytes into {@link #number}. */
  private int varint(int pos, int end) {
    long value = 0;
    int shift = 0;
    for (int at = pos; at < end; at++) {
      byte b = bytes[at];
      if (shift == 63 && b > 1) {
        return fail(Reason.BAD_VARINT, "a number of more than 64 bits");
      }
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        number = value;
        return at + 1;
      }
      shift += 7;
      if (shift > 63) {
        return fail(Reason.BAD_VARINT, "a number of more than ten bytes");
      }
    }
    return fail(Reason.TRUNCATED, "ends inside a number");
  }

  private int fail(Reason reason, String detail) {
    fault = new WireFault(reason, payload, detail);
    return FAILED;
  }

  private WireFault fault() {
    return Objects.requireNonNull(fault, "a failed step names its fault");
  }
}
