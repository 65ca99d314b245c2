package kaspeer.admin.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events on their way to one watcher. The admin actor puts them in and never waits; the watcher's
 * own thread takes them out. A watcher that falls behind by the whole buffer is dropped: it then
 * gets what is in the buffer, and the end.
 */
public final class EventBuffer {
  /** Bytes of an event without its texts. */
  static final long SMALL_EVENT = 256;

  private final long maxBytes;
  private final Set<AdminEvent.Type> types;
  private final Deque<AdminEvent> events = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long bytes;
  private State state = State.OPEN;

  /** How things stand with a watcher. */
  public enum State {
    OPEN,
    /** It was too slow. */
    OVERFLOWED,
    CLOSED
  }

  /**
   * An empty buffer.
   *
   * @param maxBytes of memory that events may wait in; one always may
   * @param types the types of event that are wanted; empty for all
   */
  public EventBuffer(long maxBytes, Set<AdminEvent.Type> types) {
    this.maxBytes = maxBytes;
    this.types = Set.copyOf(types);
  }

  /**
   * Adds an event, if it is wanted. Returns false when no more may follow: the watcher is gone or
   * too slow.
   */
  public boolean offer(AdminEvent event) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return false;
      }
      if (!wants(event.type())) {
        return true;
      }
      long weight = event.weight();
      if (!events.isEmpty() && bytes + weight > maxBytes) {
        state = State.OVERFLOWED;
      } else {
        events.add(event);
        bytes += weight;
      }
      changed.signalAll();
      return state == State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** Whether events of this type are wanted. */
  boolean wants(AdminEvent.Type type) {
    return types.isEmpty() || types.contains(type);
  }

  /** The next event; empty when none came in this time, or when there will be none. */
  public Optional<AdminEvent> poll(Duration wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = wait.toNanos();
      while (events.isEmpty() && state == State.OPEN && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      AdminEvent next = events.poll();
      bytes -= next == null ? 0 : next.weight();
      return Optional.ofNullable(next);
    } finally {
      lock.unlock();
    }
  }

  /** No more events are wanted, or none will come. */
  public void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.CLOSED;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Whether everything was taken out and nothing more will come. */
  public boolean isExhausted() {
    lock.lock();
    try {
      return state != State.OPEN && events.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "EventBuffer[" + state() + ", room for " + maxBytes + " bytes]";
  }
}
