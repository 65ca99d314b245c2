package kaspeer.crypto;

import java.util.Arrays;
import kaspeer.primitives.Bytes;

/**
 * Arithmetic modulo the prime 2^3072 - 1103717 (consensus reference 1.8).
 *
 * <p>A number is {@value #LIMBS} limbs of {@value #LIMB_BITS} bits, the least significant first,
 * and two zeros. It lies below 2^3080, so several numbers stand for one of the field; {@link
 * #toWords} gives the one below the prime. Limbs are that small so that the products of a column
 * can be summed up without carries, by which the compiler can use vector instructions.
 */
final class Field3072 {
  /** Words of 64 bits in a number of the field. */
  static final int WORDS = 48;

  /** Bytes in a number of the field. */
  static final int SIZE = 8 * WORDS;

  /** What the prime lacks to 2^3072. */
  static final long DIFFERENCE = 1_103_717;

  static final int LIMB_BITS = 28;
  static final int LIMBS = 110;

  /** Two more than there are limbs: a multiple of what a vector holds. */
  private static final int LENGTH = LIMBS + 2;

  private static final long MASK = (1L << LIMB_BITS) - 1;

  /** Bits above the 3072nd. */
  private static final int EXCESS_BITS = LIMBS * LIMB_BITS - 64 * WORDS;

  /** What the value 1 of the limb after the last, 2^3080, is congruent to. */
  private static final long WRAP = DIFFERENCE << EXCESS_BITS;

  private Field3072() {}

  /** What a multiplication needs besides its numbers. */
  static final class Scratch {
    private final int[] shifted = new int[LENGTH];
    private final long[] columns = new long[2 * LIMBS];
  }

  /** A number that is to be set: it is 0. */
  static int[] zero() {
    return new int[LENGTH];
  }

  /** The number 1. */
  static int[] one() {
    int[] one = zero();
    one[0] = 1;
    return one;
  }

  /**
   * Multiplies.
   *
   * @param product where the result goes; may be {@code a} or {@code b}
   */
  static void multiply(int[] product, int[] a, int[] b, Scratch scratch) {
    long[] columns = scratch.columns;
    Arrays.fill(columns, 0);
    System.arraycopy(b, 0, scratch.shifted, 1, LIMBS);
    for (int i = 0; i < LIMBS; i += 2) {
      addRows(columns, i, a[i], a[i + 1], b, scratch.shifted);
    }
    fold(product, columns);
  }

  /**
   * Adds two limbs' products with a number, from a column on. The sums stay below 2^63: they are of
   * at most 110 products below 2^56. Numbers are ints and sums are longs, so the compiler knows
   * that the arrays do not overlap, and takes several columns at once.
   */
  private static void addRows(
      long[] columns, int first, long low, long high, int[] number, int[] shifted) {
    for (int j = 0; j < LENGTH; j++) {
      columns[first + j] += low * number[j] + high * shifted[j];
    }
  }

  /** Takes the sums of columns to a number. */
  private static void fold(int[] number, long[] columns) {
    long carry = 0;
    for (int i = LIMBS; i < 2 * LIMBS; i++) {
      long sum = columns[i] + carry;
      columns[i] = sum & MASK;
      carry = sum >>> LIMB_BITS;
    }
    // Nothing is carried out of the last: a product has at most twice as many bits as a number.
    for (int i = 0; i < LIMBS; i++) {
      long sum = columns[i] + carry;
      long wrapped = columns[LIMBS + i] * WRAP + (sum & MASK);
      number[i] = (int) (wrapped & MASK);
      carry = (sum >>> LIMB_BITS) + (wrapped >>> LIMB_BITS);
    }
    while (carry != 0) {
      carry = addWrapped(number, carry);
    }
  }

  /** Adds {@code count * 2^3080}, of fewer than 2^40; returns how many of them are left over. */
  private static long addWrapped(int[] number, long count) {
    long sum = number[0] + (count & MASK) * WRAP;
    long carry = (sum >>> LIMB_BITS) + (count >>> LIMB_BITS) * WRAP;
    number[0] = (int) (sum & MASK);
    for (int i = 1; i < LIMBS && carry != 0; i++) {
      sum = number[i] + carry;
      number[i] = (int) (sum & MASK);
      carry = sum >>> LIMB_BITS;
    }
    return carry;
  }

  /**
   * Sets a number.
   *
   * @param words 48 of them, of 64 bits, the least significant first
   */
  static void set(int[] number, long[] words) {
    for (int i = 0; i < LIMBS; i++) {
      int word = i * LIMB_BITS >>> 6;
      int shift = i * LIMB_BITS & 63;
      long bits = words[word] >>> shift;
      if (shift > 64 - LIMB_BITS && word < WORDS - 1) {
        bits |= words[word + 1] << -shift;
      }
      number[i] = (int) (bits & MASK);
    }
  }

  /** The words of {@link #set} of that number below the prime which this one is congruent to. */
  static long[] toWords(int[] number) {
    long[] words = new long[WORDS];
    for (int i = 0; i < LIMBS; i++) {
      int word = i * LIMB_BITS >>> 6;
      int shift = i * LIMB_BITS & 63;
      words[word] |= (long) number[i] << shift;
      if (shift > 64 - LIMB_BITS && word < WORDS - 1) {
        words[word + 1] = (long) number[i] >>> -shift;
      }
    }
    long excess = (long) number[LIMBS - 1] >>> LIMB_BITS - EXCESS_BITS;
    // If this overflows, little is left, and the second addition cannot.
    if (addSmall(words, excess * DIFFERENCE)) {
      words[0] += DIFFERENCE;
    }
    if (isAtLeastPrime(words)) {
      addSmall(words, DIFFERENCE);
    }
    return words;
  }

  /** Adds a word; whether the sum has left 48 words. */
  private static boolean addSmall(long[] words, long summand) {
    long carry = summand;
    for (int i = 0; i < WORDS && carry != 0; i++) {
      long sum = words[i] + carry;
      carry = Long.compareUnsigned(sum, carry) < 0 ? 1 : 0;
      words[i] = sum;
    }
    return carry != 0;
  }

  private static boolean isAtLeastPrime(long[] words) {
    for (int i = WORDS - 1; i > 0; i--) {
      if (words[i] != -1) {
        return false;
      }
    }
    return Long.compareUnsigned(words[0], -DIFFERENCE) >= 0;
  }

  /** The 384 bytes, least significant first, of {@link #toWords}. */
  static byte[] toBytes(int[] number) {
    long[] words = toWords(number);
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < WORDS; i++) {
      Bytes.putLongLe(bytes, 8 * i, words[i]);
    }
    return bytes;
  }

  /**
   * The number of {@link #toBytes}.
   *
   * @throws IllegalArgumentException if there are not 384 bytes or the number is not below the
   *     prime
   */
  static int[] fromBytes(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a number has " + SIZE + " bytes, not " + bytes.length);
    }
    long[] words = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = Bytes.longLe(bytes, 8 * i);
    }
    if (isAtLeastPrime(words)) {
      throw new IllegalArgumentException("the number is not below the prime");
    }
    int[] number = zero();
    set(number, words);
    return number;
  }
}
