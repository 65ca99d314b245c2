package kaspeer.crypto;

import static kaspeer.crypto.FieldNumbers.PRIME;
import static kaspeer.crypto.FieldNumbers.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
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

  @Property(tries = 1000)
  void multipliesModuloThePrime(@ForAll("numbers") long[] a, @ForAll("numbers") long[] b) {
    BigInteger expected = value(a).multiply(value(b)).mod(PRIME);
    long[] product = new long[Field3072.WORDS];
    Field3072.multiply(product, a, b, new long[2 * Field3072.WORDS]);
    Field3072.reduce(product);
    assertThat(value(product)).isEqualTo(expected);
  }

  @Property(tries = 200)
  void theProductMayReplaceAFactor(@ForAll("numbers") long[] a, @ForAll("numbers") long[] b) {
    long[] wide = new long[2 * Field3072.WORDS];
    Arrays.fill(wide, -1);
    long[] product = new long[Field3072.WORDS];
    Field3072.multiply(product, a, b, wide);
    long[] first = a.clone();
    Field3072.multiply(first, first, b, wide);
    long[] second = b.clone();
    Field3072.multiply(second, a, second, wide);
    assertThat(first).isEqualTo(product);
    assertThat(second).isEqualTo(product);

    long[] square = new long[Field3072.WORDS];
    Field3072.multiply(square, a, a.clone(), wide);
    Field3072.multiply(a, a, a, wide);
    assertThat(a).isEqualTo(square);
  }

  @Property(tries = 500)
  void everyNumberHasOneRepresentativeBelowThePrime(@ForAll("numbers") long[] a) {
    BigInteger expected = value(a).mod(PRIME);
    Field3072.reduce(a);
    assertThat(value(a)).isEqualTo(expected);
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
    long[] one = Field3072.one();
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
  void bytesAreLittleEndianAndGoBothWays(@ForAll("numbers") long[] a) {
    Field3072.reduce(a);
    byte[] bytes = Field3072.toBytes(a);
    assertThat(Field3072.fromBytes(bytes)).isEqualTo(a);
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    assertThat(new BigInteger(1, reversed)).isEqualTo(value(a));
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
    assertThat(value(Field3072.fromBytes(bytes))).isEqualTo(PRIME.subtract(BigInteger.ONE));
    assertThatThrownBy(() -> Field3072.fromBytes(new byte[383]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
