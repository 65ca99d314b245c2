package kaspeer.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import kaspeer.primitives.Bytes;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Numbers of {@link Field3072}, ordinary and nasty, and the same as {@link BigInteger}. */
final class FieldNumbers {
  static final BigInteger PRIME =
      BigInteger.ONE.shiftLeft(3072).subtract(BigInteger.valueOf(1_103_717));

  private FieldNumbers() {}

  /** Any 48 words: spread evenly, with long runs of equal bits, small, or near 2^3072. */
  static Arbitrary<long[]> any() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.randoms().map(FieldNumbers::even)),
        Tuple.of(3, Arbitraries.randoms().map(FieldNumbers::runs)),
        Tuple.of(2, Arbitraries.longs().map(FieldNumbers::small)),
        Tuple.of(2, Arbitraries.longs().between(0, 3_000_000).map(FieldNumbers::top)));
  }

  private static long[] even(Random random) {
    long[] words = new long[Field3072.WORDS];
    Arrays.setAll(words, i -> random.nextLong());
    return words;
  }

  private static long[] runs(Random random) {
    long[] words = new long[Field3072.WORDS];
    Arrays.setAll(words, i -> -(random.nextInt() & 1L));
    words[random.nextInt(words.length)] = random.nextLong();
    return words;
  }

  private static long[] small(long value) {
    long[] words = new long[Field3072.WORDS];
    words[0] = value;
    return words;
  }

  private static long[] top(long distance) {
    long[] words = new long[Field3072.WORDS];
    Arrays.fill(words, -1);
    words[0] -= distance;
    return words;
  }

  static BigInteger value(long[] words) {
    byte[] bigEndian = new byte[8 * words.length];
    for (int i = 0; i < words.length; i++) {
      Bytes.putLongBe(bigEndian, 8 * (words.length - 1 - i), words[i]);
    }
    return new BigInteger(1, bigEndian);
  }
}
