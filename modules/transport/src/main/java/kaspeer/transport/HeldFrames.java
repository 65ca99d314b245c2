package kaspeer.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 frames that came while messages wait unread and are kept from the codec until there is
 * room, as bytes: no object for each. Those that do not belong to the stream's messages, window
 * updates above all, do not wait. Used by the event loop of the connection only.
 */
final class HeldFrames {
  static final int HEAD = 9;

  private static final int AT_ONCE = 16 * 1024;

  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int WINDOW_UPDATE = 8;

  private final Holding holding;
  private final int most;
  private final byte[] head = new byte[HEAD];
  private int filled;
  private int left;
  private @Nullable ByteBuf held;
  private long counted;

  /**
   * @param holding what is held counts there
   * @param most bytes from which on nothing more is to be read
   */
  HeldFrames(Holding holding, int most) {
    this.holding = holding;
    this.most = most;
  }

  /**
   * Takes in the next bytes, up to the end of a head or of a frame. They are not counted yet.
   *
   * @return where they end
   */
  int take(ByteBufAllocator alloc, ByteBuf in, int pos, int end) {
    if (left > 0) {
      int part = Math.min(left, end - pos);
      buffer(alloc).writeBytes(in, pos, part);
      left -= part;
      return pos + part;
    }
    int part = Math.min(HEAD - filled, end - pos);
    in.getBytes(pos, head, filled, part);
    filled += part;
    if (filled == HEAD && !passes()) {
      buffer(alloc).writeBytes(head);
      left = length(head);
      filled = 0;
    }
    return pos + part;
  }

  /** Whether the head of a frame is here that must not wait. */
  boolean passes() {
    return filled == HEAD
        && switch (head[3]) {
          case SETTINGS, PING, WINDOW_UPDATE -> true;
          default -> false;
        };
  }

  /** That head, taken out. */
  byte[] takeHead() {
    filled = 0;
    return head.clone();
  }

  boolean isFull() {
    return held != null && held.readableBytes() >= most;
  }

  /**
   * The next whole frames, taken out: one, and those after it that keep within {@value #AT_ONCE}
   * bytes; null if there is none. To be released by the caller.
   */
  @Nullable ByteBuf nextFrames() {
    ByteBuf from = held;
    if (from == null) {
      return null;
    }
    int size = 0;
    while (from.readableBytes() - size >= HEAD) {
      int next = size + HEAD + from.getUnsignedMedium(from.readerIndex() + size);
      if (next > from.readableBytes() || size > 0 && next > AT_ONCE) {
        break;
      }
      size = next;
    }
    if (size == 0) {
      return null;
    }
    // A copy: the codec may keep a part of it for long.
    ByteBuf frames = from.readBytes(size);
    from.discardSomeReadBytes();
    count();
    return frames;
  }

  /** What is left when there is no whole frame any more, taken out: the beginning of one. */
  ByteBuf takeRest(ByteBufAllocator alloc) {
    ByteBuf from = buffer(alloc);
    // A copy, as above: what was held has grown to all that was.
    ByteBuf rest = alloc.buffer(from.readableBytes() + filled);
    rest.writeBytes(from).writeBytes(head, 0, filled);
    filled = 0;
    left = 0;
    drop();
    return rest;
  }

  /** Lets go of everything. */
  void drop() {
    if (held != null) {
      held.release();
      held = null;
    }
    count();
  }

  private ByteBuf buffer(ByteBufAllocator alloc) {
    ByteBuf buffer = held;
    if (buffer == null) {
      buffer = alloc.buffer();
      held = buffer;
    }
    return buffer;
  }

  /** Counts what is held; to be called when bytes were taken in. */
  void count() {
    long now = held == null ? 0 : held.readableBytes();
    long before = counted;
    counted = now;
    if (now < before) {
      holding.give(before - now);
    } else if (now > before) {
      holding.take(now - before);
    }
  }

  /** Of the payload that a head tells. */
  static int length(byte[] head) {
    return (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
  }
}
