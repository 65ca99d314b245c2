package kaspeer.primitives;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Compact targets, the "bits" of a header: a base-256 floating-point number as in Bitcoin
 * (consensus reference 1.1).
 *
 * <p>The reference implementation is followed for bits that no valid block has, too: a mantissa
 * above 0x7FFFFF, after the shift right for exponents below 3, means target 0; for exponents from
 * 35 on the shift left is taken modulo 256, and bits above the 256th are lost.
 */
public final class CompactTarget {
  private static final BigInteger TWO_TO_256 = BigInteger.ONE.shiftLeft(256);

  /**
   * A block's bits differ little from its neighbours', so a few entries serve nearly every request.
   */
  private static final @Nullable Entry[] CACHE = new Entry[256];

  private record Entry(int bits, BigInteger target, @Nullable BlueWork work) {}

  private CompactTarget() {}

  /** The target: 0 to 2^256 - 1. */
  public static BigInteger target(int bits) {
    return entry(bits).target;
  }

  /**
   * 64 bits of the target, without making a {@link BigInteger}.
   *
   * @param index 0 for the least significant word, to 3
   */
  public static long targetWord(int bits, int index) {
    int exponent = bits >>> 24;
    long mantissa = bits & 0xFFFFFF;
    int shift = 0;
    if (exponent <= 3) {
      mantissa >>>= 8 * (3 - exponent);
    } else {
      shift = 8 * (exponent - 3) & 255;
    }
    if (mantissa > 0x7FFFFF) {
      return 0;
    }
    int up = shift - 64 * index;
    if (up <= -64 || up >= 64) {
      return 0;
    }
    return up >= 0 ? mantissa << up : mantissa >>> -up;
  }

  /**
   * The compact form of a target, rounded down to what its mantissa can hold.
   *
   * @throws IllegalArgumentException if the target is negative or has more than 256 bits
   */
  public static int encode(BigInteger target) {
    if (target.signum() < 0 || target.bitLength() > 256) {
      throw new IllegalArgumentException("a target has at most 256 bits and no sign: " + target);
    }
    int size = (target.bitLength() + 7) / 8;
    int mantissa = target.shiftRight(8 * (size - 3)).intValue();
    if ((mantissa & 0x800000) != 0) {
      mantissa >>>= 8;
      size++;
    }
    return mantissa | size << 24;
  }

  /**
   * The expected number of hashes to meet the target: 2^256 / (target + 1), rounded down.
   *
   * @throws ArithmeticException if that has more than 192 bits: no block with such a target can
   *     exist
   */
  public static BlueWork work(int bits) {
    BlueWork work = entry(bits).work;
    if (work == null) {
      throw new ArithmeticException(
          "the work of bits 0x%08x has more than 192 bits".formatted(bits));
    }
    return work;
  }

  private static Entry entry(int bits) {
    int slot = (bits * 0x9E3779B1) >>> 24;
    Entry entry = CACHE[slot];
    if (entry == null || entry.bits != bits) {
      // A race makes the same entry twice; entries are immutable, so either may win.
      entry = compute(bits);
      CACHE[slot] = entry;
    }
    return entry;
  }

  private static Entry compute(int bits) {
    byte[] bytes = new byte[Hash.SIZE];
    for (int i = 0; i < 4; i++) {
      Bytes.putLongBe(bytes, 8 * (3 - i), targetWord(bits, i));
    }
    BigInteger target = new BigInteger(1, bytes);
    BigInteger work = TWO_TO_256.divide(target.add(BigInteger.ONE));
    boolean fits = work.bitLength() <= 8 * BlueWork.SIZE;
    return new Entry(bits, target, fits ? BlueWork.of(work) : null);
  }
}
