package kaspeer.cluster.edge;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import kaspeer.engine.metrics.CounterFamily;
import kaspeer.engine.metrics.Histogram;
import kaspeer.engine.metrics.HistogramFamily;
import kaspeer.engine.metrics.Metrics;

/** What an edge counts of its dealings with cores. Safe from any thread. */
public final class EdgeMetrics {
  /** What became of a question. */
  enum Result {
    /** A core answered. */
    ANSWERED,
    /** A core was too busy: it is asked again. */
    BUSY,
    /** No core answered in time. */
    TIMEOUT,
    /** Too much waited already. */
    FULL,
    /** The answer made no sense. */
    MALFORMED,
    /** A core cannot answer it at all. */
    REFUSED;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Histogram seconds;
  private final CounterFamily asks;
  private final CounterFamily failovers;
  private final AtomicLong pendingBytes = new AtomicLong();

  public EdgeMetrics(Metrics registry) {
    seconds =
        registry
            .histograms(
                "kaspeer_cluster_ask_seconds",
                "From a question of this edge to the answer of a core.",
                HistogramFamily.SECONDS)
            .with();
    asks =
        registry.counters(
            "kaspeer_cluster_asks_total",
            "Questions of this edge to cores, by what became of them.",
            "result");
    failovers =
        registry.counters(
            "kaspeer_cluster_failovers_total",
            "Times this edge left a core, by the reason.",
            "reason");
    for (Result result : Result.values()) {
      asks.with(result.label());
    }
    for (Farewell reason : Farewell.values()) {
      failovers.with(reason.label());
    }
    registry.gauge(
        "kaspeer_cluster_pending_bytes",
        "Heap of questions of this edge that no core has answered yet.",
        pendingBytes::get);
  }

  void answered(long nanos) {
    seconds.observe(nanos / 1e9);
    ask(Result.ANSWERED);
  }

  void ask(Result result) {
    asks.with(result.label()).increment();
  }

  void left(Farewell reason) {
    failovers.with(reason.label()).increment();
  }

  void pending(long bytes) {
    pendingBytes.set(bytes);
  }
}
