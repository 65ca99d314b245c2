package kaspeer.flow;

import org.apache.pekko.actor.typed.Behavior;

/**
 * One kind of flow: its description, and how to make its actor for a peer.
 *
 * <p>Register a third party's factory in {@code META-INF/services/kaspeer.flow.FlowFactory}.
 *
 * @param <C> the flow's own commands
 */
public interface FlowFactory<C> {
  FlowDescriptor descriptor();

  /** Turns what the engine has to say into a command of the flow. */
  C wrap(FlowEvent event);

  /** The behavior for one peer. A flow that is of no use to this peer may stop at once. */
  Behavior<C> create(FlowContext context);
}
