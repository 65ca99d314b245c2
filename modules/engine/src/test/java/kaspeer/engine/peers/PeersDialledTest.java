package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import kaspeer.engine.Facades;
import kaspeer.engine.dial.DialCommand;
import kaspeer.engine.dial.DialPurpose;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peer.Say;
import kaspeer.engine.relay.RelayActor;
import kaspeer.flow.FlowContext;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.transport.Direction;
import kaspeer.transport.LinkEnd;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that are dialled, and what the dialler hears of them. */
@Timeout(300)
final class PeersDialledTest {
  private final PeersRig peers = new PeersRig();

  @AfterEach
  void stop() {
    peers.close();
  }

  @Test
  void whoIsDialledOnlyToAnswerIsLetGoAfterTheHandshakeAndWasNeverAPeer()
      throws InterruptedException {
    FakeLink link = new FakeLink(1, Direction.OUTBOUND, "20.1.1.1");
    peers.actor.tell(new PeersCommand.Dialled(link, DialPurpose.FEELER, peers.dialler.getRef()));
    peers.rig.handshake.expectStarted();
    assertThat(peers.identify(new UUID(1, 1))).isEqualTo(Admission.ADMITTED);
    peers.rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(peers.rig.introduced(link, false))));
    peers.rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(null)));
    assertThat(peers.dialler.expectMessageClass(DialCommand.Answered.class).address())
        .isEqualTo(link.remoteAddress());
    assertThat(link.expectEnding()).isEqualTo("close feeler");
    peers.dialler.expectMessageClass(DialCommand.Lost.class);
    // All that is told of a peer: that it is gone. No flow of its was started, nobody heard of it.
    peers.rig.relay.expectMessage(new RelayActor.Left(1));
    assertThat(peers.departures()).extracting(Departure::reason).containsExactly("feeler");
    peers.events.expectNoMessage(Duration.ZERO);
  }

  /** Whoever has the smaller id decides which of two crossing connections stays. */
  @Test
  void theSecondOfTwoCrossingConnectionsWaitsUntilTheFirstIsGoneOrReady()
      throws InterruptedException {
    for (boolean first : new boolean[] {false, true}) {
      String ip = first ? "20.1.1.1" : "21.1.1.1";
      FakeLink inbound = peers.accept(first ? 1 : 3, ip);
      assertThat(peers.identify(new UUID(2, 2))).isEqualTo(Admission.ADMITTED);
      FlowContext firstHandshake = peers.rig.handshake.call(flow -> flow);
      peers.dial(first ? 2 : 4, ip);
      TestProbe<Admission> answer = peers.kit.createTestProbe();
      peers.rig.handshake.run(
          flow -> flow.handshake(new HandshakeStep.Identify(new UUID(2, 2), answer.getRef())));
      peers.settle();
      answer.expectNoMessage(Duration.ZERO);
      if (first) {
        firstHandshake.handshake(
            new HandshakeStep.OpenRoutes(peers.rig.introduced(inbound, false)));
        firstHandshake.handshake(new HandshakeStep.Ready(null));
        answer.expectMessage(Admission.DUPLICATE);
      } else {
        inbound.end(new LinkEnd.RemoteClosed("gone"));
        answer.expectMessage(Admission.ADMITTED);
      }
    }
  }

  @Test
  void theDiallerHearsThatItsPeerIsReadyAndThatItIsLost() throws InterruptedException {
    FakeLink link = peers.dial(1, "20.1.1.1");
    assertThat(peers.identify(new UUID(1, 1))).isEqualTo(Admission.ADMITTED);
    peers.finishHandshake(link, Optional.empty());
    assertThat(peers.dialler.expectMessageClass(DialCommand.Connected.class).info().number())
        .isEqualTo(1);
    link.end(new LinkEnd.RemoteClosed("gone"));
    DialCommand.Lost lost = peers.dialler.expectMessageClass(DialCommand.Lost.class);
    assertThat(lost.info().number()).isEqualTo(1);
    assertThat(lost.at()).isEqualTo(peers.rig.clock.instant());
  }

  @Test
  void theDiallerHearsWhyAHandshakeFailed() throws InterruptedException {
    peers.dial(1, "20.1.1.1");
    peers.rig.handshake.run(flow -> flow.violation(ViolationCode.WRONG_NETWORK, "other"));
    Departure departure = peers.dialler.expectMessageClass(DialCommand.Refused.class).departure();
    assertThat(departure.reason()).isEqualTo("violation.WRONG_NETWORK");
    assertThat(departure.detail()).isEqualTo("other");
    assertThat(departure.isOfDuplicate()).isFalse();
  }

  @Test
  void theDiallerHearsThatAPeerIsConnectedAlreadyWhicheverSideSaysSo() throws InterruptedException {
    peers.dial(1, "20.1.1.1");
    peers.rig.handshake.run(flow -> flow.violation(ViolationCode.DUPLICATE_CONNECTION, "id"));
    assertThat(
            peers.dialler.expectMessageClass(DialCommand.Refused.class).departure().isOfDuplicate())
        .isTrue();
    FakeLink link = peers.dial(2, "20.1.1.2");
    link.receive(Say.reject("DUPLICATE_CONNECTION"));
    assertThat(
            peers.dialler.expectMessageClass(DialCommand.Refused.class).departure().isOfDuplicate())
        .isTrue();
  }

  @Test
  void aPermanentPeerThatDialledUsIsNotDialledAnyMoreOnceItIsSentAway()
      throws InterruptedException {
    InetSocketAddress held = new InetSocketAddress(InetAddress.ofLiteral("20.1.1.1"), 16111);
    peers.permanent.add(held);
    peers.permanent.add(new InetSocketAddress(InetAddress.ofLiteral("20.1.1.2"), 16111));
    peers.accept(1, "20.1.1.1");
    TestProbe<Boolean> answer = peers.kit.createTestProbe();
    peers.ask(new Peers.Disconnect(1, "test", answer.getRef()));
    assertThat(answer.receiveMessage()).isTrue();
    assertThat(peers.dialler.expectMessageClass(DialCommand.Forget.class).address())
        .isEqualTo(held);
    peers.dialler.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aDialIsHandedToTheDiallerUnlessThePeerIsThere() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    TestProbe<Peers.DialReply> replies = peers.kit.createTestProbe();
    peers.ask(new Peers.Dial(link.remoteAddress(), false, replies.getRef()));
    replies.expectMessage(new Peers.DialReply.AlreadyConnected(1));
    InetSocketAddress other = new InetSocketAddress(InetAddress.ofLiteral("21.1.1.1"), 16111);
    peers.ask(new Peers.Dial(other, true, replies.getRef()));
    peers.dialler.expectMessage(new DialCommand.Order(other, true, replies.getRef()));
    DialTarget named = new DialTarget("node.example", 16111);
    peers.ask(new Peers.Hold(named, replies.getRef()));
    peers.dialler.expectMessage(new DialCommand.Hold(named, replies.getRef()));
  }

  @Test
  void theDiallerHearsThatALinkCameTooLate() throws InterruptedException {
    TestProbe<Done> done = peers.kit.createTestProbe();
    peers.actor.tell(new PeersCommand.Shutdown(done.getRef()));
    done.receiveMessage();
    peers.dialler.expectMessage(DialCommand.Stop.NOW);
    FakeLink late = new FakeLink(9, Direction.OUTBOUND, "22.1.1.1");
    peers.actor.tell(new PeersCommand.Dialled(late, DialPurpose.PEER, peers.dialler.getRef()));
    assertThat(late.expectEnding()).startsWith("abort");
    assertThat(peers.dialler.expectMessageClass(DialCommand.Failed.class).address())
        .isEqualTo(late.remoteAddress());
  }

  /** Its parent watches this peers.actor, and ends the node. */
  @Test
  void aDiallerThatFailsTakesThisActorAlong() {
    ActorRef<PeersCommand> other =
        peers.kit.spawn(
            peers.peersActor(
                Behaviors.receiveMessage(
                    _ -> {
                      throw new IllegalStateException("a bug");
                    })));
    TestProbe<Done> watcher = peers.kit.createTestProbe();
    Facades.as(Peers.class, other)
        .tell(new Peers.Forget(new InetSocketAddress(InetAddress.ofLiteral("21.1.1.1"), 1)));
    watcher.expectTerminated(other);
  }
}
