package kaspeer.primitives;

import java.math.BigInteger;

/**
 * Accumulated work of blue blocks: an unsigned 192-bit number.
 *
 * @param high bits 128 to 191
 * @param mid bits 64 to 127
 * @param low bits 0 to 63
 */
public record BlueWork(long high, long mid, long low) implements Comparable<BlueWork> {
  /** Bytes of the full width. */
  public static final int SIZE = 24;

  public static final BlueWork ZERO = new BlueWork(0, 0, 0);

  public static BlueWork of(long low) {
    return new BlueWork(0, 0, low);
  }

  /**
   * @throws IllegalArgumentException if the number is negative or has more than 192 bits
   */
  public static BlueWork of(BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > 8 * SIZE) {
      throw new IllegalArgumentException("blue work has at most 192 bits and no sign: " + number);
    }
    return new BlueWork(
        number.shiftRight(128).longValue(), number.shiftRight(64).longValue(), number.longValue());
  }

  /**
   * The number in these big-endian bytes, leading zeros stripped or not.
   *
   * @throws IllegalArgumentException if there are more than 24 bytes
   */
  public static BlueWork fromBigEndian(byte[] bytes) {
    if (bytes.length > SIZE) {
      throw new IllegalArgumentException("blue work has at most 24 bytes, not " + bytes.length);
    }
    byte[] wide = new byte[SIZE];
    System.arraycopy(bytes, 0, wide, SIZE - bytes.length, bytes.length);
    return new BlueWork(Bytes.longBe(wide, 0), Bytes.longBe(wide, 8), Bytes.longBe(wide, 16));
  }

  /**
   * Big-endian bytes without leading zeros; none at all for 0. The form of the wire and of hashes.
   */
  public byte[] toMinimalBytes() {
    byte[] minimal = new byte[minimalLength()];
    for (int i = 0; i < minimal.length; i++) {
      minimal[i] = (byte) byteAt(minimal.length - 1 - i);
    }
    return minimal;
  }

  /** Number of {@link #toMinimalBytes()}: 0 to 24. */
  int minimalLength() {
    int zeros = Long.numberOfLeadingZeros(high);
    if (zeros == 64) {
      zeros += Long.numberOfLeadingZeros(mid);
      if (zeros == 128) {
        zeros += Long.numberOfLeadingZeros(low);
      }
    }
    return SIZE - zeros / 8;
  }

  /** In its low 8 bits, the byte at {@code index} 0 to 23, least significant first. */
  int byteAt(int index) {
    long word = index < 8 ? low : index < 16 ? mid : high;
    return (int) (word >>> 8 * (index & 7));
  }

  /** The sum, modulo 2^192. */
  public BlueWork plus(BlueWork other) {
    long l = low + other.low;
    long carry = Long.compareUnsigned(l, low) < 0 ? 1 : 0;
    long m = mid + other.mid;
    long carryMid = Long.compareUnsigned(m, mid) < 0 ? 1 : 0;
    long mc = m + carry;
    if (carry == 1 && mc == 0) {
      carryMid++;
    }
    return new BlueWork(high + other.high + carryMid, mc, l);
  }

  /** The larger of two. */
  public static BlueWork max(BlueWork a, BlueWork b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  public BigInteger toBigInteger() {
    return new BigInteger(1, toMinimalBytes());
  }

  @Override
  public int compareTo(BlueWork other) {
    int c = Long.compareUnsigned(high, other.high);
    if (c == 0) {
      c = Long.compareUnsigned(mid, other.mid);
    }
    return c != 0 ? c : Long.compareUnsigned(low, other.low);
  }

  /** 48 hex digits, as kaspad's RPC shows it. */
  @Override
  public String toString() {
    return "%016x%016x%016x".formatted(high, mid, low);
  }
}
