package kaspeer.flows.sync;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowOutcome;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * What every server flow does alike: it takes up a request when its peer's tokens and the node's
 * permits allow it, hands out answers as the connection takes them, and gives up on a peer that
 * takes none for too long.
 *
 * @param <C> the flow's commands
 */
final class Serving<C> {
  /** Until a permit is asked for again. */
  private static final Duration PERMIT_RETRY = Duration.ofMillis(50);

  /** Commands by which the flow hears of its own affairs. */
  record Commands<C>(C begin, C look, C delivered, C lost, C late) {}

  private final ActorContext<C> actor;
  private final TimerScheduler<C> timers;
  private final FlowContext flow;
  private final Commands<C> commands;
  private final TokenBucket tokens;
  private final Permits permits;
  private final LocalQuestions local = new LocalQuestions();
  private boolean hasPermit;
  private int unpaid;
  private boolean pending;
  private long handedOut;
  private long watched;

  Serving(
      ActorContext<C> actor,
      TimerScheduler<C> timers,
      FlowContext flow,
      Commands<C> commands,
      TokenBucket tokens,
      Permits permits) {
    this.actor = actor;
    this.timers = timers;
    this.flow = flow;
    this.commands = commands;
    this.tokens = tokens;
    this.permits = permits;
    timers.startTimerWithFixedDelay(commands.look, LocalQuestions.LOOK_INTERVAL);
  }

  /** A request came, or a part of one: {@code begin} follows as soon as it may be served. */
  void admit(int price) {
    unpaid = price;
    tryBegin();
  }

  /** Whether the work may begin now. If not, {@code begin} comes again. */
  boolean mayBegin() {
    Duration wait = unpaid == 0 ? Duration.ZERO : tokens.take(unpaid);
    if (wait.isPositive()) {
      timers.startSingleTimer(commands.begin, wait);
      return false;
    }
    unpaid = 0;
    if (!hasPermit && !permits.tryTake()) {
      timers.startSingleTimer(commands.begin, PERMIT_RETRY);
      return false;
    }
    hasPermit = true;
    return true;
  }

  private void tryBegin() {
    actor.getSelf().tell(commands.begin);
  }

  /** The answer is out, or the flow ends. */
  void release() {
    if (hasPermit) {
      hasPermit = false;
      permits.giveBack();
    }
  }

  /** A question went to the DAG. */
  void asked() {
    local.ask();
  }

  /** The DAG has answered. */
  void answered() {
    local.answer();
  }

  /**
   * Hands a message out. Returns whether the connection took it at once; if not, {@code delivered}
   * follows when it did, or the flow ends because it did not for too long.
   */
  boolean deliver(KaspadMessage message) {
    CompletableFuture<Done> taken = flow.outbox().deliver(message).toCompletableFuture();
    handedOut++;
    if (taken.isDone() && !taken.isCompletedExceptionally()) {
      return true;
    }
    pending = true;
    if (!timers.isTimerActive(commands.late)) {
      watch();
    }
    actor.pipeToSelf(taken, (_, failure) -> failure == null ? commands.delivered : commands.lost);
    return false;
  }

  /**
   * One timer watches over many messages: it only finds out whether the one that was pending then
   * is pending still.
   */
  private void watch() {
    watched = handedOut;
    timers.startSingleTimer(commands.late, flow.settings().serveIdleTimeout());
  }

  /** The connection has taken what was handed out. */
  void delivered() {
    pending = false;
  }

  /** Whether the flow must end, having got one of its own commands; null if it need not. */
  @Nullable FlowOutcome ending(C command) {
    if (command.equals(commands.look) && local.areStalled()) {
      return new FlowOutcome.LocalFault("the DAG does not answer");
    }
    if (command.equals(commands.late) && pending && watched != handedOut) {
      watch();
    } else if (command.equals(commands.late) && pending) {
      // A slow link is no misdeed, but what is kept for it takes room.
      return new FlowOutcome.Overflowed(
          "answers not taken for " + flow.settings().serveIdleTimeout());
    }
    return null;
  }
}
