package kaspeer.engine.sync;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** What an operator may order of the sync. */
public sealed interface SyncControl {
  /**
   * Another peer takes the place of the leading one, which stays connected and rests as a source
   * for {@link SyncSettings#coolDown}. What was checked stays.
   */
  record Rotate(ActorRef<RotateReply> replyTo) implements SyncControl {}

  /** What became of it. */
  sealed interface RotateReply {
    /**
     * @param before number of the connection that led
     * @param after number of the one that leads now
     */
    record Rotated(long before, long after, String stage) implements RotateReply {}

    /** Everything is as it was. */
    record Refused(String why) implements RotateReply {}
  }

  /** For a node that syncs nothing itself: refuses every order. */
  static Behavior<SyncControl> refusing(String why) {
    return Behaviors.receiveMessage(
        order -> {
          switch (order) {
            case Rotate(var replyTo) -> replyTo.tell(new RotateReply.Refused(why));
          }
          return Behaviors.same();
        });
  }
}
