package kaspeer.cluster.core;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.engine.metrics.CounterFamily;
import kaspeer.engine.metrics.Metrics;

/** What cores count of the blocks that they push to each other. Safe from any thread. */
public final class PushMetrics {
  /** What became of a block for another core. */
  enum Sent {
    SENT,
    /** The other core has not taken enough of those before it. */
    FULL,
    /** It does not fit into one message. */
    LARGE,
    /** It could not be read. */
    UNREAD,
    /** Too many waited to be read. */
    DROPPED
  }

  /** What became of a block of another core. */
  enum Received {
    ACCEPTED,
    KNOWN,
    /** Its parents are not here yet. */
    ORPHAN,
    INVALID,
    BUSY,
    MALFORMED
  }

  private final CounterFamily pushes;
  private final AtomicInteger targets = new AtomicInteger();

  public PushMetrics(Metrics registry) {
    pushes =
        registry.counters(
            "kaspeer_cluster_pushes_total",
            "Blocks that cores push to each other, by what became of them.",
            "direction",
            "result");
    registry.gauge(
        "kaspeer_cluster_push_targets", "Cores that this one pushes new blocks to.", targets::get);
    for (Sent result : Sent.values()) {
      pushes.with("sent", label(result));
    }
    for (Received result : Received.values()) {
      pushes.with("received", label(result));
    }
  }

  void targets(int cores) {
    targets.set(cores);
  }

  void count(Sent result) {
    pushes.with("sent", label(result)).increment();
  }

  void count(Received result) {
    pushes.with("received", label(result)).increment();
  }

  private static String label(Enum<?> result) {
    return result.name().toLowerCase(Locale.ROOT);
  }
}
