package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.peers.Departure;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowEvent;
import kaspeer.transport.Direction;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * What becomes of messages that a flow does not take at once, and of those that a peer does not.
 */
final class PeerInboxTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int BYTES = 1000;

  /** Messages that the stream reads ahead of the supervisor. */
  private static final int AHEAD = 1;

  private final FakeLink link = new FakeLink(3, Direction.INBOUND, "20.1.1.1");
  private final TestProbe<PeerReport> reports = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static ProbeFlow flow(Overflow overflow, int messages, long bytes) {
    return ProbeFlow.ready(
        "ping",
        Set.of(),
        OnFailure.END_PEER,
        new Inbox("pings", Set.of(PayloadCase.PING), false, messages, bytes, overflow));
  }

  private PeerReport.FlowReport report(ActorRef<PeerCommand> supervisor) {
    supervisor.tell(new PeerCommand.Report(reports.getRef()));
    return reports.receiveMessage().flows().stream()
        .filter(f -> f.name().equals("ping"))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until so many are in the inbox, or were dropped: then no more is under way. */
  private PeerReport.FlowReport reportOnceTaken(ActorRef<PeerCommand> supervisor, int count) {
    return reports.awaitAssert(
        () -> {
          PeerReport.FlowReport report = report(supervisor);
          assertThat(report.inboxDepth() + report.dropped()).isEqualTo(count);
          return report;
        });
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      link.receive(Say.ping(i), BYTES);
    }
  }

  private void awaitUnread(int count) {
    reports.awaitAssert(
        () -> {
          assertThat(link.unread()).isEqualTo(count);
          return true;
        });
    reports.expectNoMessage(Duration.ofMillis(50));
    assertThat(link.unread()).isEqualTo(count);
  }

  @Test
  void announcementsBeyondTheBoundAreDroppedAndCounted() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.DROP, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    send(10);
    assertThat(reportOnceTaken(supervisor, 10))
        .extracting("inboxDepth", "dropped")
        .containsExactly(3, 7L);
    assertThat(rig.counted("kaspeer_p2p_inbound_overflow_total", "ping", "DROP")).isEqualTo(7);
    for (int i = 0; i < 3; i++) {
      ping.run(flow -> flow.pull("pings"));
      assertThat(ping.expectReceived(PayloadCase.PING).message().getPing().getNonce()).isEqualTo(i);
    }
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void inboxesAreBoundedInBytesToo() throws InterruptedException {
    SupervisorRig rig =
        new SupervisorRig(KIT, 1 << 20, List.of(flow(Overflow.DROP, 100, 2 * BYTES)));
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    send(10);
    assertThat(reportOnceTaken(supervisor, 10).inboxDepth()).isEqualTo(2);
  }

  @Test
  void oneMessageAlwaysFits() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.DISCONNECT, 1, 10);
    SupervisorRig rig = new SupervisorRig(KIT, 10, List.of(ping));
    rig.ready(link);
    send(1);
    ping.run(flow -> flow.pull("pings"));
    ping.expectReceived(PayloadCase.PING);
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void anInboxThatMustNotOverflowEndsThePeerWithoutBlame() throws InterruptedException {
    SupervisorRig rig =
        new SupervisorRig(KIT, 1 << 20, List.of(flow(Overflow.DISCONNECT, 2, 1 << 20)));
    rig.ready(link);
    send(3);
    assertThat(link.expectEnding()).isEqualTo("close overflowed");
    assertThat(rig.expectDeparted())
        .extracting(Departure::reason, Departure::detail, Departure::sanction)
        .containsExactly("overflowed", "ping/pings", "disconnect");
  }

  @Test
  void withBackPressureNothingMoreIsReadUntilTheFlowTakesSome() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.BACKPRESSURE, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    send(10);
    awaitUnread(7 - AHEAD);
    ping.run(flow -> flow.pull("pings"));
    ping.expectReceived(PayloadCase.PING);
    awaitUnread(6 - AHEAD);
    for (int i = 1; i < 10; i++) {
      ping.run(flow -> flow.pull("pings"));
      assertThat(ping.expectReceived(PayloadCase.PING).message().getPing().getNonce()).isEqualTo(i);
    }
    assertThat(link.unread()).isZero();
  }

  @Test
  void theTimeInWhichNothingIsReadIsTold() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.BACKPRESSURE, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    send(2);
    reportOnceTaken(supervisor, 2);
    assertThat(ping.call(FlowContext::notReading)).isZero();
    send(2);
    reportOnceTaken(supervisor, 3);
    awaitUnread(1 - AHEAD);
    Duration held = ping.call(FlowContext::notReading);
    assertThat(held).isPositive();
    ping.run(flow -> flow.pull("pings", 4));
    for (int i = 0; i < 4; i++) {
      ping.expectReceived(PayloadCase.PING);
    }
    report(supervisor);
    Duration after = ping.call(FlowContext::notReading);
    assertThat(after).isGreaterThan(held);
    report(supervisor);
    assertThat(ping.call(FlowContext::notReading)).isEqualTo(after);
  }

  /** A flow may end while what waits for it is all that keeps the rest from being read. */
  @Test
  void whenTheFlowEndsThatKeptItFromReadingThePeerIsReadAgain() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.BACKPRESSURE, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    send(10);
    awaitUnread(7 - AHEAD);
    ping.end();
    assertThat(rig.expectDeparted().detail()).contains("ping has ended");
  }

  @Test
  void allInboxesOfAPeerTogetherHoldNoMoreThanItsBudget() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.BACKPRESSURE, 1000, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 5 * BYTES, List.of(ping));
    rig.ready(link);
    send(10);
    awaitUnread(5 - AHEAD);
    ping.run(flow -> flow.pull("pings"));
    ping.expectReceived(PayloadCase.PING);
    awaitUnread(4 - AHEAD);
  }

  private void awaitCounted(long bytes) {
    reports.awaitAssert(
        () -> {
          assertThat(link.counted()).isEqualTo(bytes);
          return true;
        });
  }

  @Test
  void whatWaitsCountsItsBytesAndWhatAFlowHasInHandItsObjects() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.BACKPRESSURE, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    send(2);
    awaitCounted(2L * BYTES);
    ping.run(flow -> flow.pull("pings"));
    ping.expectReceived(PayloadCase.PING);
    awaitCounted(BYTES + FakeLink.HEAP * BYTES);
    ping.run(flow -> flow.pull("pings"));
    ping.expectReceived(PayloadCase.PING);
    awaitCounted(FakeLink.HEAP * BYTES);
    ping.run(flow -> flow.pull("pings"));
    awaitCounted(0);
    send(3);
    ping.expectReceived(PayloadCase.PING);
    awaitCounted(2L * BYTES + FakeLink.HEAP * BYTES);
    supervisor.tell(new PeerCommand.Dismiss("enough", ""));
    awaitCounted(0);
  }

  /** A flow that takes pongs as they are, with one question open. */
  private ProbeFlow asking() {
    return asking(Overflow.BACKPRESSURE);
  }

  private ProbeFlow asking(Overflow overflow) {
    return ProbeFlow.ready(
        "ping",
        Set.of(PayloadCase.PING),
        OnFailure.END_PEER,
        new Inbox(
            "pongs",
            Set.of(PayloadCase.PONG),
            true,
            4,
            1 << 20,
            overflow,
            Set.of(PayloadCase.PONG)));
  }

  @Test
  void answersBeyondAllThatAQuestionCanHaveAreUnsolicitedBeforeItIsSettledToo()
      throws InterruptedException {
    ProbeFlow ping = asking(Overflow.DISCONNECT);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    ping.run(flow -> flow.ask(Say.ping(9).toBuilder(), Set.of(PayloadCase.PONG), false));
    for (int i = 0; i < 5; i++) {
      link.receive(Say.pong(9), BYTES);
    }
    assertThat(rig.expectDeparted())
        .extracting(Departure::reason, Departure::sanction)
        .containsExactly("violation.UNSOLICITED_ANSWER", "reject");
  }

  @Test
  void whatItsInboxLeavesUndecodedAFlowIsGivenAsItCame() throws InterruptedException {
    ProbeFlow ping = asking();
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    int question =
        ping.call(flow -> flow.ask(Say.ping(9).toBuilder(), Set.of(PayloadCase.PONG), true));
    var answer = Say.pong(9).toBuilder().setResponseId(question).build();
    link.receive(answer, BYTES);
    ping.run(flow -> flow.pull("pongs"));
    assertThat(ping.expectUndecoded())
        .isEqualTo(
            new FlowEvent.Undecoded(
                "pongs", PayloadCase.PONG, question, answer.getPong().toByteString(), BYTES));
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void whatAFlowHasUndecodedCountsItsBytesAndObjects() throws InterruptedException {
    ProbeFlow ping = asking();
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    int question =
        ping.call(flow -> flow.ask(Say.ping(9).toBuilder(), Set.of(PayloadCase.PONG), false));
    link.receive(Say.pong(9), BYTES);
    awaitCounted(BYTES);
    ping.run(flow -> flow.pull("pongs"));
    ping.expectUndecoded();
    awaitCounted(BYTES + FakeLink.HEAP * BYTES);
    ping.run(flow -> flow.settle(question));
    awaitCounted(0);
  }

  @Test
  void aPeerThatHoldsMoreThanItsShareIsReadAgainWhenThereIsRoom() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.BACKPRESSURE, 100, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    link.crowd(true);
    send(5);
    awaitUnread(4 - AHEAD);
    link.crowd(false);
    awaitUnread(0);
  }

  @Test
  void aFullControlQueueEndsThePeerWithoutBlame() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.DROP, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    link.fill();
    ping.run(flow -> flow.outbox().send(Say.ping(1)));
    assertThat(rig.expectDeparted())
        .extracting(Departure::reason, Departure::detail)
        .containsExactly("overflowed", "outbox");
  }

  @Test
  void anAnnouncementThatFindsNoRoomIsLetGo() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.DROP, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    link.fill();
    ping.run(flow -> flow.outbox().send(Say.inv(Say.hash(1))));
    report(supervisor);
    rig.peers.expectNoMessage(Duration.ZERO);
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void answersWaitUntilThePeerTookThoseBefore() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.DROP, 3, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    rig.ready(link);
    link.holdAnswers();
    var large = Say.reject("x".repeat((int) PeerOutbox.MAX_ANSWER_BYTES));
    CompletionStage<Done> first = ping.call(flow -> flow.outbox().deliver(large));
    CompletionStage<Done> second = ping.call(flow -> flow.outbox().deliver(large));
    assertThat(link.heldAnswers()).isEqualTo(1);
    assertThat(first.toCompletableFuture()).isNotDone();
    link.releaseAnswer();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(link.heldAnswers()).isEqualTo(1);
    assertThat(second.toCompletableFuture()).isNotDone();
    link.releaseAnswer();
    assertThat(second.toCompletableFuture()).isCompleted();
  }

  @Test
  void howManyWaitAndHowLongAFlowTakesIsMeasured() throws InterruptedException {
    ProbeFlow ping = flow(Overflow.DROP, 8, 1 << 20);
    SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(ping));
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    send(3);
    reports.awaitAssert(
        () -> {
          assertThat(report(supervisor).inboxDepth()).isEqualTo(3);
          return true;
        });
    MetricFamily.Distribution depth = rig.measured("kaspeer_p2p_flow_queue_depth", "ping");
    assertThat(depth.counts().getLast()).isEqualTo(3);
    assertThat(depth.sum()).isEqualTo(1 + 2 + 3);
    // Each pull but the first says that the one before is done with.
    for (int i = 0; i < 3; i++) {
      ping.run(flow -> flow.pull("pings"));
      ping.expectReceived(PayloadCase.PING);
    }
    report(supervisor);
    assertThat(rig.measured("kaspeer_p2p_message_handling_seconds", "ping").counts().getLast())
        .isEqualTo(2);
  }
}
