package kaspeer.flows.sync;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What every server flow of the sync does alike: it takes up a request when its peer's tokens and
 * the node's permits allow it, hands out answers as the connection takes them, gives the permit to
 * others while the connection takes none, and gives up on a peer that takes none for too long. And
 * it ends at the first breach.
 *
 * @param <C> the flow's commands
 */
final class Serving<C> {
  /**
   * A connection that takes nothing for so long costs its flow the permit: whoever asks and does
   * not read keeps nobody else from being served.
   */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Until a permit is asked for again. */
  private static final Duration PERMIT_RETRY = Duration.ofMillis(50);

  /** What a flow hears of its own affairs and hands to {@link #hear}. */
  enum Event {
    BEGIN,
    LOOK,
    DELIVERED,
    LOST,
    LATE
  }

  /** The part of serving that is each flow's own. */
  interface Work {
    /** Tokens and permit are there: the request that was admitted may be worked on. */
    void begin() throws Breach, ConversionException;

    /** The connection has taken what it had not taken at once. */
    void delivered() throws Breach, ConversionException;

    /** The permit is gone: what can be made again is to be let go of. */
    void parked();
  }

  /** A step of a flow. */
  interface Step {
    void take() throws Breach, ConversionException;
  }

  private final ActorContext<C> actor;
  private final TimerScheduler<C> timers;
  private final FlowContext flow;
  private final Function<Event, C> own;
  private final TokenBucket tokens;
  private final Semaphore permits;
  private final Work work;
  private final LocalQuestions local = new LocalQuestions();
  private boolean hasPermit;
  private int unpaid;
  private boolean pending;
  private long handedOut;
  private long watched;
  private Duration watchedFor = Duration.ZERO;

  /**
   * @param own makes a command of an event
   * @param permits how many answers of the kind may be in the making at once, over all peers: each
   *     takes memory until its peer has taken it
   */
  Serving(
      ActorContext<C> actor,
      TimerScheduler<C> timers,
      FlowContext flow,
      Function<Event, C> own,
      TokenBucket tokens,
      Semaphore permits,
      Work work) {
    this.actor = actor;
    this.timers = timers;
    this.flow = flow;
    this.own = own;
    this.tokens = tokens;
    this.permits = permits;
    this.work = work;
    timers.startTimerWithFixedDelay(
        Event.LOOK, own.apply(Event.LOOK), LocalQuestions.LOOK_INTERVAL);
  }

  /** Takes a step; where that finds a breach it is reported, and the flow stops. */
  Behavior<C> run(Behavior<C> same, Step step) {
    try {
      step.take();
      return same;
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, String.valueOf(e.getMessage()));
    }
    return Behaviors.stopped();
  }

  /** Does what follows from an event. */
  Behavior<C> hear(Behavior<C> same, Event event) {
    return switch (event) {
      case BEGIN -> mayBegin() ? run(same, work::begin) : same;
      case DELIVERED -> {
        pending = false;
        yield run(same, work::delivered);
      }
      case LOST -> Behaviors.stopped();
      case LOOK ->
          local.areStalled() ? end(new FlowOutcome.LocalFault("the DAG does not answer")) : same;
      case LATE -> pending ? late(same) : same;
    };
  }

  private Behavior<C> end(FlowOutcome outcome) {
    flow.finish(outcome);
    return Behaviors.stopped();
  }

  /** What to do with a signal: nothing is kept of a flow that ends. */
  Behavior<C> hear(Behavior<C> same, Signal signal) {
    if (signal instanceof PostStop) {
      release();
    }
    return same;
  }

  /** A request came, or a part of one: {@link Work#begin} follows as soon as it may be served. */
  void admit(int price) {
    unpaid = price;
    actor.getSelf().tell(own.apply(Event.BEGIN));
  }

  private boolean mayBegin() {
    Duration wait = unpaid == 0 ? Duration.ZERO : tokens.take(unpaid);
    if (wait.isPositive()) {
      timers.startSingleTimer(Event.BEGIN, own.apply(Event.BEGIN), wait);
      return false;
    }
    unpaid = 0;
    if (!hasPermit && !permits.tryAcquire()) {
      timers.startSingleTimer(Event.BEGIN, own.apply(Event.BEGIN), PERMIT_RETRY);
      return false;
    }
    hasPermit = true;
    return true;
  }

  /** Whether more may be made of the answer. If not, it takes another {@link #admit}. */
  boolean hasPermit() {
    return hasPermit;
  }

  /** The answer is out, or the flow ends. */
  void release() {
    if (hasPermit) {
      hasPermit = false;
      permits.release();
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
   * Hands a message out. Returns whether the connection took it at once; if not, {@link
   * Work#delivered} follows when it did, or the flow ends because it did not for too long.
   */
  boolean deliver(KaspadMessage message) {
    CompletableFuture<Done> taken = flow.outbox().deliver(message).toCompletableFuture();
    handedOut++;
    if (taken.isDone() && !taken.isCompletedExceptionally()) {
      return true;
    }
    pending = true;
    if (!timers.isTimerActive(Event.LATE)) {
      watch();
    }
    actor.pipeToSelf(
        taken, (_, failure) -> own.apply(failure == null ? Event.DELIVERED : Event.LOST));
    return false;
  }

  /**
   * One timer watches over many messages: it only finds out whether the one that was pending then
   * is pending still.
   */
  private void watch() {
    watched = handedOut;
    watchedFor = Duration.ZERO;
    wait(shorter(PATIENCE, flow.settings().serveIdleTimeout()));
  }

  private void wait(Duration more) {
    watchedFor = watchedFor.plus(more);
    timers.startSingleTimer(Event.LATE, own.apply(Event.LATE), more);
  }

  private Behavior<C> late(Behavior<C> same) {
    Duration most = flow.settings().serveIdleTimeout();
    if (watched != handedOut) {
      watch();
    } else if (watchedFor.compareTo(most) >= 0) {
      // A slow link is no misdeed, but what is kept for it takes room.
      return end(new FlowOutcome.Overflowed("answers not taken for " + most.toSeconds() + " s"));
    } else {
      release();
      work.parked();
      wait(most.minus(watchedFor));
    }
    return same;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
