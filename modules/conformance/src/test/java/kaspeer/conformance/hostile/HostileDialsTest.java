package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import kaspeer.engine.EngineConfig;
import kaspeer.engine.dial.DialPlan;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.NetAddress;
import kaspeer.wire.NetAddresses;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that dials what peers tell of: nobody is made to attack a third party. */
class HostileDialsTest {
  private static final int LIARS = 40;
  private static final String DIALS = "kaspeer_p2p_dials_total";

  /** Of a network that is for documents only. */
  private static final NetAddress NOWHERE =
      new NetAddress(InetAddress.ofLiteral("192.0.2.77"), 16_511);

  private final PeerLab lab = new PeerLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static EngineConfig.Builder dialling(EngineConfig.Builder config) {
    DialPlan plan = new DialPlan(8, true, List.of(), List.of(), 16_111);
    return config.dialling(plan).exemptFromCaps(_ -> true);
  }

  /** An address of this machine that peers may tell each other of, which loopback is not. */
  private static Optional<InetAddress> outwardAddress() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .findFirst();
  }

  /** Without such an address the victim is one that nobody can reach, and the tries are counted. */
  @Test
  void aVictimsAddressIsDialledOnceHoweverManyClaimItAndTellOfIt() throws SocketException {
    Optional<InetAddress> outward = outwardAddress();
    try (EngineHost host = new EngineHost(Params.of(Network.SIMNET), HostileDialsTest::dialling)) {
      PeerListener victim = outward.map(at -> lab.listen(at, PeerOptions.DEFAULT)).orElse(null);
      NetAddress claimed = victim == null ? NOWHERE : NetAddress.of(victim.address());
      for (int i = 0; i < LIARS; i++) {
        InetAddress source =
            i % 2 == 0 && outward.isPresent() ? outward.get() : PeerLab.loopback(100 + i);
        try (ScriptedPeer liar = lab.dial(host.address(), PeerOptions.DEFAULT.withSource(source))) {
          liar.answer(
              PayloadCase.REQUEST_ADDRESSES,
              request -> List.of(Messages.addresses(List.of(claimed))));
          liar.handshake(
              liar.self().toWire().toBuilder().setAddress(NetAddresses.toWire(claimed)).build());
          liar.expectHeard(PayloadCase.REQUEST_ADDRESSES, 1, SOON);
          liar.expectPong(SOON);
        }
        if (i == 0) {
          Await.until(
              "the dial that shows that there is a dialler",
              SOON,
              () -> victim == null ? host.total(DIALS) == 1 : victim.waiting() == 1,
              () -> "nobody dialled " + claimed);
        }
      }
      Await.until(
          "the dial's end",
          SOON,
          () -> host.metric(DIALS, "failed") >= 1,
          () -> "the victim's silence is not noticed");
      assertThat(host.total(DIALS)).as("dials").isEqualTo(1);
      if (victim != null) {
        assertThat(victim.waiting()).as("connections to the victim").isEqualTo(1);
      }
    }
  }
}
