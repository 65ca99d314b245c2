package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.sanctions.SanctionsActor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.transport.Direction;
import kaspeer.transport.LinkEnd;
import kaspeer.wire.WireFault;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a peer comes to its end, and what follows by policy. */
final class PeerEndingsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final ProbeFlow ping = flow("ping", OnFailure.END_PEER, PayloadCase.PING);
  private final ProbeFlow robust = flow("robust", OnFailure.RESTART, PayloadCase.INV_RELAY_BLOCK);
  private final SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping, robust));
  private final FakeLink link = new FakeLink(3, Direction.INBOUND, "20.1.1.1");

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static ProbeFlow flow(String name, OnFailure onFailure, PayloadCase payload) {
    return ProbeFlow.ready(
        name,
        Set.of(PayloadCase.REQUEST_RELAY_BLOCKS),
        onFailure,
        name.equals("robust")
            ? new Inbox[] {
              new Inbox("in", Set.of(payload), false, 4, 4096, Overflow.DROP),
              new Inbox("answers", Set.of(PayloadCase.BLOCK), true, 4, 4096, Overflow.DROP)
            }
            : new Inbox[] {new Inbox("in", Set.of(payload), false, 4, 4096, Overflow.DROP)});
  }

  private Sanction expectJudged() {
    return rig.sanctions.expectMessageClass(SanctionsActor.Judged.class).sanction();
  }

  @Test
  void aFlowThatThrowsEndsItsPeerAndNobodyIsBlamed() throws InterruptedException {
    rig.ready(link);
    ping.expectStarted();
    ping.fail("a bug");
    assertThat(link.expectEnding()).isEqualTo("close local-fault");
    Departure departure = rig.expectDeparted();
    assertThat(departure.reason()).isEqualTo("local-fault");
    assertThat(departure.detail()).contains("ping failed").contains("a bug");
    assertThat(expectJudged()).isEqualTo(new Sanction.Disconnect());
  }

  @Test
  void aFlowThatMayRestartDoesAndKeepsWhatCameMeanwhile() throws InterruptedException {
    rig.ready(link);
    robust.expectStarted();
    int question =
        robust.call(flow -> flow.ask(Say.requestBlock(), Set.of(PayloadCase.BLOCK), true));
    link.receive(Say.inv(Say.hash(1)));
    robust.fail("a bug");
    robust.expectStarted();
    // What the failed one asked for may still come, and is nobody's misdeed.
    link.receive(Say.block(question));
    robust.run(flow -> flow.pull("answers"));
    robust.run(flow -> flow.pull("in"));
    robust.expectReceived(PayloadCase.INV_RELAY_BLOCK);
    assertThat(robust.receivedCount()).isZero();
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void aFlowThatFailsAgainAndAgainEndsThePeer() throws InterruptedException {
    rig.ready(link);
    for (int i = 0; i <= FlowSlot.MAX_RESTARTS; i++) {
      robust.expectStarted();
      robust.fail("a bug");
    }
    assertThat(rig.expectDeparted().reason()).isEqualTo("local-fault");
  }

  @ParameterizedTest
  @CsvSource({
    "network, REQUEST_OF_UNKNOWN_BLOCK, reject",
    "network, REQUEST_OF_UNKNOWN_TRANSACTION, stays",
    "network, INVALID_TRANSACTION, stays",
    "network, WRONG_PONG_NONCE, reject",
    "network, INVALID_BLOCK, reject",
    "network, OVERSIZED_MESSAGE, close",
    "strict, REQUEST_OF_UNKNOWN_BLOCK, ban",
    "strict, REQUEST_OF_UNKNOWN_TRANSACTION, ban",
    "strict, INVALID_TRANSACTION, ban",
    "strict, WRONG_PONG_NONCE, ban",
    "strict, INVALID_BLOCK, reject",
    "strict, NON_STANDARD_TRANSACTION, stays",
  })
  void whatFollowsABreachIsInThePolicysTable(String preset, ViolationCode code, String follows)
      throws InterruptedException {
    rig.policy.set(Policy.preset(preset).orElseThrow());
    rig.ready(link);
    ping.run(flow -> flow.violation(code, "detail"));
    if (follows.equals("stays")) {
      ping.run(flow -> flow.pull("in"));
      link.receive(Say.ping(1));
      ping.expectReceived(PayloadCase.PING);
      assertThat(link.isOpen()).isTrue();
      return;
    }
    assertThat(link.expectEnding())
        .startsWith(
            follows.equals("close") ? "close violation." + code : "reject " + code + ": detail");
    Departure departure = rig.expectDeparted();
    assertThat(departure.reason()).isEqualTo("violation." + code);
    assertThat(departure.sanction()).isEqualTo(follows.equals("close") ? "disconnect" : follows);
    assertThat(expectJudged() instanceof Sanction.Ban).isEqualTo(follows.equals("ban"));
    assertThat(rig.counted("kaspeer_p2p_outcomes_total", "ping", "violation", code.name()))
        .isEqualTo(1);
  }

  @Test
  void aPermanentPeerIsRejectedWhereAnotherWouldBeBanned() throws InterruptedException {
    rig.policy.set(Policy.STRICT);
    FakeLink ours = new FakeLink(4, Direction.OUTBOUND, "20.1.1.2");
    rig.connect(ours, true);
    rig.shakeHands(ours, true);
    ping.run(flow -> flow.violation(ViolationCode.WRONG_PONG_NONCE, "detail"));
    assertThat(rig.expectDeparted().sanction()).isEqualTo("reject");
    assertThat(expectJudged()).isEqualTo(new Sanction.Reject());
  }

  @Test
  void pointsThatReachTheLimitBan() throws InterruptedException {
    rig.ready(link);
    rig.scores.add(link.remoteAddress().getAddress(), 95, Policy.NETWORK, rig.clock.instant());
    ping.run(flow -> flow.violation(ViolationCode.INVALID_TRANSACTION, "detail"));
    assertThat(expectJudged()).isInstanceOf(Sanction.Ban.class);
    assertThat(rig.expectDeparted().sanction()).isEqualTo("ban");
  }

  @Test
  void aRejectOfThePeerEndsItWithoutReplyOrBlameAndCutsItsReason() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.reject("€".repeat(2000)));
    assertThat(link.expectEnding()).isEqualTo("close refused");
    Departure departure = rig.expectDeparted();
    assertThat(departure.reason()).isEqualTo("refused");
    assertThat(departure.detail()).isEqualTo("€".repeat(682));
    assertThat(expectJudged()).isEqualTo(new Sanction.Disconnect());
    assertThat(link.allSent()).isEmpty();
    assertThat(rig.counted("kaspeer_p2p_rejects_received_total", "other")).isEqualTo(1);
  }

  @Test
  void whatARejectSaysCannotMoveACursorNorTurnTheTextAround() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.reject("no\u009b2J\u202eway\u2028x\u001b[m"));
    assertThat(rig.expectDeparted().detail()).isEqualTo("no?2J?way?x?[m");
  }

  @Test
  void theTwoTokensOfTheNetworkAreBenign() throws InterruptedException {
    rig.connect(link, false);
    link.receive(Say.reject("DUPLICATE_CONNECTION"));
    assertThat(rig.expectDeparted().detail()).isEqualTo("DUPLICATE_CONNECTION");
    assertThat(rig.counted("kaspeer_p2p_rejects_received_total", "benign")).isEqualTo(1);
  }

  @Test
  void aRejectIsHeardEvenIfTheLinkEndsRightBehindIt() throws InterruptedException {
    rig.ready(link);
    link.receive(Say.reject("go away"));
    link.end(new LinkEnd.RemoteClosed("stream closed"));
    assertThat(rig.expectDeparted().detail()).isEqualTo("go away");
  }

  @Test
  void aLostLinkIsNobodysFault() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    link.end(new LinkEnd.IoError("reset"));
    assertThat(rig.expectDeparted())
        .extracting(Departure::reason, Departure::sanction)
        .containsExactly("link-lost", "disconnect");
    rig.peers.expectTerminated(supervisor);
  }

  @Test
  void aFrameThatTheWireRefusedIsAViolation() throws InterruptedException {
    rig.ready(link);
    link.end(new LinkEnd.Fault(WireFault.of(WireFault.Reason.OVERSIZE, "too large")));
    assertThat(rig.expectDeparted().reason()).isEqualTo("violation.OVERSIZED_MESSAGE");
  }

  @Test
  void silenceIsMeasuredAgainstThePeerAndSaysWhatWasAwaited() throws InterruptedException {
    rig.ready(link);
    ping.run(
        flow -> flow.finish(new FlowOutcome.Unresponsive(PayloadCase.PONG, Duration.ofMinutes(2))));
    assertThat(link.expectEnding()).isEqualTo("reject UNRESPONSIVE: no PONG within 120 s");
    assertThat(rig.expectDeparted().reason()).isEqualTo("unresponsive");
  }

  @Test
  void ofAMessageThatBeganAndDidNotEndJustThatIsSaid() throws InterruptedException {
    rig.ready(link);
    link.end(new LinkEnd.TimedOut(LinkEnd.Stage.FRAME));
    assertThat(rig.expectDeparted())
        .extracting(Departure::reason, Departure::detail)
        .containsExactly(
            "unresponsive", "a message that had begun did not come to its end in time");
  }

  @Test
  void aFlowThatCompletesLeavesThePeerAlone() throws InterruptedException {
    rig.ready(link);
    ping.run(flow -> flow.finish(new FlowOutcome.Completed()));
    robust.run(flow -> flow.pull("in"));
    link.receive(Say.inv(Say.hash(1)));
    robust.expectReceived(PayloadCase.INV_RELAY_BLOCK);
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void onlyTheFirstReasonCounts() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    ping.run(
        flow -> {
          flow.violation(ViolationCode.INVALID_BLOCK, "first");
          flow.violation(ViolationCode.WRONG_BLOCK, "second");
        });
    assertThat(rig.expectDeparted().detail()).isEqualTo("first");
    rig.peers.expectTerminated(supervisor);
    rig.peers.expectNoMessage(Duration.ZERO);
  }

  @Test
  void anOperatorsDisconnectIsNoPunishment() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    supervisor.tell(new PeerCommand.Dismiss("operator", "maintenance"));
    assertThat(link.expectEnding()).isEqualTo("close operator");
    assertThat(rig.expectDeparted())
        .extracting(Departure::reason, Departure::detail)
        .containsExactly("operator", "maintenance");
    rig.peers.expectTerminated(supervisor);
    rig.sanctions.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whoIsSentAwayIsGoneAtOnceAlsoIfMessagesOfItWait() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    link.crowd(true);
    for (int i = 0; i < 3; i++) {
      link.receive(Say.ping(i));
    }
    // One is with the supervisor, which asks for no more, and one behind it in the stream.
    rig.peers.awaitAssert(
        () -> {
          assertThat(link.unread()).isEqualTo(1);
          return true;
        });
    supervisor.tell(new PeerCommand.Dismiss("operator", "maintenance"));
    rig.expectDeparted();
    rig.peers.expectTerminated(supervisor, Duration.ofSeconds(3));
  }
}
