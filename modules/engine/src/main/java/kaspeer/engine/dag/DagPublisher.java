package kaspeer.engine.dag;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import kaspeer.engine.NodeEvent;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;

/**
 * Tells subscribers what happened in the DAG: blocks as they come, the state as a whole a few times
 * a second.
 */
final class DagPublisher {
  /** Shortest time between two events about the state. */
  static final Duration STATE_INTERVAL = Duration.ofMillis(250);

  private final Supplier<DagSnapshot> snapshots;
  private final ActorRef<EventStream.Command> eventStream;
  private final Set<ActorRef<DagEvent>> subscribers = new LinkedHashSet<>();
  private boolean stateChanged;

  DagPublisher(Supplier<DagSnapshot> snapshots, ActorRef<EventStream.Command> eventStream) {
    this.snapshots = snapshots;
    this.eventStream = eventStream;
  }

  void subscribe(ActorRef<DagEvent> subscriber) {
    subscribers.add(subscriber);
  }

  void unsubscribe(ActorRef<DagEvent> subscriber) {
    subscribers.remove(subscriber);
  }

  void blockAdded(DagEvent.BlockAdded added) {
    publish(added);
  }

  /** Virtual has seen a block. */
  void blockSettled(DagEvent.BlockSettled settled) {
    publish(settled);
  }

  /** Something happened to the selected chain. */
  void chainEvent(DagEvent event) {
    publish(event);
  }

  /** The state is another one; told at the next {@link #publishState}. */
  void stateChanged() {
    stateChanged = true;
  }

  /** Tells of the state if it changed since the last time. */
  void publishState() {
    if (stateChanged) {
      stateChanged = false;
      publish(new DagEvent.StateChanged(snapshots.get()));
    }
  }

  private void publish(DagEvent event) {
    subscribers.forEach(subscriber -> subscriber.tell(event));
    eventStream.tell(new EventStream.Publish<>(new NodeEvent.Dag(event)));
  }
}
