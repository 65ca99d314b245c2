package kaspeer.engine.sync;

import java.util.List;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/** Bodies that a peer was asked for with one request. They come in the order asked. */
final class Assignment {
  /** One body to be fetched. */
  static final class Slot {
    final Hash hash;
    State state = State.FREE;
    Dag.@Nullable Body body;
    long supplier;

    Slot(Hash hash) {
      this.hash = hash;
    }
  }

  /** Where a body has got. */
  enum State {
    FREE,
    ASSIGNED,
    HELD,
    AT_DAG,
    DONE
  }

  final long number;
  final long server;
  private final List<Slot> slots;
  private int next;

  /** Seconds since something came. */
  int age;

  /** Whether another peer was asked for the same. */
  boolean hedged;

  Assignment(long number, long server, List<Slot> slots) {
    this.number = number;
    this.server = server;
    this.slots = slots;
  }

  List<Hash> hashes() {
    return slots.stream().map(slot -> slot.hash).toList();
  }

  /** The slot of the body that comes next. */
  Slot next() {
    if (next >= slots.size()) {
      throw new IllegalArgumentException("more bodies than were asked for");
    }
    return slots.get(next++);
  }

  /** What has not come yet. */
  List<Slot> owed() {
    return slots.subList(next, slots.size());
  }
}
