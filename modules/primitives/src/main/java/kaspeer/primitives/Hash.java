package kaspeer.primitives;

import java.util.HexFormat;

/**
 * A 32-byte hash: of a block, a transaction, a merkle root.
 *
 * <p>Kept as four big-endian words rather than an array, so that comparing, hashing and copying
 * cost no indirection. The order is the unsigned lexicographic order of the bytes; consensus breaks
 * ties by it. Hex shows the bytes in order, without reversal.
 */
public final class Hash implements Comparable<Hash> {
  /** Bytes in a hash. */
  public static final int SIZE = 32;

  /** All bytes 0: "none". */
  public static final Hash ZERO = new Hash(0, 0, 0, 0);

  /** All bytes 0xFE: the virtual block below genesis, root of the reachability tree. */
  public static final Hash ORIGIN =
      new Hash(0xFEFEFEFEFEFEFEFEL, 0xFEFEFEFEFEFEFEFEL, 0xFEFEFEFEFEFEFEFEL, 0xFEFEFEFEFEFEFEFEL);

  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private Hash(long w0, long w1, long w2, long w3) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  /** The hash of these four big-endian words, most significant first. */
  public static Hash ofWords(long w0, long w1, long w2, long w3) {
    return new Hash(w0, w1, w2, w3);
  }

  /**
   * The hash of exactly these bytes.
   *
   * @throws IllegalArgumentException if there are not 32
   */
  public static Hash of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return read(bytes, 0);
  }

  /** The hash in the 32 bytes from {@code offset} on. */
  public static Hash read(byte[] bytes, int offset) {
    return new Hash(
        Bytes.longBe(bytes, offset),
        Bytes.longBe(bytes, offset + 8),
        Bytes.longBe(bytes, offset + 16),
        Bytes.longBe(bytes, offset + 24));
  }

  /**
   * The hash written as 64 hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Hash fromHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** Writes the 32 bytes from {@code offset} on. */
  public void write(byte[] target, int offset) {
    Bytes.putLongBe(target, offset, w0);
    Bytes.putLongBe(target, offset + 8, w1);
    Bytes.putLongBe(target, offset + 16, w2);
    Bytes.putLongBe(target, offset + 24, w3);
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    write(bytes, 0);
    return bytes;
  }

  /** The big-endian word at {@code index} 0 to 3, most significant first. */
  public long word(int index) {
    return switch (index) {
      case 0 -> w0;
      case 1 -> w1;
      case 2 -> w2;
      case 3 -> w3;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public int compareTo(Hash other) {
    int c = Long.compareUnsigned(w0, other.w0);
    if (c == 0) {
      c = Long.compareUnsigned(w1, other.w1);
    }
    if (c == 0) {
      c = Long.compareUnsigned(w2, other.w2);
    }
    return c != 0 ? c : Long.compareUnsigned(w3, other.w3);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Hash other
        && w0 == other.w0
        && w1 == other.w1
        && w2 == other.w2
        && w3 == other.w3;
  }

  /**
   * The low word: hashes are already spread evenly, and the low end has no leading zeros of proof
   * of work.
   */
  @Override
  public int hashCode() {
    return (int) (w3 ^ (w3 >>> 32));
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
