package kaspeer.crypto;

import java.util.Arrays;
import kaspeer.primitives.Bytes;

/**
 * Arithmetic modulo the prime 2^3072 - 1103717 (consensus reference 1.8).
 *
 * <p>A number is 48 words of 64 bits, the least significant first. Results lie below 2^3072 and so
 * may be one of the {@value #DIFFERENCE} numbers from the prime on; {@link #reduce} takes those to
 * their one representative below it.
 */
final class Field3072 {
  /** Words in a number. */
  static final int WORDS = 48;

  /** Bytes in a number. */
  static final int SIZE = 8 * WORDS;

  /** What the prime lacks to 2^3072. */
  static final long DIFFERENCE = 1_103_717;

  private Field3072() {}

  /** The number 1. */
  static long[] one() {
    long[] one = new long[WORDS];
    one[0] = 1;
    return one;
  }

  /**
   * Multiplies.
   *
   * @param product where the result goes; may be {@code a} or {@code b}
   * @param wide scratch of 96 words
   */
  static void multiply(long[] product, long[] a, long[] b, long[] wide) {
    Arrays.fill(wide, 0, WORDS, 0);
    for (int i = 0; i < WORDS; i++) {
      wide[i + WORDS] = addMultiple(wide, i, a[i], b);
    }
    fold(product, wide);
  }

  /**
   * Adds {@code factor * b} to {@code target} from the word {@code offset} on.
   *
   * @return the carry: the word that belongs above those of the sum
   */
  private static long addMultiple(long[] target, int offset, long factor, long[] b) {
    long carry = 0;
    for (int j = 0; j < WORDS; j++) {
      long word = b[j];
      long low = factor * word;
      long high = Math.unsignedMultiplyHigh(factor, word);
      long sum = target[offset + j] + low;
      high += Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
      sum += carry;
      high += Long.compareUnsigned(sum, carry) < 0 ? 1 : 0;
      target[offset + j] = sum;
      carry = high;
    }
    return carry;
  }

  /** Takes a number of 96 words to 48: 2^3072 is {@link #DIFFERENCE}. */
  private static void fold(long[] result, long[] wide) {
    long carry = 0;
    for (int i = 0; i < WORDS; i++) {
      long word = wide[WORDS + i];
      long low = word * DIFFERENCE;
      long high = Math.unsignedMultiplyHigh(word, DIFFERENCE);
      long sum = wide[i] + low;
      high += Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
      sum += carry;
      high += Long.compareUnsigned(sum, carry) < 0 ? 1 : 0;
      result[i] = sum;
      carry = high;
    }
    // The carry has at most as many bits as the difference. If this overflows once more, little is
    // left, and the second addition cannot.
    if (addSmall(result, carry * DIFFERENCE)) {
      result[0] += DIFFERENCE;
    }
  }

  /** Adds a word; whether the sum has left 48 words. */
  private static boolean addSmall(long[] number, long summand) {
    long carry = summand;
    for (int i = 0; i < WORDS && carry != 0; i++) {
      long sum = number[i] + carry;
      carry = Long.compareUnsigned(sum, carry) < 0 ? 1 : 0;
      number[i] = sum;
    }
    return carry != 0;
  }

  /** Replaces a number by the one below the prime that it is congruent to. */
  static void reduce(long[] number) {
    if (isAtLeastPrime(number)) {
      addSmall(number, DIFFERENCE);
    }
  }

  private static boolean isAtLeastPrime(long[] number) {
    for (int i = WORDS - 1; i > 0; i--) {
      if (number[i] != -1) {
        return false;
      }
    }
    return Long.compareUnsigned(number[0], -DIFFERENCE) >= 0;
  }

  /** The 384 bytes, least significant first, of a number below the prime. */
  static byte[] toBytes(long[] number) {
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < WORDS; i++) {
      Bytes.putLongLe(bytes, 8 * i, number[i]);
    }
    return bytes;
  }

  /**
   * The number of {@link #toBytes}.
   *
   * @throws IllegalArgumentException if there are not 384 bytes or the number is not below the
   *     prime
   */
  static long[] fromBytes(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a number has " + SIZE + " bytes, not " + bytes.length);
    }
    long[] number = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      number[i] = Bytes.longLe(bytes, 8 * i);
    }
    if (isAtLeastPrime(number)) {
      throw new IllegalArgumentException("the number is not below the prime");
    }
    return number;
  }
}
