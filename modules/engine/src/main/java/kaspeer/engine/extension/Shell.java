package kaspeer.engine.extension;

import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.MessageAdaptionFailure;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Around a plug-in's behavior: all of the plug-in's code runs within, on threads of its plug-in,
 * and whatever it throws is a failure of this one actor.
 *
 * @param <C> the flow's commands
 */
final class Shell<C> extends BehaviorInterceptor<Object, C> {
  private final PluginInstance instance;
  private final FlowFactory<C> factory;

  private Shell(PluginInstance instance, FlowFactory<C> factory) {
    super(Object.class);
    this.instance = instance;
    this.factory = factory;
  }

  @SuppressWarnings("unchecked") // What is no delivery can only be a command of the flow.
  static <C> Behavior<Object> around(
      PluginInstance instance, FlowFactory<C> factory, FlowContext context) {
    Behavior<C> flow = Behaviors.setup(_ -> factory.create(context));
    Behavior<?> all = Behaviors.intercept(() -> new Shell<C>(instance, factory), flow);
    return (Behavior<Object>) all;
  }

  @Override
  public Behavior<C> aroundStart(TypedActorContext<Object> context, PreStartTarget<C> target) {
    try {
      return target.start(context);
    } catch (Throwable thrown) {
      throw PluginFailure.of(thrown);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // As above.
  public Behavior<C> aroundReceive(
      TypedActorContext<Object> context, Object message, ReceiveTarget<C> target) {
    instance.busy(true);
    try {
      return message instanceof Delivery delivery
          ? take(context, delivery, target)
          : target.apply(context, (C) message);
    } catch (Throwable thrown) {
      throw PluginFailure.of(thrown);
    } finally {
      instance.busy(false);
    }
  }

  private Behavior<C> take(
      TypedActorContext<Object> context, Delivery delivery, ReceiveTarget<C> target) {
    try {
      FlowEvent event = delivery.event();
      return event == null ? Behaviors.same() : target.apply(context, factory.wrap(event));
    } finally {
      delivery.done();
    }
  }

  @Override
  public Behavior<C> aroundSignal(
      TypedActorContext<Object> context, Signal signal, SignalTarget<C> target) {
    try {
      if (signal instanceof MessageAdaptionFailure failure) {
        // A behavior that matches its messages lets that go without a word, and the flow would
        // wait for ever for what was to come of it.
        throw failure.exception();
      }
      return target.apply(context, signal);
    } catch (Throwable thrown) {
      throw PluginFailure.of(thrown);
    }
  }
}
