package kaspeer.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which peers are told that we read gzip. All may send it. */
class GrpcTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.0.1",
        "fe80::1",
        "fd00::1"
      })
  void aPeerOnALocalNetworkIsNotAskedToCompress(String ip) {
    assertThat(advertised(ip)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.3.4", "172.32.0.1", "2001:db8::1", "fe00::1"})
  void anyOtherPeerIsToldThatItMayCompress(String ip) {
    assertThat(advertised(ip)).containsExactly("gzip");
  }

  private static Set<String> advertised(String ip) {
    return Grpc.decompressorsFor(InetAddress.ofLiteral(ip)).getAdvertisedMessageEncodings();
  }
}
