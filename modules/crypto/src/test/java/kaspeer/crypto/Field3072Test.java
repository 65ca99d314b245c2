package kaspeer.crypto;

import static kaspeer.crypto.FieldNumbers.PRIME;
import static kaspeer.crypto.FieldNumbers.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.IntSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class Field3072Test {
  @Provide
  Arbitrary<long[]> numbers() {
    return FieldNumbers.any();
  }

  /** Limbs that are no number's words: all of their bits count. */
  @Provide
  Arbitrary<int[]> limbs() {
    return Arbitraries.oneOf(
        numbers().map(Field3072Test::number),
        Arbitraries.randoms().map(random -> filled(() -> random.nextInt() >>> 4)),
        Arbitraries.randoms().map(random -> filled(() -> -(random.nextInt() & 1) >>> 4)),
        Arbitraries.just(filled(() -> -1 >>> 4)));
  }

  private static int[] filled(IntSupplier limb) {
    int[] number = Field3072.zero();
    for (int i = 0; i < Field3072.LIMBS; i++) {
      number[i] = limb.getAsInt();
    }
    return number;
  }

  private static int[] number(long[] words) {
    int[] number = Field3072.zero();
    Field3072.set(number, words);
    return number;
  }

  private static BigInteger sum(int[] number) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = number.length - 1; i >= 0; i--) {
      sum = sum.shiftLeft(Field3072.LIMB_BITS).add(BigInteger.valueOf(number[i]));
    }
    return sum;
  }

  @Property(tries = 1000)
  void multipliesModuloThePrime(@ForAll("limbs") int[] a, @ForAll("limbs") int[] b) {
    BigInteger expected = sum(a).multiply(sum(b)).mod(PRIME);
    int[] product = Field3072.zero();
    Field3072.multiply(product, a, b, new Field3072.Scratch());
    assertThat(sum(product).mod(PRIME)).isEqualTo(expected);
    assertThat(value(Field3072.toWords(product))).isEqualTo(expected);
    assertThat(Arrays.stream(product)).allMatch(limb -> limb >>> Field3072.LIMB_BITS == 0);
    assertThat(product).endsWith(0, 0);
  }

  @Property(tries = 200)
  void theProductMayReplaceAFactor(@ForAll("limbs") int[] a, @ForAll("limbs") int[] b) {
    Field3072.Scratch scratch = new Field3072.Scratch();
    Field3072.multiply(Field3072.zero(), filled(() -> -1 >>> 4), filled(() -> -1 >>> 4), scratch);
    int[] product = Field3072.zero();
    Field3072.multiply(product, a, b, scratch);
    int[] first = a.clone();
    Field3072.multiply(first, first, b, scratch);
    int[] second = b.clone();
    Field3072.multiply(second, a, second, scratch);
    assertThat(first).isEqualTo(product);
    assertThat(second).isEqualTo(product);

    int[] square = Field3072.zero();
    Field3072.multiply(square, a, a.clone(), scratch);
    Field3072.multiply(a, a, a, scratch);
    assertThat(a).isEqualTo(square);
  }

  @Property(tries = 500)
  void everyNumberHasOneRepresentativeBelowThePrime(@ForAll("limbs") int[] a) {
    assertThat(value(Field3072.toWords(a))).isEqualTo(sum(a).mod(PRIME));
  }

  @Property(tries = 500)
  void wordsAreCutIntoLimbs(@ForAll("numbers") long[] words) {
    assertThat(sum(number(words))).isEqualTo(value(words));
  }

  @Property(tries = 500)
  void inverts(@ForAll("numbers") long[] a) {
    if (value(a).mod(PRIME).signum() != 0) {
      long[] inverse = Inverse3072.of(a);
      assertThat(value(inverse)).isEqualTo(value(a).modInverse(PRIME));
    }
  }

  @Test
  void invertsTheSmallestAndTheLargest() {
    long[] one = Field3072.toWords(Field3072.one());
    assertThat(value(one)).isEqualTo(BigInteger.ONE);
    assertThat(Inverse3072.of(one)).isEqualTo(one);

    // Minus one is its own inverse.
    long[] last = new long[Field3072.WORDS];
    Arrays.fill(last, -1);
    last[0] -= Field3072.DIFFERENCE;
    assertThat(value(last)).isEqualTo(PRIME.subtract(BigInteger.ONE));
    assertThat(Inverse3072.of(last)).isEqualTo(last);

    long[] power = new long[Field3072.WORDS];
    for (int bit = 0; bit < 3072; bit += 37) {
      Arrays.fill(power, 0);
      power[bit / 64] = 1L << bit;
      assertThat(value(Inverse3072.of(power))).isEqualTo(value(power).modInverse(PRIME));
    }
  }

  @Property(tries = 200)
  void bytesAreLittleEndianAndGoBothWays(@ForAll("limbs") int[] a) {
    byte[] bytes = Field3072.toBytes(a);
    assertThat(Field3072.toBytes(Field3072.fromBytes(bytes))).isEqualTo(bytes);
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    assertThat(new BigInteger(1, reversed)).isEqualTo(sum(a).mod(PRIME));
  }

  @Test
  void bytesOfThePrimeAndBeyondAreRefused() {
    byte[] bytes = new byte[Field3072.SIZE];
    Arrays.fill(bytes, (byte) 0xFF);
    assertThatThrownBy(() -> Field3072.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class);
    bytes[0] = (byte) 155;
    bytes[1] = 40;
    bytes[2] = (byte) 239;
    assertThatThrownBy(() -> Field3072.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class);
    bytes[0]--;
    assertThat(sum(Field3072.fromBytes(bytes))).isEqualTo(PRIME.subtract(BigInteger.ONE));
    assertThatThrownBy(() -> Field3072.fromBytes(new byte[383]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
