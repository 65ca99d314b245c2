package kaspeer.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import kaspeer.primitives.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutabilityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.1.1",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "2001:db8::1",
        "2002::1",
        "ff02::1"
      })
  void addressesThatNobodyOutsideCanReachAreNotBelievedOnMainnet(String address) {
    assertThat(Routability.acceptsGossip(InetAddress.ofLiteral(address), 16111, Network.MAINNET))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "2a00:1450::1"})
  void publicAddressesAreBelieved(String address) {
    assertThat(Routability.acceptsGossip(InetAddress.ofLiteral(address), 16111, Network.MAINNET))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"SIMNET", "DEVNET"})
  void onNetworksForTrialsPrivateAddressesCountButLoopbackNever(Network network) {
    assertThat(Routability.acceptsGossip(InetAddress.ofLiteral("192.168.1.1"), 16511, network))
        .isTrue();
    assertThat(Routability.acceptsGossip(InetAddress.ofLiteral("127.0.0.1"), 16511, network))
        .isFalse();
    assertThat(Routability.acceptsGossip(InetAddress.ofLiteral("0.0.0.0"), 16511, network))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536})
  void anAddressNeedsAPort(int port) {
    assertThat(Routability.acceptsGossip(InetAddress.ofLiteral("8.8.8.8"), port, Network.MAINNET))
        .isFalse();
  }
}
