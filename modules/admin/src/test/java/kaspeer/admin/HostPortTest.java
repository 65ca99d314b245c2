package kaspeer.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:16111, 127.0.0.1, 16111",
    "seed.example, seed.example, 99",
    "[::1]:5, ::1, 5",
    "[::1], ::1, 99",
    "2001:db8::1, 2001:db8::1, 99",
    "localhost:0, localhost, 0"
  })
  void hostsAndPortsAreToldApart(String text, String host, int port) {
    assertThat(HostPort.parse(text, 99)).isEqualTo(new HostPort(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "a:",
        "a:65536",
        "a:-1",
        "a:1x",
        "[::1",
        "[::1]x",
        "[::1]:",
        "a b:1",
        "a\n:1",
        "http://a:1"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text, 99));
  }

  @Test
  void aPortMustBeGivenWhereThereIsNoDefault() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPort.parse("a", -1))
        .withMessageContaining("no port");
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll String text) {
    try {
      HostPort parsed = HostPort.parse(text, 7);
      assertThat(HostPort.parse(parsed.toString(), 8)).isEqualTo(parsed);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
    }
  }
}
