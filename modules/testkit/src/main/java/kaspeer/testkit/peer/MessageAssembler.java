package kaspeer.testkit.peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Puts gRPC messages together again: one byte whether compressed, four of length, the message. */
final class MessageAssembler {
  private static final int PREFIX = 5;
  private static final int MAX_BYTES = 256 << 20;
  private static final byte[] NOTHING = {};

  private byte[] held = NOTHING;
  private int from;
  private int to;

  void add(byte[] data, int offset, int length) {
    if (from == to) {
      held = Arrays.copyOfRange(data, offset, offset + length);
      from = 0;
      to = length;
      return;
    }
    int have = to - from;
    if (held.length - to < length) {
      byte[] larger = from >= length ? held : new byte[Math.max(2 * have, have + length)];
      System.arraycopy(held, from, larger, 0, have);
      held = larger;
      from = 0;
      to = have;
    }
    System.arraycopy(data, offset, held, to, length);
    to += length;
  }

  /** The next whole message, decompressed. */
  byte @Nullable [] next() throws IOException {
    if (to - from < PREFIX) {
      return null;
    }
    int length = Http2.getInt(held, from + 1);
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("a message of " + Integer.toUnsignedString(length) + " bytes");
    }
    if (to - from - PREFIX < length) {
      return null;
    }
    boolean compressed = held[from] != 0;
    byte[] message = Arrays.copyOfRange(held, from + PREFIX, from + PREFIX + length);
    from += PREFIX + length;
    if (from == to) {
      held = NOTHING;
      from = 0;
      to = 0;
    }
    return compressed ? inflate(message) : message;
  }

  private static byte[] inflate(byte[] packed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] message = in.readNBytes(MAX_BYTES + 1);
      if (message.length > MAX_BYTES) {
        throw new IOException("a message beyond " + MAX_BYTES + " bytes");
      }
      return message;
    }
  }
}
