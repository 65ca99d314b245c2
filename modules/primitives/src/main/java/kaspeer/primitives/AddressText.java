package kaspeer.primitives;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kaspeer.primitives.AddressException.Reason;

/**
 * Bytes as text with a prefix and a checksum: the base 32 of Bitcoin Cash's addresses, with a
 * 40-bit BCH code over prefix and data.
 */
final class AddressText {
  private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

  /** Characters of a checksum. */
  private static final int CHECKSUM_LENGTH = 8;

  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      VALUES[ALPHABET.charAt(i)] = (byte) i;
    }
  }

  private AddressText() {}

  /** The prefix, a colon, the data and the checksum. */
  static String encode(String prefix, byte[] data) {
    byte[] digits = toDigits(data);
    long checksum = checksum(prefix, digits, digits.length);
    StringBuilder text = new StringBuilder(prefix).append(':');
    for (byte digit : digits) {
      text.append(ALPHABET.charAt(digit));
    }
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt((int) (checksum >>> 5 * i) & 31));
    }
    return text.toString();
  }

  /**
   * The data in what follows the colon.
   *
   * @param maxLength characters that may follow it
   */
  static byte[] decode(String prefix, String text, int maxLength) throws AddressException {
    int length = text.length() - CHECKSUM_LENGTH;
    if (length <= 0 || text.length() > maxLength) {
      throw new AddressException(
          Reason.BAD_LENGTH, text.length() + " characters after the colon are no address");
    }
    byte[] digits = new byte[text.length()];
    for (int i = 0; i < digits.length; i++) {
      char character = text.charAt(i);
      digits[i] = character < VALUES.length ? VALUES[character] : -1;
      if (digits[i] < 0) {
        throw new AddressException(
            Reason.BAD_CHARACTER, "an address has no character '" + character + "'");
      }
    }
    long stated = 0;
    for (int i = length; i < digits.length; i++) {
      stated = stated << 5 | digits[i];
    }
    if (stated != checksum(prefix, digits, length)) {
      throw new AddressException(Reason.BAD_CHECKSUM, "the checksum does not fit the address");
    }
    return toBytes(digits, length);
  }

  /** The remainder of prefix (low five bits of each character), 0, data and eight zeros. */
  private static long checksum(String prefix, byte[] digits, int length) {
    long remainder = 1;
    for (byte character : prefix.getBytes(StandardCharsets.US_ASCII)) {
      remainder = step(remainder, character & 31);
    }
    remainder = step(remainder, 0);
    for (int i = 0; i < length; i++) {
      remainder = step(remainder, digits[i]);
    }
    for (int i = 0; i < CHECKSUM_LENGTH; i++) {
      remainder = step(remainder, 0);
    }
    return remainder ^ 1;
  }

  /** One step of the division by the code's generator polynomial. */
  private static long step(long remainder, int digit) {
    int top = (int) (remainder >>> 35);
    long next = (remainder & 0x7ffffffffL) << 5 ^ digit;
    next ^= (top & 1) == 0 ? 0 : 0x98f2bc8e61L;
    next ^= (top & 2) == 0 ? 0 : 0x79b76d99e2L;
    next ^= (top & 4) == 0 ? 0 : 0xf33e5fb3c4L;
    next ^= (top & 8) == 0 ? 0 : 0xae2eabe2a8L;
    next ^= (top & 16) == 0 ? 0 : 0x1e4f43e470L;
    return next;
  }

  private static byte[] toDigits(byte[] data) {
    byte[] digits = new byte[(data.length * 8 + 4) / 5];
    for (int i = 0; i < digits.length; i++) {
      int bit = 5 * i;
      int pair = (data[bit / 8] & 0xFF) << 8;
      if (bit / 8 + 1 < data.length) {
        pair |= data[bit / 8 + 1] & 0xFF;
      }
      digits[i] = (byte) (pair >>> (11 - bit % 8) & 31);
    }
    return digits;
  }

  private static byte[] toBytes(byte[] digits, int length) throws AddressException {
    byte[] data = new byte[length * 5 / 8];
    int bits = 0;
    int count = 0;
    int next = 0;
    for (int i = 0; i < length; i++) {
      bits = bits << 5 | digits[i];
      count += 5;
      if (count >= 8) {
        count -= 8;
        data[next++] = (byte) (bits >>> count);
        bits &= (1 << count) - 1;
      }
    }
    if (count >= 5 || bits != 0) {
      throw new AddressException(
          Reason.BAD_PADDING, "the last character of the address holds bits that mean nothing");
    }
    return data;
  }
}
