package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.transport.AcceptPolicy;
import kaspeer.transport.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many connections from few hosts, with the bounds by address and prefix in force, from which a
 * node's own door exempts loopback, where all peers of these tests are.
 */
@Timeout(600)
class HostileDoorTest {
  private static final InetAddress HONEST = PeerLab.loopback(1);
  private static final AcceptPolicy.Limits DOOR = AcceptPolicy.Limits.DEFAULT;

  private final PeerLab lab = new PeerLab();
  private final EngineHost host =
      new EngineHost(Params.of(Network.SIMNET), config -> config.exemptFromCaps(HONEST::equals));

  @AfterEach
  void close() {
    lab.close();
    host.close();
  }

  private void assertResponsive() {
    Promptness.assertOf("handshake", () -> Subject.timeOfHandshake(lab, host.address()));
  }

  private double refused(Refusal reason) {
    return host.metric("kaspeer_p2p_refused_connections_total", reason.code());
  }

  private static PeerOptions from(InetAddress source) {
    return PeerOptions.DEFAULT.withSource(source);
  }

  private void assertRefused(InetAddress source, Refusal reason) {
    double before = refused(reason);
    host.assertRefusedAtAccept(lab, from(source));
    assertThat(refused(reason)).isEqualTo(before + 1);
  }

  @Test
  void tenThousandConnectionsOfOneAddressGetFourHandshakes() throws IOException {
    InetAddress attacker = InetAddress.ofLiteral("127.0.9.9");
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 10_000; i++) {
        try {
          open.add(PeerLab.connect(host.address(), attacker));
        } catch (SocketException reset) {
          // It was sent away while it was still connecting.
        }
        if (i == 100) {
          assertThat(host.metric("kaspeer_p2p_pending_connections", ""))
              .isLessThanOrEqualTo(DOOR.maxPendingPerAddress());
        }
        if (i % 2_000 == 1_999) {
          assertResponsive();
        }
      }
      Await.until(
          "refusals",
          SOON,
          () -> refused(Refusal.ADDRESS_PENDING_LIMIT) + 100 >= 10_000,
          () -> refused(Refusal.ADDRESS_PENDING_LIMIT) + " refused");
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void oneAddressHasNoMorePeersThanOneMay() {
    InetAddress attacker = InetAddress.ofLiteral("127.0.9.9");
    for (int i = 0; i < DOOR.maxPerAddress(); i++) {
      lab.join(host.address(), from(attacker)).expectPong(SOON);
    }
    assertRefused(attacker, Refusal.ADDRESS_LIMIT);
    lab.join(host.address(), from(InetAddress.ofLiteral("127.0.9.10"))).expectPong(SOON);
    assertResponsive();
  }

  @Test
  void onePrefixHasNoMorePeersThanOneMay() {
    for (int i = 0; i < DOOR.maxPerPrefix(); i++) {
      InetAddress source = InetAddress.ofLiteral("127.0.5." + (1 + i));
      lab.join(host.address(), from(source)).expectPong(SOON);
    }
    assertRefused(InetAddress.ofLiteral("127.0.5.250"), Refusal.PREFIX_LIMIT);
    lab.join(host.address(), from(InetAddress.ofLiteral("127.0.6.1"))).expectPong(SOON);
    assertResponsive();
  }
}
