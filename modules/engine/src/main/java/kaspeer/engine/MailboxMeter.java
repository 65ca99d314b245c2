package kaspeer.engine;

import java.time.Duration;
import kaspeer.engine.metrics.Histogram;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how long messages wait in an actor's mailbox: once a second it puts one of its own
 * behind those that are there. Costs the actor's other messages nothing.
 */
public final class MailboxMeter<C> extends BehaviorInterceptor<Object, C> {
  /** Between two soundings. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private enum Due {
    NOW
  }

  /**
   * @param sentAt by {@link System#nanoTime}
   */
  private record Sounding(long sentAt) {}

  private final Histogram seconds;
  private @Nullable Cancellable next;

  private MailboxMeter(Histogram seconds) {
    super(Object.class);
    this.seconds = seconds;
  }

  /**
   * The behavior, measured.
   *
   * @param seconds hears how long each sounding waited
   */
  @SuppressWarnings("unchecked") // Messages are erased; what is not the meter's is the actor's.
  public static <C> Behavior<C> around(Behavior<C> behavior, Histogram seconds) {
    Behavior<?> measured = Behaviors.intercept(() -> new MailboxMeter<C>(seconds), behavior);
    return (Behavior<C>) measured;
  }

  @Override
  public Behavior<C> aroundStart(TypedActorContext<Object> context, PreStartTarget<C> target) {
    schedule(context);
    return target.start(context);
  }

  @Override
  @SuppressWarnings("unchecked") // See around.
  public Behavior<C> aroundReceive(
      TypedActorContext<Object> context, Object message, ReceiveTarget<C> target) {
    return switch (message) {
      case Due _ -> {
        ActorRef<Object> self = context.asJava().getSelf();
        self.tell(new Sounding(System.nanoTime()));
        schedule(context);
        yield Behaviors.same();
      }
      case Sounding(var sentAt) -> {
        seconds.observe((System.nanoTime() - sentAt) / 1e9);
        yield Behaviors.same();
      }
      default -> target.apply(context, (C) message);
    };
  }

  @Override
  public Behavior<C> aroundSignal(
      TypedActorContext<Object> context, Signal signal, SignalTarget<C> target) {
    if (signal instanceof PostStop && next != null) {
      next.cancel();
    }
    return target.apply(context, signal);
  }

  private void schedule(TypedActorContext<Object> context) {
    next = context.asJava().scheduleOnce(INTERVAL, context.asJava().getSelf(), Due.NOW);
  }
}
