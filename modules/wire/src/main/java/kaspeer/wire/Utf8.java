package kaspeer.wire;

import java.nio.charset.StandardCharsets;

/** Texts of the wire: UTF-8, and cut without splitting a character. */
public final class Utf8 {
  private Utf8() {}

  /**
   * The longest beginning of a text that takes at most so many bytes in UTF-8 and splits no
   * character.
   *
   * @param maxBytes 0 or more
   */
  public static String cut(String text, int maxBytes) {
    if (text.length() <= maxBytes / 3) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= maxBytes) {
      return text;
    }
    int end = maxBytes;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /**
   * Whether bytes are UTF-8 as RFC 3629 has it: shortest forms, no surrogates, nothing above
   * U+10FFFF.
   */
  static boolean valid(byte[] bytes, int start, int end) {
    int pos = start;
    while (pos < end) {
      int b = bytes[pos] & 0xFF;
      int more;
      if (b < 0x80) {
        more = 0;
      } else if (b >= 0xC2 && b < 0xE0) {
        more = 1;
      } else if (b >= 0xE0 && b < 0xF0) {
        more = 2;
      } else if (b >= 0xF0 && b < 0xF5) {
        more = 3;
      } else {
        return false;
      }
      if (more >= end - pos || !secondFits(bytes, pos, b, more)) {
        return false;
      }
      for (int i = 1; i <= more; i++) {
        if ((bytes[pos + i] & 0xC0) != 0x80) {
          return false;
        }
      }
      pos += more + 1;
    }
    return true;
  }

  /**
   * Whether the second byte of a character keeps out long forms, surrogates and what is beyond
   * Unicode.
   */
  private static boolean secondFits(byte[] bytes, int pos, int first, int more) {
    if (more < 2) {
      return true;
    }
    int second = bytes[pos + 1] & 0xFF;
    return switch (first) {
      case 0xE0 -> second >= 0xA0;
      case 0xED -> second < 0xA0;
      case 0xF0 -> second >= 0x90;
      case 0xF4 -> second < 0x90;
      default -> true;
    };
  }
}
