package kaspeer.flows.common;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorSignalInterceptor;
import org.apache.pekko.actor.typed.MessageAdaptionFailure;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;

/**
 * Makes a flow fail where a message adapter of it, or the function of a future piped to it, throws.
 * A behavior that matches its messages lets that go without a word, and the flow would wait for
 * ever for what was to come of it.
 *
 * @param <C> the flow's commands
 */
final class FailedAdaptions<C> extends BehaviorSignalInterceptor<C> {
  @Override
  public Behavior<C> aroundSignal(
      TypedActorContext<C> context, Signal signal, SignalTarget<C> target) {
    if (signal instanceof MessageAdaptionFailure failure) {
      throw new IllegalStateException("a reply could not be taken", failure.exception());
    }
    return target.apply(context, signal);
  }
}
