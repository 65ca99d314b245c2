package kaspeer.script;

import java.util.Arrays;

/**
 * Numbers and truth values as scripts hold them (consensus reference 6.8.1): little-endian, the top
 * bit of the last byte is the sign, nothing is zero. Any encoding of up to 8 bytes is read, so that
 * -2^63 cannot be; the shortest one is written. What is handed out is shared and must not be
 * changed.
 */
final class ScriptNumber {
  static final byte[] FALSE = {};
  static final byte[] TRUE = {1};

  /** Bytes of the longest number that can be read. */
  static final int MAX_SIZE = 8;

  private static final int SIGN = 0x80;
  private static final int MAX_KEPT = 255;

  /** Encodings of the small numbers, which most numbers in scripts are. */
  private static final byte[][] KEPT = new byte[MAX_KEPT + 1][];

  private static final byte[] MINUS_ONE = {(byte) (SIGN | 1)};

  static {
    KEPT[0] = FALSE;
    KEPT[1] = TRUE;
    for (int i = 2; i <= MAX_KEPT; i++) {
      KEPT[i] = shortest(i);
    }
  }

  private ScriptNumber() {}

  /**
   * The number in these bytes.
   *
   * @throws ScriptException {@link ScriptError#NUMBER_TOO_BIG} if there are more than 8
   */
  static long decode(byte[] bytes) throws ScriptException {
    int last = bytes.length - 1;
    if (last < 0) {
      return 0;
    }
    if (last >= MAX_SIZE) {
      throw new ScriptException(ScriptError.NUMBER_TOO_BIG, bytes.length + " bytes");
    }
    long magnitude = bytes[last] & ~SIGN & 0xFF;
    for (int i = last - 1; i >= 0; i--) {
      magnitude = magnitude << 8 | (bytes[i] & 0xFF);
    }
    return bytes[last] < 0 ? -magnitude : magnitude;
  }

  /**
   * The shortest encoding.
   *
   * @throws ScriptException {@link ScriptError#NUMBER_NOT_ENCODABLE} for -2^63
   */
  static byte[] encode(long value) throws ScriptException {
    if (value >= 0 && value <= MAX_KEPT) {
      return KEPT[(int) value];
    }
    if (value == -1) {
      return MINUS_ONE;
    }
    if (value == Long.MIN_VALUE) {
      throw new ScriptException(ScriptError.NUMBER_NOT_ENCODABLE, "-2^63");
    }
    return shortest(value);
  }

  /**
   * The encoding in exactly {@code size} bytes, 0 to 8.
   *
   * @throws ScriptException {@link ScriptError#NUMBER_NOT_ENCODABLE} if that is too few
   */
  static byte[] encode(long value, int size) throws ScriptException {
    byte[] shortest = encode(value);
    if (shortest.length > size) {
      throw new ScriptException(
          ScriptError.NUMBER_NOT_ENCODABLE, value + " does not fit " + size + " bytes");
    }
    if (shortest.length == size) {
      return shortest;
    }
    byte[] wide = Arrays.copyOf(shortest, size);
    if (value < 0) {
      wide[shortest.length - 1] &= (byte) ~SIGN;
      wide[size - 1] = (byte) SIGN;
    }
    return wide;
  }

  private static byte[] shortest(long value) {
    long magnitude = Math.abs(value);
    // One bit more, for the sign.
    int size = (Long.SIZE - Long.numberOfLeadingZeros(magnitude)) / Byte.SIZE + 1;
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (magnitude >>> Byte.SIZE * i);
    }
    if (value < 0) {
      bytes[size - 1] |= (byte) SIGN;
    }
    return bytes;
  }

  static byte[] ofBoolean(boolean value) {
    return value ? TRUE : FALSE;
  }

  /**
   * Whether any bit is set besides the sign: -0 is false too. A script may ask for this of a
   * megabyte again and again for nothing, so that is looked at as fast as memory is compared.
   */
  static boolean isTrue(byte[] bytes) {
    int last = bytes.length - 1;
    if (last < 0) {
      return false;
    }
    if ((bytes[last] & ~SIGN & 0xFF) != 0) {
      return true;
    }
    // All before the last are zero if the first is and each is as the one before it.
    return last > 0 && (bytes[0] != 0 || Arrays.mismatch(bytes, 0, last - 1, bytes, 1, last) >= 0);
  }
}
