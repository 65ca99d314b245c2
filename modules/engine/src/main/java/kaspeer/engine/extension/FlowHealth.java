package kaspeer.engine.extension;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.engine.metrics.Counter;
import kaspeer.engine.metrics.CounterFamily;
import kaspeer.engine.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * How a plug-in's flow does with all peers together: what is counted of it, whether it is switched
 * off, whether it is too slow to be asked. Safe from any thread.
 */
public final class FlowHealth {
  /** What is counted. */
  public enum Event {
    /** Its actor threw. */
    FAILED,
    /**
     * It was not started with a peer: too many of its actors, of peers that have gone, do not end.
     */
    UNSTARTED,
    /** A message found no room with it, or was lost with its actor. */
    DROPPED,
    /** It sent more than its budget, than there was room for, or to a peer that does not speak. */
    UNSENT,
    /** It told the shared actors more than its share. */
    UNTOLD,
    /** It published more events than its share. */
    UNPUBLISHED,
    /** It let an intercepted message pass. */
    PASSED,
    /** It dropped an intercepted message. */
    REFUSED,
    /** It held an intercepted message against the peer. */
    VIOLATION,
    /** It did not decide in time. */
    LATE,
    /** It was not asked, for it had been late too often. */
    BYPASSED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** More failures than these within {@link #WITHIN}, and the flow is switched off. */
  static final int MAX_FAILURES = 10;

  static final Duration WITHIN = Duration.ofMinutes(1);

  /** So many late verdicts in a row, and the flow is not asked for {@link #BYPASS}. */
  static final int MAX_LATE = 8;

  static final Duration BYPASS = Duration.ofSeconds(10);

  /**
   * @param state {@code running} or {@code disabled}
   * @param detail why it is not running; empty if it is
   * @param events how often each happened
   */
  public record Report(String state, String detail, Map<String, Long> events) {}

  private final Map<Event, Counter> counters = new EnumMap<>(Event.class);
  private final Deque<Long> failures = new ArrayDeque<>();
  private final AtomicInteger lateInARow = new AtomicInteger();
  private volatile long bypassUntil;
  private volatile boolean bypassing;
  private volatile @Nullable String disabled;

  FlowHealth(String flow, Metrics metrics) {
    CounterFamily family = counters(metrics);
    for (Event event : Event.values()) {
      counters.put(event, family.with(flow, event.label()));
    }
  }

  /** Where events are counted, by flow and event. */
  static CounterFamily counters(Metrics metrics) {
    return metrics.counters(
        "kaspeer_plugin_events_total",
        "What flows of plug-ins did, or failed to do.",
        "flow",
        "event");
  }

  void count(Event event) {
    count(event, 1);
  }

  void count(Event event, int times) {
    counter(event).add(times);
  }

  private Counter counter(Event event) {
    Counter counter = counters.get(event);
    if (counter == null) {
      throw new IllegalStateException(event + " is not counted");
    }
    return counter;
  }

  /**
   * Its actor threw, with some peer. Returns whether the flow may go on.
   *
   * @param cause in words
   * @param now by {@link System#nanoTime}
   */
  synchronized boolean failed(String cause, long now) {
    count(Event.FAILED);
    failures.add(now);
    while (now - failures.element() > WITHIN.toNanos()) {
      failures.remove();
    }
    if (failures.size() > MAX_FAILURES && disabled == null) {
      disabled =
          "failed " + failures.size() + " times within " + WITHIN.toSeconds() + " s: " + cause;
    }
    return disabled == null;
  }

  /** Whether it is switched off, until the node is started anew. */
  boolean isDisabled() {
    return disabled != null;
  }

  /** A verdict came in time. */
  void decided(Event verdict) {
    count(verdict);
    lateInARow.set(0);
  }

  /** A verdict did not come in time. @param now by {@link System#nanoTime} */
  void late(long now) {
    count(Event.LATE);
    if (lateInARow.incrementAndGet() >= MAX_LATE) {
      bypassUntil = now + BYPASS.toNanos();
      bypassing = true;
    }
  }

  /**
   * Whether not to ask for a verdict now. After the pause it is asked again, and another late
   * verdict begins the next pause.
   */
  boolean isBypassed(long now) {
    if (bypassing && now - bypassUntil >= 0) {
      bypassing = false;
    }
    return bypassing;
  }

  /** For people. */
  public Report report() {
    Map<String, Long> events = new LinkedHashMap<>();
    for (Event event : Event.values()) {
      events.put(event.label(), counter(event).value());
    }
    String why = disabled;
    return new Report(why == null ? "running" : "disabled", why == null ? "" : why, events);
  }
}
