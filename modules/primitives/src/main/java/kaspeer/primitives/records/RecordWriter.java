package kaspeer.primitives.records;

import java.util.Arrays;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * Collects the bytes of a record. Variable-length numbers are unsigned LEB128: 7 bits a byte,
 * lowest first.
 */
public final class RecordWriter {
  private byte[] bytes;
  private int size;

  /**
   * An empty record.
   *
   * @param expected how many bytes it will probably have
   */
  public RecordWriter(int expected) {
    bytes = new byte[Math.max(16, expected)];
  }

  /** The low 8 bits. */
  public void u8(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** 32 bits of fixed width, little-endian. */
  public void intLe(int value) {
    ensure(4);
    Bytes.putIntLe(bytes, size, value);
    size += 4;
  }

  /** 64 bits of fixed width, little-endian. */
  public void longLe(long value) {
    ensure(8);
    Bytes.putLongLe(bytes, size, value);
    size += 8;
  }

  /** Any 64 bits, taken as unsigned: 1 to 10 bytes. */
  public void varLong(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Any 32 bits, taken as unsigned: 1 to 5 bytes. */
  public void varInt(int value) {
    varLong(Integer.toUnsignedLong(value));
  }

  /** The 32 bytes of a hash. */
  public void hash(Hash hash) {
    ensure(Hash.SIZE);
    hash.write(bytes, size);
    size += Hash.SIZE;
  }

  /** The bytes, without their length. */
  public void raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  /** Length, then the bytes. */
  public void varBytes(byte[] value) {
    varInt(value.length);
    raw(value);
  }

  /** What was written so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
