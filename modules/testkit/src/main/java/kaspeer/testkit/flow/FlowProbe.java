package kaspeer.testkit.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a flow's behavior, so that a test can wait until the flow has worked off all it was told,
 * and learns what it threw.
 *
 * @param <C> the flow's commands
 */
final class FlowProbe<C> {
  /** Passes behind everything that was told before it. */
  private record Barrier(CompletableFuture<Long> reached) {}

  private final AtomicLong handled = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Behavior<Object> around(Behavior<C> behavior) {
    return Behaviors.intercept(Interceptor::new, behavior);
  }

  /**
   * A message which, once handled, completes the future with the number of messages the flow has
   * handled by then.
   */
  static Object barrier(CompletableFuture<Long> reached) {
    return new Barrier(reached);
  }

  /** What the flow threw, if it did. */
  @Nullable Throwable failure() {
    return failure.get();
  }

  private final class Interceptor extends BehaviorInterceptor<Object, C> {
    Interceptor() {
      super(Object.class);
    }

    @Override
    public Behavior<C> aroundStart(TypedActorContext<Object> context, PreStartTarget<C> target) {
      try {
        return target.start(context);
      } catch (RuntimeException | Error thrown) {
        failure.set(thrown);
        throw thrown;
      }
    }

    // Only the flow's own factory and adapters tell it anything else than a barrier.
    @Override
    @SuppressWarnings("unchecked")
    public Behavior<C> aroundReceive(
        TypedActorContext<Object> context, Object message, ReceiveTarget<C> target) {
      if (message instanceof Barrier barrier) {
        barrier.reached.complete(handled.get());
        return Behaviors.same();
      }
      handled.incrementAndGet();
      try {
        return target.apply(context, (C) message);
      } catch (RuntimeException | Error thrown) {
        failure.set(thrown);
        throw thrown;
      }
    }
  }
}
