package kaspeer.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadType;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Follows gRPC's framing of messages through the data of a stream: five bytes, a flag and a length,
 * before each. Refuses a length before the bytes come: one that no message may have in the phase,
 * and, if it is not compressed, one that its type may not have, which its first bytes tell. Used by
 * the event loop of the connection only.
 */
final class GrpcPrefix {
  private static final int PREFIX = 5;
  private static final int COMPRESSED = 1;

  /**
   * What gzip may add to bytes that do not compress: a five-byte head for each 32 KiB, and its own
   * head and tail.
   */
  private static final int GZIP_SHIFT = 10;

  private static final int GZIP_FIXED = 64;

  /** What the codec keeps for a message besides its bytes, which are few if it is a small one. */
  static final int MESSAGE_COST = 256;

  /** Smaller messages are not worth a look at their type before they are there. */
  private static final int TYPED_FROM = 1024;

  /** A tag has at most 32 bits; of these the last byte of five holds four. */
  private static final int TAG_BITS = 28;

  /** The global budget is told in steps of this many bytes. */
  private static final int STEP = 64 * 1024;

  private final Connection connection;
  private int filled;
  private int flag;
  private int length;
  private int bodyLeft;

  /** The first number of the body, as far as it came: the tag of its first field. */
  private int tag;

  /** Bits of that number read; -1 when there is nothing to be learnt from it any more. */
  private int tagBits;

  private long messages;
  private long read;
  private long startedAt;
  private long heldBytes;
  private long toldBytes;
  private boolean released;

  GrpcPrefix(Connection connection) {
    this.connection = connection;
  }

  /** Whether a message has begun and is not complete. */
  boolean midMessage() {
    return filled > 0;
  }

  /** Messages that came whole and were not read yet. */
  long unread() {
    return messages - read;
  }

  /** Whether so many more bytes complete the message under way. */
  boolean completedBy(int bytes) {
    return filled == PREFIX && bodyLeft == bytes;
  }

  /** When the message under way began, by {@link System#nanoTime}. */
  long startedAt() {
    return startedAt;
  }

  /** Bytes of the message under way, as announced. */
  int length() {
    return length;
  }

  /** A message was read, of so many bytes without its prefix. */
  void messageRead(int bytes) {
    read++;
    held(-(bytes + PREFIX + MESSAGE_COST));
  }

  /** Nothing will be read any more. */
  void release() {
    released = true;
    connection.holding().give(toldBytes);
    toldBytes = 0;
    heldBytes = 0;
  }

  /** Takes in bytes of the stream. */
  void data(ByteBuf in, int from, int count) {
    held(count);
    int pos = from;
    int end = from + count;
    while (pos < end) {
      if (filled < PREFIX) {
        byte b = in.getByte(pos++);
        if (filled == 0) {
          startedAt = System.nanoTime();
          flag = b;
          length = 0;
        } else {
          length = length << 8 | b & 0xFF;
        }
        filled++;
        if (filled == PREFIX && !announced()) {
          return;
        }
      } else {
        if (tagBits >= 0 && !typed(in.getByte(pos))) {
          return;
        }
        int part = tagBits >= 0 ? 1 : Math.min(bodyLeft, end - pos);
        bodyLeft -= part;
        pos += part;
        messageDone();
      }
    }
  }

  private boolean announced() {
    WireFault fault = judge();
    if (fault != null) {
      connection.fault(fault);
      return false;
    }
    bodyLeft = length;
    tag = 0;
    tagBits = flag == COMPRESSED || length <= TYPED_FROM ? -1 : 0;
    messageDone();
    return true;
  }

  /**
   * Reads one byte more of the first field's tag. Ids may stand before the payload, or fields that
   * nobody knows: of these the check that walks the whole frame finds the same later.
   *
   * @return false if the message is larger than its type may be
   */
  private boolean typed(byte b) {
    tag |= (b & 0x7F) << tagBits;
    tagBits += 7;
    if (b < 0 && tagBits < TAG_BITS) {
      return true;
    }
    tagBits = -1;
    ConnectionPhase phase = connection.phase();
    PayloadType type = b < 0 ? null : connection.options().catalogue().byNumber(tag >>> 3);
    if (type == null || length <= type.maxBytes(phase)) {
      return true;
    }
    connection.fault(
        new WireFault(
            Reason.OVERSIZE,
            type.number(),
            type.name() + " of " + length + " bytes, at most " + type.maxBytes(phase)));
    return false;
  }

  private void messageDone() {
    if (bodyLeft == 0) {
      filled = 0;
      messages++;
      held(MESSAGE_COST);
    }
  }

  private @Nullable WireFault judge() {
    if ((flag & ~COMPRESSED) != 0) {
      return WireFault.of(Reason.BAD_FRAME_PREFIX, "flags " + (flag & 0xFF));
    }
    boolean compressed = flag == COMPRESSED;
    if (compressed && !connection.takesCompressed()) {
      return WireFault.of(Reason.UNKNOWN_ENCODING, "a compressed frame, and no encoding was named");
    }
    if (length < 0) {
      return WireFault.of(
          Reason.BAD_LENGTH, "frame of " + Integer.toUnsignedString(length) + " bytes");
    }
    ConnectionPhase phase = connection.phase();
    int cap = connection.options().catalogue().maxBytes(phase);
    int most = compressed ? cap + (cap >>> GZIP_SHIFT) + GZIP_FIXED : cap;
    if (length > most) {
      return WireFault.of(
          Reason.OVERSIZE, "frame of " + length + " bytes, at most " + most + " in phase " + phase);
    }
    return null;
  }

  private void held(int more) {
    if (released) {
      return;
    }
    heldBytes += more;
    long untold = heldBytes - toldBytes;
    if (untold >= STEP || untold <= -STEP || (heldBytes == 0 && toldBytes != 0)) {
      toldBytes = heldBytes;
      if (untold < 0) {
        connection.holding().give(-untold);
      } else {
        connection.holding().take(untold);
      }
    }
  }
}
