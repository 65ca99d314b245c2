package kaspeer.flows.ping;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.Patience;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.PingMessage;
import kaspeer.wire.proto.PongMessage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Asks the peer every two minutes whether it is there, and answers when it asks (protocol reference
 * 5.2). The nonce of a pong must be that of the ping; the time between them is reported.
 *
 * <p>Pings are answered at once, the first {@value #BURST} of them; a peer that sends more gets one
 * answer a second, and what its inbox cannot hold meanwhile is dropped and counted.
 */
public final class PingFlow extends AbstractMatchingBehavior<PingFlow.Command> {
  static final String PINGS = "pings";
  static final String PONGS = "pongs";

  /** Pings answered without a pause. Honest peers send one in two minutes. */
  static final int BURST = 16;

  private static final Duration REFILL = Duration.ofSeconds(1);

  /** Intervals differ by up to this share, so that many peers' pings spread out. */
  private static final double JITTER = 0.1;

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "ping",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(PINGS, Set.of(PayloadCase.PING), false, BURST, 4096, Overflow.DROP),
              new Inbox(PONGS, Set.of(PayloadCase.PONG), true, 4, 4096, Overflow.DISCONNECT)),
          Set.of(PayloadCase.PING, PayloadCase.PONG),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private enum Tick implements Command {
    PING_DUE,
    PONG_LATE,
    REFILL
  }

  /** The ping that has no answer yet. */
  private record Pending(int question, long nonce, Instant sentAt) {}

  private final FlowContext flow;
  private final TimerScheduler<Command> timers;
  private final Patience patience;
  private final Pending none = new Pending(0, 0, Instant.MIN);
  private Pending pending = none;
  private int allowance = BURST;

  private PingFlow(
      ActorContext<Command> context, TimerScheduler<Command> timers, FlowContext flow) {
    super(context);
    this.timers = timers;
    this.flow = flow;
    this.patience = new Patience(flow);
    scheduleNext();
    flow.pull(PINGS);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(DESCRIPTOR, Received::new, PingFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var event) when event.inbox().equals(PINGS) ->
          onPing(event.message().getPing());
      case Received(var event) -> onPong(event.message().getPong());
      case Tick.PING_DUE -> sendPing();
      case Tick.PONG_LATE -> onPongLate();
      case Tick.REFILL -> onRefill();
    };
  }

  private Behavior<Command> onPing(PingMessage ping) {
    flow.outbox()
        .send(
            KaspadMessage.newBuilder()
                .setPong(PongMessage.newBuilder().setNonce(ping.getNonce()))
                .build());
    allowance--;
    if (allowance > 0) {
      flow.pull(PINGS);
    }
    if (!timers.isTimerActive(Tick.REFILL)) {
      timers.startSingleTimer(Tick.REFILL, Tick.REFILL, REFILL);
    }
    return this;
  }

  private Behavior<Command> onRefill() {
    allowance++;
    if (allowance == 1) {
      flow.pull(PINGS);
    }
    if (allowance < BURST) {
      timers.startSingleTimer(Tick.REFILL, Tick.REFILL, REFILL);
    }
    return this;
  }

  private void scheduleNext() {
    double factor = 1 - JITTER + 2 * JITTER * flow.random().nextDouble();
    Duration delay =
        Duration.ofMillis(Math.round(flow.settings().pingInterval().toMillis() * factor));
    timers.startSingleTimer(Tick.PING_DUE, Tick.PING_DUE, delay);
  }

  private Behavior<Command> sendPing() {
    long nonce = flow.random().nextLong();
    int question =
        flow.ask(
            KaspadMessage.newBuilder().setPing(PingMessage.newBuilder().setNonce(nonce)),
            Set.of(PayloadCase.PONG),
            false);
    pending = new Pending(question, nonce, flow.clock().instant());
    flow.pull(PONGS);
    patience.begin();
    timers.startSingleTimer(Tick.PONG_LATE, Tick.PONG_LATE, flow.settings().answerTimeout());
    return this;
  }

  private Behavior<Command> onPong(PongMessage pong) {
    Pending answered = pending;
    pending = none;
    timers.cancel(Tick.PONG_LATE);
    flow.settle(answered.question);
    if (pong.getNonce() == answered.nonce) {
      Duration roundTrip = Duration.between(answered.sentAt, flow.clock().instant());
      // If the clock was set back meanwhile nothing is known. A round trip of nothing would be the
      // best that there can be, which is what keeps an inbound peer from making room for others.
      if (!roundTrip.isNegative()) {
        flow.pingMeasured(roundTrip);
      }
    } else {
      flow.violation(
          ViolationCode.WRONG_PONG_NONCE,
          "pong with nonce "
              + Long.toUnsignedString(pong.getNonce())
              + " for a ping with "
              + Long.toUnsignedString(answered.nonce));
    }
    scheduleNext();
    return this;
  }

  private Behavior<Command> onPongLate() {
    Duration more = patience.more();
    if (more.isPositive()) {
      timers.startSingleTimer(Tick.PONG_LATE, Tick.PONG_LATE, more);
      return this;
    }
    flow.finish(new FlowOutcome.Unresponsive(PayloadCase.PONG, flow.settings().answerTimeout()));
    return Behaviors.stopped();
  }
}
