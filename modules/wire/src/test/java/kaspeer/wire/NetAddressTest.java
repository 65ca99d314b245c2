package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetAddressTest {
  @Test
  void an_address_is_read_as_it_is_written() {
    for (String ip : new String[] {"20.1.1.1", "2a00::1"}) {
      NetAddress address = new NetAddress(InetAddress.ofLiteral(ip), 16111);
      assertThat(NetAddress.parse(address.toString())).contains(address);
    }
    assertThat(NetAddress.parse("[2a00::1]:16111").orElseThrow().ip())
        .isEqualTo(InetAddress.ofLiteral("2a00::1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20.1.1.1", ":1", "20.1.1.1:", "20.1.1.1:65536", "node.example:1"})
  void no_name_is_looked_up_and_no_port_guessed(String text) {
    assertThat(NetAddress.parse(text)).isEmpty();
  }
}
