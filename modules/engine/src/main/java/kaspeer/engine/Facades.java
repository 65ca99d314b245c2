package kaspeer.engine;

import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Lets one actor speak protocols that others own besides commands of its own, without a second
 * actor between: foreign messages are wrapped into the actor's sealed commands on arrival, and so
 * its switch stays complete.
 */
public final class Facades {
  private Facades() {}

  /** A protocol besides the actor's own, and how its messages become commands. */
  public record Foreign<P, C>(Class<P> protocol, Function<P, C> wrap) {
    private boolean takes(Object message) {
      return protocol.isInstance(message);
    }

    private C wrapped(Object message) {
      return wrap.apply(protocol.cast(message));
    }
  }

  /**
   * The behavior, taking this protocol too. References for those who speak it are given out by
   * {@link #as}.
   */
  public static <C> Behavior<C> accepting(Behavior<C> behavior, Foreign<?, C> protocol) {
    return wrapping(behavior, List.of(protocol));
  }

  /** The behavior, taking both protocols too. */
  public static <C> Behavior<C> accepting(
      Behavior<C> behavior, Foreign<?, C> first, Foreign<?, C> second) {
    return wrapping(behavior, List.of(first, second));
  }

  @SuppressWarnings(
      "unchecked") // Messages are erased; what the actor takes beyond its commands is wrapped
  // before.
  private static <C> Behavior<C> wrapping(Behavior<C> behavior, List<Foreign<?, C>> protocols) {
    Behavior<?> all = Behaviors.intercept(() -> new Wrapper<C>(protocols), behavior);
    return (Behavior<C>) all;
  }

  /**
   * The reference for those who speak {@code protocol}; the actor must have been made {@link
   * #accepting} it.
   */
  @SuppressWarnings(
      "unchecked") // References are erased; what the actor takes was said when it was made.
  public static <P> ActorRef<P> as(Class<P> protocol, ActorRef<?> actor) {
    return (ActorRef<P>) actor;
  }

  private static final class Wrapper<C> extends BehaviorInterceptor<Object, C> {
    private final List<Foreign<?, C>> foreign;

    Wrapper(List<Foreign<?, C>> foreign) {
      super(Object.class);
      this.foreign = foreign;
    }

    @Override
    @SuppressWarnings("unchecked") // What is of no foreign protocol can only be a command.
    public Behavior<C> aroundReceive(
        TypedActorContext<Object> context, Object message, ReceiveTarget<C> target) {
      for (Foreign<?, C> protocol : foreign) {
        if (protocol.takes(message)) {
          return target.apply(context, protocol.wrapped(message));
        }
      }
      return target.apply(context, (C) message);
    }
  }
}
