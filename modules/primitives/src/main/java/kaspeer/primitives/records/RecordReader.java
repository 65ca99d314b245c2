package kaspeer.primitives.records;

import java.util.Arrays;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * Reads a record that {@link RecordWriter} wrote. Whatever else it is given ends in an exception,
 * before memory is taken that the record could not fill.
 */
public final class RecordReader {
  /** Makes the exception for a record that is damaged. */
  @FunctionalInterface
  public interface Damage {
    /**
     * What to throw.
     *
     * @param at how many bytes were read before it was found
     * @param problem what is wrong there, a part of a sentence
     */
    RuntimeException of(int at, String problem);
  }

  private final byte[] bytes;
  private final Damage damage;
  private int position;

  public RecordReader(byte[] bytes, Damage damage) {
    this.bytes = bytes;
    this.damage = damage;
  }

  /** What to throw for a record that is damaged here. */
  public RuntimeException damaged(String problem) {
    return damage.of(position, problem);
  }

  /** One byte, from 0 to 255. */
  public int u8() {
    need(1);
    return bytes[position++] & 0xFF;
  }

  /** 32 bits of fixed width. */
  public int intLe() {
    int at = advance(4);
    return Bytes.intLe(bytes, at);
  }

  /** 64 bits of fixed width. */
  public long longLe() {
    int at = advance(8);
    return Bytes.longLe(bytes, at);
  }

  /** Any 64 bits. */
  public long varLong() {
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
    throw damaged("a number of more than 64 bits");
  }

  /** Any 32 bits. */
  public int varInt() {
    long value = varLong();
    if (value >>> 32 != 0) {
      throw damaged("a number of more than 32 bits");
    }
    return (int) value;
  }

  /** A number from 0 to {@code max}. */
  public int varInt(int max) {
    int value = varInt();
    if (value < 0 || value > max) {
      throw damaged(Integer.toUnsignedString(value) + " where at most " + max + " can be");
    }
    return value;
  }

  /**
   * A number of things that take at least {@code each} bytes each, so no more than the rest of the
   * record can hold.
   */
  public int count(int each) {
    return varInt(remaining() / each);
  }

  /** The 32 bytes of a hash. */
  public Hash hash() {
    int at = advance(Hash.SIZE);
    return Hash.read(bytes, at);
  }

  /** The next bytes. */
  public byte[] raw(int length) {
    int at = advance(length);
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  /** A length, and as many bytes. */
  public byte[] varBytes() {
    return raw(count(1));
  }

  /** Leaves bytes out. */
  public void skip(int length) {
    advance(length);
  }

  /** How many bytes are left. */
  public int remaining() {
    return bytes.length - position;
  }

  /** Nothing may be left. */
  public void end() {
    if (position != bytes.length) {
      throw damaged(remaining() + " bytes too many");
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
      throw damaged("cut short");
    }
  }
}
