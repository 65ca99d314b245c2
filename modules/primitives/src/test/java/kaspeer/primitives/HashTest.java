package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HashTest {
  @Property
  void bytesSurviveARoundTrip(@ForAll @Size(32) byte[] bytes) {
    assertThat(Hash.of(bytes).toBytes()).isEqualTo(bytes);
    assertThat(Hash.fromHex(Hash.of(bytes).toString())).isEqualTo(Hash.of(bytes));
  }

  @Property
  void orderIsThatOfUnsignedBytes(@ForAll @Size(32) byte[] a, @ForAll @Size(32) byte[] b) {
    assertThat(Integer.signum(Hash.of(a).compareTo(Hash.of(b))))
        .isEqualTo(Integer.signum(java.util.Arrays.compareUnsigned(a, b)));
  }

  @Test
  void anyOtherLengthIsRefused() {
    assertThatThrownBy(() -> Hash.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
  }
}
