package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.peers.PeerRegistry.Seating;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.PeerInfo.Direction;
import org.junit.jupiter.api.Test;

final class PeerRegistryTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final UUID OURS = new UUID(5, 5);
  private static final UUID SMALLER = new UUID(1, 1);
  private static final UUID LARGER = new UUID(-1, 1);
  private final PeerRegistry registry = new PeerRegistry(() -> 4);

  private void connect(long number, String ip, Direction direction, long second) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(ip), 16111);
    registry.connecting(
        PeerInfo.connecting(number, address, direction, false, NOW.plusSeconds(second)));
  }

  private Optional<Admission> identify(long number, UUID id, String ip) {
    return registry.identify(number, id, OURS, InetAddress.ofLiteral(ip));
  }

  private Admission admit(long number, UUID id, String ip) {
    connect(number, ip, Direction.INBOUND, number);
    Admission admission = identify(number, id, ip).orElseThrow();
    registry.ready(number);
    return admission;
  }

  @Test
  void ourOwnIdIsOurselves() {
    assertThat(admit(1, OURS, "20.1.1.1")).isEqualTo(Admission.LOOPBACK);
  }

  @Test
  void aSecondConnectionOfOneIdAndAddressIsADuplicate() {
    assertThat(admit(1, SMALLER, "20.1.1.1")).isEqualTo(Admission.ADMITTED);
    assertThat(admit(2, SMALLER, "20.1.1.1")).isEqualTo(Admission.DUPLICATE);
    assertThat(admit(3, SMALLER, "20.1.1.2")).isEqualTo(Admission.ADMITTED);
    registry.remove(1);
    assertThat(admit(4, SMALLER, "20.1.1.1")).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void ofTwoConnectionsDialledAtOnceTheFirstStaysWhereTheSmallerIdIsOurs() {
    connect(1, "20.1.1.1", Direction.OUTBOUND, 0);
    connect(2, "20.1.1.1", Direction.INBOUND, 1);
    assertThat(identify(1, LARGER, "20.1.1.1")).hasValue(Admission.ADMITTED);
    assertThat(identify(2, LARGER, "20.1.1.1")).hasValue(Admission.DUPLICATE);

    connect(3, "20.2.1.1", Direction.INBOUND, 0);
    connect(4, "20.2.1.1", Direction.OUTBOUND, 1);
    assertThat(identify(3, LARGER, "20.2.1.1")).hasValue(Admission.ADMITTED);
    assertThat(identify(4, LARGER, "20.2.1.1")).hasValue(Admission.DUPLICATE);
  }

  @Test
  void whereTheSmallerIdIsThePeersTheSecondWaitsUntilTheFirstIsReadyOrGone() {
    connect(1, "20.1.1.1", Direction.OUTBOUND, 0);
    connect(2, "20.1.1.1", Direction.INBOUND, 1);
    assertThat(identify(1, SMALLER, "20.1.1.1")).hasValue(Admission.ADMITTED);
    assertThat(identify(2, SMALLER, "20.1.1.1")).isEmpty();
    registry.remove(1);
    assertThat(identify(2, SMALLER, "20.1.1.1")).hasValue(Admission.ADMITTED);

    connect(3, "20.2.1.1", Direction.INBOUND, 0);
    connect(4, "20.2.1.1", Direction.OUTBOUND, 1);
    assertThat(identify(3, SMALLER, "20.2.1.1")).hasValue(Admission.ADMITTED);
    assertThat(identify(4, SMALLER, "20.2.1.1")).isEmpty();
    registry.ready(3);
    assertThat(identify(4, SMALLER, "20.2.1.1")).hasValue(Admission.DUPLICATE);
  }

  /** The peer may be of a kind that knows no such rule, and refuse the one that we would keep. */
  @Test
  void aConnectionThatIsReadyIsNotReplacedHoweverYoungItIs() {
    connect(1, "20.1.1.1", Direction.OUTBOUND, 0);
    assertThat(identify(1, SMALLER, "20.1.1.1")).hasValue(Admission.ADMITTED);
    assertThat(registry.ready(1).seated()).isTrue();
    connect(2, "20.1.1.1", Direction.INBOUND, 1);
    assertThat(identify(2, SMALLER, "20.1.1.1")).hasValue(Admission.DUPLICATE);

    connect(3, "20.2.1.1", Direction.INBOUND, 0);
    assertThat(identify(3, LARGER, "20.2.1.1")).hasValue(Admission.ADMITTED);
    assertThat(registry.ready(3).seated()).isTrue();
    connect(4, "20.2.1.1", Direction.OUTBOUND, 1);
    assertThat(identify(4, LARGER, "20.2.1.1")).hasValue(Admission.DUPLICATE);
  }

  @Test
  void aConnectionThatStandsForSomeTimeIsNotReplaced() {
    connect(1, "20.1.1.1", Direction.OUTBOUND, 0);
    identify(1, SMALLER, "20.1.1.1");
    connect(2, "20.1.1.1", Direction.INBOUND, 60);
    assertThat(identify(2, SMALLER, "20.1.1.1")).hasValue(Admission.DUPLICATE);
  }

  @Test
  void whenAllInboundSlotsAreTakenTheLeastWorthyMakesRoom() {
    for (int i = 1; i <= 4; i++) {
      assertThat(admit(i, new UUID(i, i), "20." + i + ".1.1")).isEqualTo(Admission.ADMITTED);
    }
    connect(9, "30.1.1.1", Direction.INBOUND, 9);
    assertThat(identify(9, new UUID(9, 9), "30.1.1.1")).hasValue(Admission.ADMITTED);
    assertThat(registry.ready(9)).isEqualTo(new Seating(true, OptionalLong.of(4)));
  }

  @Test
  void whoIsNotThroughWithItsHandshakeTakesNoSlot() {
    for (int i = 11; i <= 18; i++) {
      connect(i, "30." + i + ".1.1", Direction.INBOUND, 0);
      assertThat(identify(i, new UUID(i, i), "30." + i + ".1.1")).hasValue(Admission.ADMITTED);
    }
    for (int i = 1; i <= 4; i++) {
      connect(i, "20." + i + ".1.1", Direction.INBOUND, i);
      identify(i, new UUID(i, i), "20." + i + ".1.1");
      assertThat(registry.ready(i)).isEqualTo(new Seating(true, OptionalLong.empty()));
    }
  }

  @Test
  void ofTwoWhoFinishTheirHandshakesAtOnceTheLaterOneMayFindNoRoom() {
    for (int i = 1; i <= 3; i++) {
      admit(i, new UUID(i, i), "127.0.0." + i);
    }
    for (int i = 6; i <= 7; i++) {
      connect(i, "127.0.0." + i, Direction.INBOUND, i);
      assertThat(identify(i, new UUID(i, i), "127.0.0." + i)).hasValue(Admission.ADMITTED);
    }
    assertThat(registry.ready(6).seated()).isTrue();
    assertThat(registry.ready(7)).isEqualTo(new Seating(false, OptionalLong.empty()));
  }

  @Test
  void peersOnThisMachineAreNotEvicted() {
    for (int i = 1; i <= 4; i++) {
      admit(i, new UUID(i, i), "127.0.0." + i);
    }
    assertThat(admit(9, new UUID(9, 9), "30.1.1.1")).isEqualTo(Admission.FULL);
  }

  @Test
  void outboundPeersTakeNoInboundSlot() {
    for (int i = 1; i <= 4; i++) {
      admit(i, new UUID(i, i), "127.0.0." + i);
    }
    connect(9, "30.1.1.1", Direction.OUTBOUND, 9);
    assertThat(identify(9, new UUID(9, 9), "30.1.1.1")).hasValue(Admission.ADMITTED);
  }

  @Test
  void connectionsInABannedRangeAreFoundEvenWhileTheyShakeHands() {
    connect(1, "20.1.1.1", Direction.INBOUND, 0);
    admit(2, SMALLER, "20.1.1.2");
    admit(3, SMALLER, "21.1.1.2");
    assertThat(registry.in(IpRange.parse("20.0.0.0/8").orElseThrow()))
        .containsExactlyInAnyOrder(1L, 2L);
  }
}
