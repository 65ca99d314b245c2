package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class BlueWorkTest {
  private static final BigInteger TWO_TO_192 = BigInteger.TWO.pow(192);

  /** Words that carry often. */
  @Provide
  Arbitrary<BlueWork> works() {
    Arbitrary<Long> word =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.of(0L, 1L, -1L, -2L, Long.MIN_VALUE, Long.MAX_VALUE)),
            Tuple.of(1, Arbitraries.longs()));
    return Combinators.combine(word, word, word).as(BlueWork::new);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void sumsCarryThroughAllWords(@ForAll("works") BlueWork a, @ForAll("works") BlueWork b) {
    assertThat(a.plus(b).toBigInteger())
        .isEqualTo(a.toBigInteger().add(b.toBigInteger()).mod(TWO_TO_192));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void orderIsThatOfUnsignedNumbers(@ForAll("works") BlueWork a, @ForAll("works") BlueWork b) {
    assertThat(Integer.signum(a.compareTo(b)))
        .isEqualTo(a.toBigInteger().compareTo(b.toBigInteger()));
    assertThat(BlueWork.max(a, b).toBigInteger()).isEqualTo(a.toBigInteger().max(b.toBigInteger()));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void bytesAndNumbersSurviveARoundTrip(@ForAll("works") BlueWork work) {
    byte[] minimal = work.toMinimalBytes();
    assertThat(BlueWork.fromBigEndian(minimal)).isEqualTo(work);
    assertThat(minimal.length == 0 || minimal[0] != 0).isTrue();
    assertThat(BlueWork.of(work.toBigInteger())).isEqualTo(work);
    assertThat(new BigInteger(work.toString(), 16)).isEqualTo(work.toBigInteger());
    assertThat(work.toString()).hasSize(48);
  }

  @Test
  void zeroHasNoBytes() {
    assertThat(BlueWork.ZERO.toMinimalBytes()).isEmpty();
    assertThat(BlueWork.fromBigEndian(new byte[24])).isEqualTo(BlueWork.ZERO);
  }

  @Test
  void moreThan192BitsAreRefused() {
    assertThatThrownBy(() -> BlueWork.fromBigEndian(new byte[25]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlueWork.of(TWO_TO_192)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlueWork.of(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
