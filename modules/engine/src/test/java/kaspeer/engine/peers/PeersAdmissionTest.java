package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.sanctions.Bans;
import kaspeer.flow.FlowContext;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.policy.ViolationCode;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in, who has to go for it, and who is neither. */
@Timeout(300)
final class PeersAdmissionTest {
  private final PeersRig peers = new PeersRig();

  @AfterEach
  void stop() {
    peers.close();
  }

  @Test
  void ourOwnIdIsALoopback() throws InterruptedException {
    peers.accept(1, "20.1.1.1");
    assertThat(peers.identify(peers.rig.environment.local().id())).isEqualTo(Admission.LOOPBACK);
  }

  @Test
  void aSecondConnectionOfOneIdAndAddressIsADuplicateAndTheFirstStays()
      throws InterruptedException {
    FakeLink first = peers.connect(2, "20.1.1.1");
    peers.accept(3, "20.1.1.1");
    assertThat(peers.identify(new UUID(2, 2))).isEqualTo(Admission.DUPLICATE);
    assertThat(first.isOpen()).isTrue();
    // An id says nothing of itself: from elsewhere it may be anybody's.
    peers.accept(4, "20.1.1.2");
    assertThat(peers.identify(new UUID(2, 2))).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void whenAllSlotsAreTakenTheLeastWorthyIsEvicted() throws InterruptedException {
    FakeLink first = peers.connect(1, "20.1.1.1");
    peers.rig.clock.advance(Duration.ofSeconds(1));
    FakeLink second = peers.connect(2, "21.1.1.1");
    peers.connect(3, "22.1.1.1");
    assertThat(second.expectEnding()).isEqualTo("close evicted");
    assertThat(first.isOpen()).isTrue();
    assertThat(peers.rig.counted("kaspeer_p2p_evictions_total")).isEqualTo(1);
  }

  @Test
  void whenNobodyCanBeEvictedTheNodeIsFullForThoseWhoDialAndOpenForThoseWeDial()
      throws InterruptedException {
    peers.connect(1, "127.0.0.1");
    peers.connect(2, "127.0.0.2");
    peers.accept(3, "23.1.1.1");
    assertThat(peers.identify(new UUID(3, 3))).isEqualTo(Admission.FULL);
    peers.dial(4, "24.1.1.1");
    assertThat(peers.identify(new UUID(4, 4))).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void aHandshakeThatComesToNothingEvictsNobody() throws InterruptedException {
    FakeLink first = peers.connect(1, "20.1.1.1");
    FakeLink second = peers.connect(2, "21.1.1.1");
    for (int i = 0; i < 16; i++) {
      peers.accept(10 + i, "22.1.1." + i);
      assertThat(peers.identify(new UUID(10 + i, 3)))
          .as("one that stalls")
          .isEqualTo(Admission.ADMITTED);
      FakeLink stranger = peers.accept(40 + i, "23.1.1." + i);
      assertThat(peers.identify(new UUID(40 + i, 3))).isEqualTo(Admission.ADMITTED);
      peers.rig.handshake.run(flow -> flow.violation(ViolationCode.WRONG_NETWORK, "other"));
      assertThat(stranger.expectEnding()).startsWith("reject WRONG_NETWORK");
    }
    assertThat(first.isOpen()).isTrue();
    assertThat(second.isOpen()).isTrue();
    assertThat(peers.rig.counted("kaspeer_p2p_evictions_total")).isZero();
  }

  @Test
  void whoFindsNoRoomAfterItsHandshakeIsToldAndNeverCountsAsConnected()
      throws InterruptedException {
    peers.connect(1, "127.0.0.1");
    FakeLink slower = peers.accept(2, "127.0.0.2");
    assertThat(peers.identify(new UUID(2, 2))).isEqualTo(Admission.ADMITTED);
    FlowContext slowersHandshake = peers.rig.handshake.call(flow -> flow);
    peers.connect(3, "127.0.0.3");
    slowersHandshake.handshake(new HandshakeStep.OpenRoutes(peers.rig.introduced(slower, false)));
    slowersHandshake.handshake(new HandshakeStep.Ready(null));
    assertThat(slower.expectEnding()).startsWith("reject NO_ROOM");
    peers.lists.awaitAssert(
        () -> {
          assertThat(peers.departures())
              .extracting(Departure::reason)
              .containsExactly("violation.NO_ROOM");
          return true;
        });
    peers.events.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whoBringsBlocksIsKeptWhenSomebodyMustGo() throws InterruptedException {
    FakeLink dull = peers.connect(1, "20.1.1.1");
    peers.rig.clock.advance(Duration.ofSeconds(1));
    FakeLink useful = peers.connect(2, "21.1.1.1");
    peers.blockAdded(2, false);
    peers.connect(3, "22.1.1.1");
    assertThat(dull.expectEnding()).isEqualTo("close evicted");
    assertThat(useful.isOpen()).isTrue();
  }

  @Test
  void aBanEndsThePeersItCoversEvenWhileTheyShakeHands() throws InterruptedException {
    FakeLink ready = peers.connect(1, "20.1.1.1");
    FakeLink shaking = peers.accept(2, "20.1.1.2");
    FakeLink other = peers.connect(3, "21.1.1.1");
    peers
        .kit
        .system()
        .eventStream()
        .tell(
            new EventStream.Publish<>(
                new NodeEvent.Banned("20.1.0.0/16", "reason", Duration.ofHours(1))));
    assertThat(ready.expectEnding()).startsWith("reject BANNED");
    assertThat(shaking.expectEnding()).startsWith("reject BANNED");
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void aPeerBannedBeforeItSaidWhoItIsIsNotAdmitted() throws InterruptedException {
    peers.accept(1, "20.1.1.1");
    Bans.add(peers.bans, "20.1.1.1", peers.rig.clock.instant().plusSeconds(60));
    assertThat(peers.identify(new UUID(1, 1))).isEqualTo(Admission.BANNED);
  }
}
