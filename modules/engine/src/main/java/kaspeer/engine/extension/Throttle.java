package kaspeer.engine.extension;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Stands between a plug-in's flow and an actor that all share: passes on so many messages a second
 * and lets go of the others. Its mailbox is bounded, so that a flood is lost before it.
 */
final class Throttle {
  /** Messages a second. */
  static final double PER_SECOND = 1_000;

  /** Messages at once. */
  static final double BURST = 2_000;

  private Throttle() {}

  static <T> Behavior<T> before(ActorRef<T> target, FlowHealth health) {
    return Behaviors.setup(
        _ -> {
          Rate rate = new Rate(PER_SECOND, BURST, System.nanoTime());
          return Behaviors.receiveMessage(
              message -> {
                if (rate.take(1, System.nanoTime())) {
                  target.tell(message);
                } else {
                  health.count(FlowHealth.Event.UNTOLD);
                }
                return Behaviors.same();
              });
        });
  }
}
