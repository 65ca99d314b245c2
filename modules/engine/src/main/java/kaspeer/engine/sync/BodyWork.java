package kaspeer.engine.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import kaspeer.engine.sync.Assignment.Slot;
import kaspeer.engine.sync.Assignment.State;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The bodies to be fetched, in the order in which the DAG must get them. Each is free, assigned to
 * a peer, held until those before it arrive, or at the DAG. What is held is bounded in bytes:
 * beyond the bound, what is needed last is let go and fetched again.
 */
final class BodyWork {
  private final List<Slot> slots = new ArrayList<>();
  private final Map<Long, Assignment> assignments = new HashMap<>();
  private final long windowBytes;
  private final LongSupplier numbers;

  /** Bodies that the DAG took since the last list was asked for. */
  private Set<Hash> takenMeanwhile = new HashSet<>();

  private int free;
  private int assigned;
  private int atDag;
  private int firstFree;
  private long heldBytes;
  private double averageBytes = 4096;

  /**
   * @param numbers gives each assignment a number of its own
   */
  BodyWork(long windowBytes, LongSupplier numbers) {
    this.windowBytes = windowBytes;
    this.numbers = numbers;
  }

  /** A list of what is missing was asked for: what the DAG takes from now on may still be in it. */
  void awaitList() {
    takenMeanwhile = new HashSet<>();
  }

  /** Adds what is not there yet, at the end. */
  void append(List<Hash> hashes) {
    Set<Hash> present = takenMeanwhile;
    takenMeanwhile = new HashSet<>();
    slots.forEach(slot -> present.add(slot.hash));
    for (Hash hash : hashes) {
      if (present.add(hash)) {
        slots.add(new Slot(hash));
        free++;
      }
    }
  }

  /** Bodies that the DAG does not have yet. */
  int size() {
    return slots.size();
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** Bodies that nobody has been asked for. */
  int free() {
    return free;
  }

  /** Bytes of bodies held and at the DAG. */
  long heldBytes() {
    return heldBytes;
  }

  /** Open assignments of a peer. */
  int assignments(long server) {
    int count = 0;
    for (Assignment assignment : assignments.values()) {
      count += assignment.server == server ? 1 : 0;
    }
    return count;
  }

  private void count(State state, int change) {
    switch (state) {
      case FREE -> free += change;
      case ASSIGNED -> assigned += change;
      case HELD, AT_DAG, DONE -> {}
    }
  }

  private void move(Slot slot, State next) {
    count(slot.state, -1);
    count(next, 1);
    slot.state = next;
  }

  /**
   * Gives a peer the next free bodies that it can serve, or null if there are none, or no room to
   * hold them. What the DAG waits for is given out whatever the room.
   */
  @Nullable Assignment assign(long server, Predicate<Hash> canServe, int max) {
    boolean room = heldBytes + (assigned + max) * averageBytes <= windowBytes;
    if (free == 0 || !room && !isFree(firstMissing())) {
      return null;
    }
    List<Slot> given = new ArrayList<>(max);
    int i = Math.max(firstFree, atDag);
    boolean skipped = false;
    for (; i < slots.size() && given.size() < max; i++) {
      Slot slot = slots.get(i);
      if (slot.state == State.FREE) {
        if (canServe.test(slot.hash)) {
          move(slot, State.ASSIGNED);
          given.add(slot);
        } else {
          skipped = true;
        }
      }
      if (!skipped) {
        firstFree = i + 1;
      }
    }
    return given.isEmpty() ? null : open(server, given);
  }

  private Assignment open(long server, List<Slot> given) {
    Assignment assignment = new Assignment(numbers.getAsLong(), server, given);
    assignments.put(assignment.number, assignment);
    return assignment;
  }

  /** The first slot that the DAG waits for, or the end. */
  private int firstMissing() {
    int i = atDag;
    while (i < slots.size() && slots.get(i).state == State.HELD) {
      i++;
    }
    return i;
  }

  private boolean isFree(int index) {
    return index < slots.size() && slots.get(index).state == State.FREE;
  }

  /**
   * Bodies came, the next of an assignment. What somebody else delivered first is dropped, and all
   * of it if the assignment was taken away meanwhile.
   *
   * @throws IllegalArgumentException if they are not the next ones
   */
  void deliver(long number, List<Dag.Body> bodies, boolean last) {
    Assignment assignment = assignments.get(number);
    if (assignment == null) {
      return;
    }
    for (Dag.Body body : bodies) {
      Slot slot = assignment.next();
      if (!slot.hash.equals(body.hash())) {
        throw new IllegalArgumentException(
            "body of " + body.hash() + " where that of " + slot.hash + " was due");
      }
      if (slot.state == State.FREE || slot.state == State.ASSIGNED) {
        move(slot, State.HELD);
        slot.body = body;
        slot.supplier = assignment.server;
        heldBytes += body.bytes();
        averageBytes = 0.99 * averageBytes + 0.01 * body.bytes();
      }
    }
    assignment.age = 0;
    if (last) {
      assignments.remove(number);
    }
    evict();
  }

  private void evict() {
    for (int i = slots.size() - 1; i >= atDag && heldBytes > windowBytes; i--) {
      if (slots.get(i).state == State.HELD) {
        letGo(i);
      }
    }
  }

  private void letGo(int index) {
    Slot slot = slots.get(index);
    if (slot.body != null) {
      heldBytes -= slot.body.bytes();
      slot.body = null;
    }
    move(slot, State.FREE);
    firstFree = Math.min(firstFree, index);
  }

  /** A peer is gone: what it owed is free again. */
  void release(long server) {
    Set<Slot> owed = new HashSet<>();
    Iterator<Assignment> all = assignments.values().iterator();
    while (all.hasNext()) {
      Assignment assignment = all.next();
      if (assignment.server == server) {
        owed.addAll(assignment.owed());
        all.remove();
      }
    }
    for (Assignment other : assignments.values()) {
      // What another was asked for too is still on its way.
      other.owed().forEach(owed::remove);
    }
    for (int i = atDag; i < slots.size(); i++) {
      if (slots.get(i).state == State.ASSIGNED && owed.contains(slots.get(i))) {
        letGo(i);
      }
    }
  }

  /** A peer has lied: what it supplied and the DAG has not taken yet is fetched again. */
  void forget(long server) {
    for (int i = atDag; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (slot.state == State.HELD && slot.supplier == server) {
        letGo(i);
      }
    }
  }

  /** Counts a second of waiting for every assignment. */
  void tick() {
    assignments.values().forEach(assignment -> assignment.age++);
  }

  /**
   * The assignment that keeps the DAG waiting, if it has taken this many seconds and nobody else
   * was asked for it too.
   */
  @Nullable Assignment overdue(int seconds) {
    int head = firstMissing();
    if (head >= slots.size() || slots.get(head).state != State.ASSIGNED) {
      return null;
    }
    Assignment holder = null;
    for (Assignment assignment : assignments.values()) {
      if (assignment.owed().contains(slots.get(head))) {
        if (assignment.hedged || assignment.age < seconds) {
          return null;
        }
        holder = assignment;
      }
    }
    return holder;
  }

  /**
   * Asks another peer too for what an assignment still owes; whoever delivers first counts. Null if
   * it cannot serve it.
   */
  @Nullable Assignment hedge(Assignment slow, long server, Predicate<Hash> canServe) {
    List<Slot> owed = new ArrayList<>();
    for (Slot slot : slow.owed()) {
      if (slot.state == State.ASSIGNED && canServe.test(slot.hash)) {
        owed.add(slot);
      }
    }
    if (owed.isEmpty()) {
      return null;
    }
    slow.hedged = true;
    return open(server, owed);
  }

  /**
   * The next bodies for the DAG, in order; empty if the next one is not here. They are at the DAG
   * from then on.
   */
  List<Dag.Body> submit(int maxBodies, long maxBytes) {
    List<Dag.Body> batch = new ArrayList<>();
    long bytes = 0;
    while (atDag < slots.size() && batch.size() < maxBodies) {
      Slot slot = slots.get(atDag);
      Dag.Body body = slot.body;
      if (slot.state != State.HELD
          || body == null
          || !batch.isEmpty() && bytes + body.bytes() > maxBytes) {
        break;
      }
      move(slot, State.AT_DAG);
      batch.add(body);
      bytes += body.bytes();
      atDag++;
    }
    return batch;
  }

  /** The oldest bodies at the DAG are in it now. */
  void committed(int count) {
    if (count > atDag) {
      throw new IllegalArgumentException(count + " of " + atDag + " bodies");
    }
    for (Slot slot : slots.subList(0, count)) {
      if (slot.body != null) {
        heldBytes -= slot.body.bytes();
        slot.body = null;
      }
      move(slot, State.DONE);
      takenMeanwhile.add(slot.hash);
    }
    slots.subList(0, count).clear();
    atDag -= count;
    firstFree = Math.max(0, firstFree - count);
  }

  /** Whether any peer was asked for something that has not come. */
  boolean isUnderWay() {
    return assigned > 0;
  }

  /** Of what is at the DAG, all before this body was taken; the others are held again. */
  void takeBack(Hash notTaken) {
    for (int i = 0; i < atDag; i++) {
      if (slots.get(i).hash.equals(notTaken)) {
        committed(i);
        break;
      }
    }
    takeBack();
  }

  /** What is at the DAG was not taken: it is held again. */
  void takeBack() {
    for (Slot slot : slots.subList(0, atDag)) {
      move(slot, State.HELD);
    }
    atDag = 0;
  }

  /** Who supplied a body that is held, or -1. */
  long supplier(Hash hash) {
    for (Slot slot : slots) {
      if (slot.hash.equals(hash) && slot.body != null) {
        return slot.supplier;
      }
    }
    return -1;
  }
}
