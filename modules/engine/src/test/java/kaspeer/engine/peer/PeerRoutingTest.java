package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.sanctions.SanctionsActor;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.HandshakeStep;
import kaspeer.transport.Direction;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Which message goes to which flow, and which ends the peer. */
final class PeerRoutingTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final ProbeFlow ping =
      ProbeFlow.ready(
          "ping",
          Set.of(PayloadCase.PING),
          OnFailure.END_PEER,
          new Inbox("pings", Set.of(PayloadCase.PING), false, 4, 4096, Overflow.DISCONNECT),
          new Inbox("pongs", Set.of(PayloadCase.PONG), true, 4, 4096, Overflow.DISCONNECT));
  private final ProbeFlow relay =
      ProbeFlow.ready(
          "relay",
          Set.of(PayloadCase.REQUEST_RELAY_BLOCKS, PayloadCase.REQUEST_HEADERS),
          OnFailure.END_PEER,
          new Inbox(
              "answers",
              Set.of(PayloadCase.BLOCK, PayloadCase.BLOCK_HEADERS, PayloadCase.DONE_HEADERS),
              true,
              4,
              4096,
              Overflow.BACKPRESSURE));
  private final SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping, relay));
  private final FakeLink link = new FakeLink(3, Direction.INBOUND, "20.1.1.1");

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private int askBlock() {
    return relay.call(flow -> flow.ask(Say.requestBlock(), Set.of(PayloadCase.BLOCK), true));
  }

  @Test
  void aMessageGoesToTheFlowThatTakesItsTypeOnceTheFlowPulls() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.ping(1));
    link.receive(Say.ping(2));
    ping.run(flow -> flow.pull("pings"));
    assertThat(ping.expectReceived(PayloadCase.PING).message().getPing().getNonce()).isEqualTo(1);
    assertThat(ping.receivedCount()).isZero();
    ping.run(flow -> flow.pull("pings"));
    assertThat(ping.expectReceived(PayloadCase.PING).inbox()).isEqualTo("pings");
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void pullsAddUp() throws InterruptedException {
    rig.ready(link);
    ping.run(flow -> flow.pull("pings"));
    ping.run(flow -> flow.pull("pings"));
    link.receive(Say.ping(1));
    link.receive(Say.ping(2));
    ping.expectReceived(PayloadCase.PING);
    ping.expectReceived(PayloadCase.PING);
  }

  @Test
  void anAnswerByNumberComesBackToItsQuestion() throws InterruptedException {
    rig.ready(link);
    relay.run(flow -> flow.pull("answers"));
    int question = askBlock();
    assertThat(link.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS).size()).isPositive();
    link.receive(Say.block(question));
    assertThat(relay.expectReceived(PayloadCase.BLOCK).message().getResponseId())
        .isEqualTo(question);
  }

  @Test
  void anAnswerNobodyAskedForEndsThePeer() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.block(77));
    assertThat(link.expectEnding()).startsWith("reject UNSOLICITED_ANSWER");
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
    rig.sanctions.expectMessageClass(SanctionsActor.Judged.class);
  }

  @Test
  void anAnswerThatComesAfterItsQuestionWasSettledEndsThePeer() throws InterruptedException {
    rig.ready(link);
    int question = askBlock();
    relay.run(flow -> flow.settle(question));
    link.receive(Say.block(question));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  @Test
  void anAnswerOfAnotherTypeThanAskedForEndsThePeer() throws InterruptedException {
    rig.ready(link);
    int question = askBlock();
    link.receive(Say.headers().toBuilder().setResponseId(question).build());
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  @Test
  void aQuestionAskedByNumberIsNotAnsweredByType() throws InterruptedException {
    rig.ready(link);
    askBlock();
    link.receive(Say.block(0));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  @Test
  void aQuestionAskedByTypeIsAnsweredByTypeUntilSettled() throws InterruptedException {
    rig.ready(link);
    ping.run(flow -> flow.pull("pongs"));
    int question =
        ping.call(flow -> flow.ask(Say.ping(9).toBuilder(), Set.of(PayloadCase.PONG), false));
    link.receive(Say.pong(9));
    ping.expectReceived(PayloadCase.PONG);
    ping.run(flow -> flow.settle(question));
    link.receive(Say.pong(9));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  /** The second one comes while its question is still open, as the flow has not said otherwise. */
  @Test
  void anAnswerTooManyEndsThePeerAlsoIfItIsQuickerThanTheFlow() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    ping.run(flow -> flow.pull("pongs"));
    int question =
        ping.call(flow -> flow.ask(Say.ping(9).toBuilder(), Set.of(PayloadCase.PONG), false));
    link.receive(Say.pong(9));
    link.receive(Say.pong(9));
    ping.expectReceived(PayloadCase.PONG);
    awaitWaiting(supervisor, "ping", 1);
    ping.run(flow -> flow.settle(question));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  @Test
  void answersThatWaitForAnotherOpenQuestionAreNotTooMany() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    relay.run(flow -> flow.pull("answers"));
    int first = askBlock();
    int second = askBlock();
    link.receive(Say.block(first));
    link.receive(Say.block(second));
    relay.expectReceived(PayloadCase.BLOCK);
    awaitWaiting(supervisor, "relay", 1);
    relay.run(flow -> flow.settle(first));
    relay.run(flow -> flow.pull("answers"));
    assertThat(relay.expectReceived(PayloadCase.BLOCK).message().getResponseId()).isEqualTo(second);
    relay.run(flow -> flow.settle(second));
    awaitWaiting(supervisor, "relay", 0);
    assertThat(link.isOpen()).isTrue();
  }

  private void awaitWaiting(ActorRef<PeerCommand> supervisor, String name, int depth) {
    TestProbe<PeerReport> reports = KIT.createTestProbe();
    reports.awaitAssert(
        () -> {
          supervisor.tell(new PeerCommand.Report(reports.getRef()));
          assertThat(reports.receiveMessage().flows())
              .anyMatch(flow -> flow.name().equals(name) && flow.inboxDepth() == depth);
          return true;
        });
  }

  @Test
  void aRequestThatClaimsToAnswerAQuestionOfAnotherFlowEndsThePeer() throws InterruptedException {
    rig.ready(link);
    int question = askBlock();
    link.receive(Say.ping(1).toBuilder().setResponseId(question).build());
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNSOLICITED_ANSWER");
  }

  @Test
  void whatNoFlowTakesEndsThePeer() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.addresses());
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNEXPECTED_MESSAGE");
  }

  @Test
  void handshakeMessagesAfterTheHandshakeEndThePeer() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.ready());
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNEXPECTED_MESSAGE");
  }

  /** They come before the handshake is known here to be over. */
  @Test
  void moreMessagesThanAHandshakeHasEndThePeer() throws InterruptedException {
    rig.connect(link, false);
    rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false))));
    rig.peers.expectMessageClass(PeersCommand.Introduced.class);
    rig.handshake.run(flow -> flow.pull("handshake"));
    link.receive(Say.ready());
    rig.handshake.expectReceived(PayloadCase.READY);
    rig.handshake.run(flow -> flow.pull("handshake"));
    link.receive(Say.ready());
    // The flow is given it, and has made up its mind before it looks at it.
    rig.handshake.expectReceived(PayloadCase.READY);
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(null)));
    rig.peers.expectMessageClass(PeersCommand.Ready.class);
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNEXPECTED_MESSAGE");
  }

  @Test
  void beforeTheRoutesAreOpenNothingButTheHandshakeIsRouted() throws InterruptedException {
    rig.connect(link, false);
    link.receive(Say.ping(1));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNEXPECTED_MESSAGE");
    assertThat(rig.counted("kaspeer_p2p_handshakes_total", "in", "violation.UNEXPECTED_MESSAGE"))
        .isEqualTo(1);
  }

  @Test
  void whatComesBetweenOpenRoutesAndReadyIsKeptForTheFlows() throws InterruptedException {
    rig.connect(link, false);
    rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false))));
    rig.peers.expectMessageClass(PeersCommand.Introduced.class);
    link.receive(Say.ping(1));
    rig.handshake.run(flow -> flow.pull("handshake"));
    link.receive(Say.ready());
    rig.handshake.expectReceived(PayloadCase.READY);
    rig.handshake.run(flow -> flow.pull("handshake"));
    assertThat(ping.isStarted()).isFalse();
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(null)));
    ping.expectStarted();
    ping.run(flow -> flow.pull("pings"));
    ping.expectReceived(PayloadCase.PING);
  }

  @Test
  void theWireIsToldOfTheVersionBeforeReadyCanGoOut() throws InterruptedException {
    rig.connect(link, false);
    rig.handshake.run(
        flow -> {
          flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false)));
          assertThat(link.phases()).containsExactly(ConnectionPhase.READY);
        });
    assertThat(link.phases()).containsExactly(ConnectionPhase.READY);
  }

  @Test
  void largeBatchesAreLetInOnlyWhileTheyAreAskedFor() throws InterruptedException {
    rig.ready(link);
    int first =
        relay.call(
            flow -> flow.ask(Say.requestHeaders(), Set.of(PayloadCase.BLOCK_HEADERS), false));
    int second =
        relay.call(
            flow -> flow.ask(Say.requestHeaders(), Set.of(PayloadCase.BLOCK_HEADERS), false));
    relay.run(flow -> flow.settle(first));
    assertThat(link.phases()).containsExactly(ConnectionPhase.READY, ConnectionPhase.SYNC);
    relay.run(flow -> flow.settle(second));
    assertThat(link.phases())
        .containsExactly(ConnectionPhase.READY, ConnectionPhase.SYNC, ConnectionPhase.READY);
  }

  @Test
  void aPeerCountsAsThroughWithItsHandshakeWhenItIsReadyAndNotWhenItMaySpeak()
      throws InterruptedException {
    rig.connect(link, false);
    rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false))));
    rig.peers.expectMessageClass(PeersCommand.Introduced.class);
    assertThat(link.phases()).containsExactly(ConnectionPhase.READY);
    assertThat(link.isEstablished()).isFalse();
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(null)));
    rig.peers.expectMessageClass(PeersCommand.Ready.class);
    assertThat(link.isEstablished()).isTrue();
  }

  private static int askHeaders(FlowContext flow) {
    return flow.ask(Say.requestHeaders(), Set.of(PayloadCase.BLOCK_HEADERS), false);
  }

  @Test
  void aQuestionAskedAfterTheEndOfItsFlowLetsNothingLargeIn() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    FlowContext flow = relay.call(context -> context);
    supervisor.tell(new PeerCommand.Dismiss("operator", "enough"));
    assertThat(rig.expectDeparted().reason()).isEqualTo("operator");
    askHeaders(flow);
    assertThat(link.phases().getLast()).isEqualTo(ConnectionPhase.READY);
  }

  /** The link's phase changes while the supervisor lets go of the flow's questions. */
  @Test
  void aFlowThatAsksWhileItIsStoppedDoesNotHideWhyItsPeerEnds() throws InterruptedException {
    AtomicReference<@Nullable FlowContext> asking = new AtomicReference<>();
    FakeLink busy =
        new FakeLink(4, Direction.INBOUND, "20.1.1.2") {
          @Override
          public void enterPhase(ConnectionPhase phase, int protocolVersion) {
            super.enterPhase(phase, protocolVersion);
            FlowContext flow = phase == ConnectionPhase.READY ? asking.getAndSet(null) : null;
            if (flow != null) {
              askHeaders(flow);
            }
          }
        };
    ActorRef<PeerCommand> supervisor = rig.ready(busy);
    relay.run(PeerRoutingTest::askHeaders);
    asking.set(relay.call(context -> context));
    supervisor.tell(new PeerCommand.Dismiss("operator", "enough"));
    assertThat(rig.expectDeparted().reason()).isEqualTo("operator");
    assertThat(busy.phases().getLast()).isEqualTo(ConnectionPhase.READY);
  }

  @Test
  void aFlowCanAskOnlyForWhatItTakes() throws InterruptedException {
    rig.ready(link);
    ping.run(
        flow ->
            assertThatThrownBy(() -> flow.ask(Say.requestBlock(), Set.of(PayloadCase.BLOCK), true))
                .isInstanceOf(IllegalArgumentException.class));
    ping.run(
        flow ->
            assertThatThrownBy(() -> flow.pull("nothing"))
                .isInstanceOf(IllegalArgumentException.class));
  }

  @Test
  void questionsHaveNumbersOfTheirOwn() throws InterruptedException {
    rig.ready(link);
    assertThat(askBlock()).isNotZero().isNotEqualTo(askBlock());
  }

  @Test
  void aFinishedFlowTakesNothingMore() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    ping.end();
    // Until its end is known, messages wait for it.
    TestProbe<PeerReport> reports = KIT.createTestProbe();
    reports.awaitAssert(
        () -> {
          supervisor.tell(new PeerCommand.Report(reports.getRef()));
          assertThat(reports.receiveMessage().flows())
              .anyMatch(flow -> flow.name().equals("ping") && flow.state().equals("finished"));
          return true;
        });
    link.receive(Say.ping(1));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.UNEXPECTED_MESSAGE");
  }
}
