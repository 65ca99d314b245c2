package kaspeer.testkit.peer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The little of HTTP/2 (RFC 9113) and its header encoding (RFC 7541) that one gRPC stream needs.
 */
final class Http2 {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;

  static final int SETTING_INITIAL_WINDOW = 4;
  static final int DEFAULT_WINDOW = 65_535;
  static final int MAX_FRAME = 16_384;

  /** The stream of whoever dials. */
  static final int STREAM = 1;

  private Http2() {}

  /**
   * A frame.
   *
   * @param stream 0 for the connection
   */
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /** Encodes a frame; its length is the payload's. */
  static byte[] encode(int type, int flags, int stream, byte[] payload, int from, int length) {
    byte[] frame = new byte[9 + length];
    frame[0] = (byte) (length >>> 16);
    frame[1] = (byte) (length >>> 8);
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    putInt(frame, 5, stream);
    System.arraycopy(payload, from, frame, 9, length);
    return frame;
  }

  /** The payload of a SETTINGS frame with the window of new streams. */
  static byte[] initialWindow(int window) {
    byte[] payload = new byte[6];
    payload[1] = SETTING_INITIAL_WINDOW;
    putInt(payload, 2, window);
    return payload;
  }

  static byte[] number(int value) {
    byte[] payload = new byte[4];
    putInt(payload, 0, value);
    return payload;
  }

  /**
   * Headers as literals that nobody indexes, names and values in pairs, each shorter than 127
   * bytes.
   */
  static byte[] headers(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      text(block, namesAndValues[i]);
      text(block, namesAndValues[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= 127) {
      throw new IllegalArgumentException("too long for a header here: " + text);
    }
    block.write(bytes.length);
    block.writeBytes(bytes);
  }

  static int getInt(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | bytes[at + 3] & 0xFF;
  }

  static void putInt(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }
}
