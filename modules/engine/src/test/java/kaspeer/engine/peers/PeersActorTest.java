package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.relay.RelayActor;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.transport.Direction;
import kaspeer.transport.InboundFrame;
import kaspeer.wire.NetAddress;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is listed, how peers end, and what is told of that. */
@Timeout(300)
final class PeersActorTest {
  private final PeersRig peers = new PeersRig();

  @AfterEach
  void stop() {
    peers.close();
  }

  @Test
  void aPeerThatIsReadyIsListedAndItsEndIsToldWithItsReason() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    assertThat(peers.list()).extracting(PeerInfo::number).containsExactly(1L);
    assertThat(peers.groups).hasValue(1);
    assertThat(peers.hosts.of(1, _ -> "gone")).isEqualTo("20.1.1.1");
    peers.idle.run(flow -> flow.violation(ViolationCode.INVALID_BLOCK, "bad"));
    link.expectEnding();
    NodeEvent.PeerDisconnected gone =
        peers.events.expectMessageClass(NodeEvent.PeerDisconnected.class);
    assertThat(gone.reason()).isEqualTo("violation.INVALID_BLOCK");
    assertThat(peers.departures()).extracting(Departure::detail).containsExactly("bad");
    peers.rig.relay.expectMessageClass(RelayActor.Joined.class);
    peers.rig.relay.expectMessage(new RelayActor.Left(1));
    peers.dag.expectMessage(new DagActor.PeerLeft(1));
    assertThat(peers.list()).isEmpty();
    assertThat(peers.groups).hasValue(0);
    assertThat(peers.hosts.of(1, _ -> "gone")).isEqualTo("gone");
  }

  @Test
  void aHandshakeThatFailsIsADepartureButNoEvent() throws InterruptedException {
    peers.accept(1, "20.1.1.1");
    peers.rig.handshake.run(flow -> flow.violation(ViolationCode.WRONG_NETWORK, "other"));
    peers.lists.awaitAssert(
        () -> {
          assertThat(peers.departures())
              .extracting(Departure::reason)
              .containsExactly("violation.WRONG_NETWORK");
          return true;
        });
    // Its departure is told by the supervisor, which is listed until it has stopped.
    peers.dag.expectMessage(new DagActor.PeerLeft(1));
    assertThat(peers.list()).isEmpty();
    peers.events.expectNoMessage(Duration.ZERO);
  }

  @Test
  void theAddressAPeerClaimsGoesToTheBookWithTheOneItCameFrom() throws InterruptedException {
    FakeLink link = peers.accept(1, "20.1.1.1");
    peers.identify(new UUID(1, 1));
    InetAddress claimed = InetAddress.ofLiteral("66.6.6.6");
    peers.finishHandshake(link, Optional.of(new InetSocketAddress(claimed, 16111)));
    peers.addresses.expectMessage(
        new AddressBookActor.Claimed(
            new NetAddress(claimed, 16111), link.remoteAddress().getAddress()));
  }

  @Test
  void anOperatorEndsAConnectionByNumber() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    TestProbe<Boolean> answer = peers.kit.createTestProbe();
    peers.ask(new Peers.Disconnect(7, "test", answer.getRef()));
    answer.expectMessage(false);
    peers.ask(new Peers.Disconnect(1, "test", answer.getRef()));
    answer.expectMessage(true);
    assertThat(link.expectEnding()).isEqualTo("close operator");
  }

  @Test
  void whatTurnedOutBadLaterIsBlamedOnWhoBroughtIt() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    peers.actor.tell(new PeersCommand.Blame(1, ViolationCode.INVALID_BLOCK, "orphan"));
    assertThat(link.expectEnding()).startsWith("reject INVALID_BLOCK");
  }

  @Test
  void aSupervisorThatFailsTakesOnlyItsPeerAlong() throws InterruptedException {
    FakeLink other = peers.connect(1, "20.1.1.1");
    FakeLink broken =
        new FakeLink(2, Direction.INBOUND, "21.1.1.1") {
          @Override
          public Source<List<InboundFrame>, NotUsed> inbound() {
            throw new IllegalStateException("a bug");
          }
        };
    peers.actor.tell(new PeersCommand.Accepted(broken));
    peers.lists.awaitAssert(
        () -> {
          assertThat(peers.departures())
              .extracting(Departure::reason)
              .containsExactly("local-fault");
          return true;
        });
    assertThat(other.isOpen()).isTrue();
    assertThat(peers.list()).hasSize(1);
  }

  @Test
  void stoppingEndsAllPeersAndTakesNoMore() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    TestProbe<Done> done = peers.kit.createTestProbe();
    peers.actor.tell(new PeersCommand.Shutdown(done.getRef()));
    assertThat(link.expectEnding()).isEqualTo("close shutdown");
    done.receiveMessage();
    FakeLink late = new FakeLink(9, Direction.INBOUND, "22.1.1.1");
    peers.actor.tell(new PeersCommand.Accepted(late));
    assertThat(late.expectEnding()).startsWith("abort");
  }
}
