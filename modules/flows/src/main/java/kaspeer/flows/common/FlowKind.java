package kaspeer.flows.common;

import java.util.function.Function;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * A factory from its parts.
 *
 * @param received turns a message from the peer into the flow's command
 * @param undecoded likewise one of a type that the descriptor leaves undecoded
 * @param maker makes the behavior within its actor
 */
public record FlowKind<C>(
    FlowDescriptor descriptor,
    Function<FlowEvent.Received, C> received,
    Function<FlowEvent.Undecoded, C> undecoded,
    Maker<C> maker)
    implements FlowFactory<C> {

  /** One whose messages are all decoded. */
  public FlowKind(
      FlowDescriptor descriptor, Function<FlowEvent.Received, C> received, Maker<C> maker) {
    this(
        descriptor,
        received,
        event -> {
          throw new IllegalArgumentException(descriptor.name() + " decodes nothing: " + event);
        },
        maker);
  }

  /** Makes a flow's behavior. */
  @FunctionalInterface
  public interface Maker<C> {
    Behavior<C> make(ActorContext<C> actor, TimerScheduler<C> timers, FlowContext flow);
  }

  @Override
  public C wrap(FlowEvent event) {
    return switch (event) {
      case FlowEvent.Received message -> received.apply(message);
      case FlowEvent.Undecoded message -> undecoded.apply(message);
      case FlowEvent.Own _, FlowEvent.Observed _, FlowEvent.Intercepted _ ->
          throw new IllegalArgumentException(event + " is for plug-ins");
    };
  }

  @Override
  public Behavior<C> create(FlowContext context) {
    return Behaviors.intercept(
        FailedAdaptions::new,
        Behaviors.setup(
            actor -> Behaviors.withTimers(timers -> maker.make(actor, timers, context))));
  }
}
