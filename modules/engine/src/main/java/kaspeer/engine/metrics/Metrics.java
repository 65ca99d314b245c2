package kaspeer.engine.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import kaspeer.engine.metrics.MetricFamily.Kind;

/**
 * The registry: makes metrics and takes snapshots of them. Safe from any thread; counting takes no
 * lock.
 *
 * <p>Asking for a name again returns the same metric, so that parts need not pass metrics around.
 */
public final class Metrics {
  private final ConcurrentSkipListMap<String, Source> sources = new ConcurrentSkipListMap<>();

  /** What a snapshot is taken from. */
  interface Source {
    MetricFamily snapshot();
  }

  /** A family of counters with these label names; none for a single counter. */
  public CounterFamily counters(String name, String help, String... labels) {
    return register(
        name, CounterFamily.class, () -> new CounterFamily(name, help, List.of(labels)));
  }

  /** A counter without labels. */
  public Counter counter(String name, String help) {
    return counters(name, help).with();
  }

  /**
   * A gauge that is read when a snapshot is taken, so {@code value} must be quick and safe from any
   * thread.
   */
  public void gauge(String name, String help, DoubleSupplier value) {
    gauges(name, help, () -> Map.of("", value.getAsDouble()), "");
  }

  /**
   * Gauges that differ in one label, read when a snapshot is taken.
   *
   * @param values by the label's value
   * @param label its name
   */
  public void gauges(String name, String help, Supplier<Map<String, Double>> values, String label) {
    sources.put(name, () -> read(name, help, Kind.GAUGE, values.get(), label));
  }

  /** Likewise of what another part counts: numbers that only grow. */
  public void counted(
      String name, String help, Supplier<Map<String, Double>> values, String label) {
    sources.put(name, () -> read(name, help, Kind.COUNTER, values.get(), label));
  }

  /** A family of histograms with these upper bounds, ascending. */
  public HistogramFamily histograms(
      String name, String help, List<Double> bounds, String... labels) {
    return register(
        name,
        HistogramFamily.class,
        () -> new HistogramFamily(name, help, bounds, List.of(labels)));
  }

  /** Whether there is a metric of this name. */
  public boolean has(String name) {
    return sources.containsKey(name);
  }

  /** All metrics, by name. */
  public List<MetricFamily> snapshot() {
    Collection<Source> all = sources.values();
    List<MetricFamily> families = new ArrayList<>(all.size());
    for (Source source : all) {
      families.add(source.snapshot());
    }
    return families;
  }

  private static MetricFamily read(
      String name, String help, Kind kind, Map<String, Double> values, String label) {
    List<MetricFamily.Sample> samples = new ArrayList<>(values.size());
    values.forEach(
        (key, value) ->
            samples.add(
                new MetricFamily.Value(label.isEmpty() ? Map.of() : Map.of(label, key), value)));
    return new MetricFamily(name, help, kind, samples);
  }

  private <T extends Source> T register(String name, Class<T> type, Supplier<T> maker) {
    Source source = sources.computeIfAbsent(name, ignored -> maker.get());
    if (!type.isInstance(source)) {
      throw new IllegalStateException("metric " + name + " is of another kind already");
    }
    return type.cast(source);
  }
}
