package kaspeer.flow;

import org.apache.pekko.actor.typed.Behavior;

/**
 * One kind of flow: its description, and how to make its actor for a peer.
 *
 * <p>A plug-in is a jar whose {@code META-INF/services/kaspeer.flow.FlowFactory} names its
 * factories, with {@link FlowApi#ATTRIBUTE} in its manifest; docs/adding-a-flow.md shows one. There
 * is one instance of its factory in a node, made by the constructor without parameters. Its methods
 * are called by the plug-in's threads.
 *
 * @param <C> the flow's own commands
 */
public interface FlowFactory<C> {
  /**
   * Called once before the node has peers; only that of a plug-in. A node does not start if this
   * throws or takes more than ten seconds.
   *
   * @throws Exception with a message for the operator
   */
  default void start(FlowHost host) throws Exception {}

  /**
   * Called once when the node stops, if it was started. The node waits for half a second and goes
   * on without it then.
   */
  default void stop() {}

  /** The same each time. */
  FlowDescriptor descriptor();

  /**
   * Turns what the engine has to say into a command of the flow. Need not know events that the
   * descriptor does not ask for.
   */
  C wrap(FlowEvent event);

  /** The behavior for one peer. A flow that is of no use to this peer may stop at once. */
  Behavior<C> create(FlowContext context);
}
