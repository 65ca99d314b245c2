package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CompactTargetTest {
  private static final BigInteger TWO_TO_256 = BigInteger.TWO.pow(256);

  @Property
  void theTargetIsMantissaTimesAPowerOf256(
      @ForAll @IntRange(max = 0x7FFFFF) int mantissa, @ForAll @IntRange(max = 32) int exponent) {
    BigInteger expected =
        exponent >= 3
            ? BigInteger.valueOf(mantissa)
                .multiply(BigInteger.valueOf(256).pow(exponent - 3))
                .mod(TWO_TO_256)
            : BigInteger.valueOf(mantissa).divide(BigInteger.valueOf(256).pow(3 - exponent));
    assertThat(CompactTarget.target(exponent << 24 | mantissa)).isEqualTo(expected);
  }

  @Property
  void wordsAreThoseOfTheTarget(@ForAll int bits) {
    BigInteger joined = BigInteger.ZERO;
    for (int i = 3; i >= 0; i--) {
      BigInteger word = new BigInteger(Long.toUnsignedString(CompactTarget.targetWord(bits, i)));
      joined = joined.shiftLeft(64).add(word);
    }
    assertThat(CompactTarget.target(bits)).isEqualTo(joined);
  }

  @Test
  void aNegativeMantissaMeansNoTarget() {
    assertThat(CompactTarget.target(0x1e800000)).isZero();
    assertThat(CompactTarget.target(0x03FFFFFF)).isZero();
  }

  @Test
  void oddBitsAreReadAsTheReferenceImplementationReadsThem() {
    // The sign is looked at after the shift right.
    assertThat(CompactTarget.target(0x02800000)).isEqualTo(0x8000);
    // Shifts wrap at 256, and what is shifted out is lost.
    assertThat(CompactTarget.target(0x23123456)).isEqualTo(0x123456);
    assertThat(CompactTarget.target(0x22123456)).isEqualTo(BigInteger.valueOf(0x56).shiftLeft(248));
  }

  @Property
  void encodingKeepsTheTopBytesAndNeverSetsTheSign(@ForAll @Size(max = 32) byte[] bytes) {
    BigInteger target = new BigInteger(1, bytes);
    int bits = CompactTarget.encode(target);
    assertThat(bits & 0x800000).isZero();
    BigInteger kept = BigInteger.valueOf(bits & 0x7FFFFF);
    int exponent = bits >>> 24;
    BigInteger decoded =
        exponent >= 3 ? kept.shiftLeft(8 * (exponent - 3)) : kept.shiftRight(8 * (3 - exponent));
    assertThat(decoded).isLessThanOrEqualTo(target);
    // At least two bytes of precision: what is lost is less than one part in 2^15.
    assertThat(target.subtract(decoded).shiftLeft(15)).isLessThanOrEqualTo(target);
    assertThat(CompactTarget.encode(decoded)).isEqualTo(bits);
  }

  @Test
  void genesisBitsSurviveARoundTrip() {
    for (Network network : Network.values()) {
      int bits = Params.of(network).genesis().header().bits();
      assertThat(CompactTarget.encode(CompactTarget.target(bits))).isEqualTo(bits);
    }
  }

  @Test
  void whatIsNoTargetIsRefused() {
    assertThatThrownBy(() -> CompactTarget.encode(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CompactTarget.encode(TWO_TO_256))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void workIsTheExpectedNumberOfHashes(
      @ForAll @IntRange(min = 1, max = 0x7FFFFF) int mantissa,
      @ForAll @IntRange(min = 12, max = 32) int exponent) {
    int bits = exponent << 24 | mantissa;
    BigInteger target = CompactTarget.target(bits);
    // The formula as the reference writes it, which never leaves 256 bits.
    BigInteger expected =
        TWO_TO_256
            .subtract(BigInteger.ONE)
            .subtract(target)
            .divide(target.add(BigInteger.ONE))
            .add(BigInteger.ONE);
    assertThat(CompactTarget.work(bits).toBigInteger()).isEqualTo(expected);
  }

  @Test
  void workOfKnownBits() {
    // A child of devnet's genesis has this blue work in conformance/dag-json.
    assertThat(CompactTarget.work(505_527_324)).isEqualTo(BlueWork.of(0x796ae));
    assertThat(CompactTarget.work(0x207fffff)).isEqualTo(BlueWork.of(2));
  }

  @Test
  void workBeyond192BitsIsRefused() {
    assertThatThrownBy(() -> CompactTarget.work(0)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> CompactTarget.work(0x1e800000))
        .isInstanceOf(ArithmeticException.class);
    // Targets 2^64 and 2^64 - 2^48: the first to fit, and the last not to.
    assertThat(CompactTarget.work(0x09010000).toBigInteger().bitLength()).isEqualTo(192);
    assertThatThrownBy(() -> CompactTarget.work(0x0900ffff))
        .isInstanceOf(ArithmeticException.class);
  }
}
