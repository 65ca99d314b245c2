package kaspeer.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3",
    "10.1.2.3/16, 10.1.0.0/16",
    "0.0.0.0/0, 0.0.0.0/0",
    "::ffff:10.1.2.3, 10.1.2.3",
    "2001:db8:1:2:3:4:5:6/32, 2001:db8:0:0:0:0:0:0/32",
  })
  void aRangeIsShownWithoutTheBitsThatDoNotCount(String text, String shown) {
    assertThat(IpRange.parse(text).orElseThrow()).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1.2.3",
        "1.2.3.4/33",
        "1.2.3.4/-1",
        "1.2.3.4/",
        "::1/129",
        "1.2.3.4/8/8",
        "example.org/8"
      })
  void whatIsNoAddressOrRangeIsRefusedAndNeverLookedUp(String text) {
    assertThat(IpRange.parse(text)).isEmpty();
  }

  @Test
  void aRangeHoldsItsAddressesInEitherSpelling() throws UnknownHostException {
    IpRange range = IpRange.parse("192.168.0.0/16").orElseThrow();
    assertThat(range.contains(InetAddress.ofLiteral("192.168.77.1"))).isTrue();
    assertThat(range.contains(InetAddress.ofLiteral("192.169.0.1"))).isFalse();
    assertThat(range.contains(InetAddress.ofLiteral("::ffff:192.168.1.1"))).isTrue();
    assertThat(range.contains(InetAddress.ofLiteral("2001:db8::1"))).isFalse();
  }

  @Property
  void anyRangeIsReadBackAsItWasShown(
      @ForAll @Size(16) byte[] bytes, @ForAll @IntRange(max = 128) int prefix)
      throws UnknownHostException {
    IpRange range = IpRange.of(InetAddress.getByAddress(bytes), prefix);
    assertThat(IpRange.parse(range.toString())).contains(range);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.255.255, true",
    "1.2.3.4, 1.3.3.4, false",
    "2001:db8:1::, 2001:db8:2::, true"
  })
  void addressesThatOneOwnerEasilyHoldsAreOneGroup(String a, String b, boolean same) {
    boolean grouped =
        NetGroup.of(InetAddress.ofLiteral(a)).equals(NetGroup.of(InetAddress.ofLiteral(b)));
    assertThat(grouped).isEqualTo(same);
  }
}
