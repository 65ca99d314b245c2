package kaspeer.storage;

import java.util.Arrays;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * Reads a record that {@link ByteWriter} wrote. Whatever else it is given ends in {@link Damage}.
 */
final class ByteReader {
  private final String what;
  private final byte[] bytes;
  private int position;

  /**
   * @param what names the record in errors
   */
  ByteReader(String what, byte[] bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  Damage corrupt(String problem) {
    return new Damage(what + ", byte " + position + ": " + problem);
  }

  int u8() {
    need(1);
    return bytes[position++] & 0xFF;
  }

  int intLe() {
    int at = advance(4);
    return Bytes.intLe(bytes, at);
  }

  long longLe() {
    int at = advance(8);
    return Bytes.longLe(bytes, at);
  }

  long varLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("a number of more than 64 bits");
  }

  int varInt() {
    long value = varLong();
    if (value >>> 32 != 0) {
      throw corrupt("a number of more than 32 bits");
    }
    return (int) value;
  }

  /** A number from 0 to {@code max}. */
  int varInt(int max) {
    int value = varInt();
    if (value < 0 || value > max) {
      throw corrupt(Integer.toUnsignedString(value) + " where at most " + max + " can be");
    }
    return value;
  }

  /**
   * A number of things that take at least {@code each} bytes each, so no more than the rest of the
   * record can hold.
   */
  int count(int each) {
    return varInt(remaining() / each);
  }

  Hash hash() {
    int at = advance(Hash.SIZE);
    return Hash.read(bytes, at);
  }

  byte[] raw(int length) {
    int at = advance(length);
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  byte[] varBytes() {
    return raw(count(1));
  }

  void skip(int length) {
    advance(length);
  }

  int remaining() {
    return bytes.length - position;
  }

  /** Nothing may be left. */
  void end() {
    if (position != bytes.length) {
      throw corrupt(remaining() + " bytes too many");
    }
  }

  private int advance(int length) {
    need(length);
    int at = position;
    position += length;
    return at;
  }

  private void need(int length) {
    if (length > remaining()) {
      throw corrupt("cut short");
    }
  }
}
