package kaspeer.engine.extension;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.metrics.CounterFamily;
import kaspeer.engine.metrics.HistogramFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.Telemetry;

/** One flow's metrics and events, among the node's. */
final class EngineTelemetry implements Telemetry {
  private static final int MAX_GAUGE_VALUES = 1_024;
  private static final int MAX_FIELDS = 16;
  private static final int MAX_CHARACTERS = 2_048;
  private static final double EVENTS_PER_SECOND = 200;
  private static final double EVENTS_AT_ONCE = 1_000;

  private final String flow;
  private final FlowHealth health;
  private final Metrics metrics;
  private final Consumer<NodeEvent> events;
  private final Map<String, GaugeValues> gauges = new ConcurrentHashMap<>();
  private final Rate rate = new Rate(EVENTS_PER_SECOND, EVENTS_AT_ONCE, System.nanoTime());

  EngineTelemetry(PluginFlow flow, Metrics metrics, Consumer<NodeEvent> events) {
    this.flow = flow.name();
    this.health = flow.health();
    this.metrics = metrics;
    this.events = events;
  }

  private String fullName(String name, String end, String... labels) {
    for (String part : labels) {
      requireName(part);
    }
    requireName(name);
    return "kaspeer_plugin_" + flow.replace('-', '_') + "_" + name + end;
  }

  private static void requireName(String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,59}")) {
      throw new IllegalArgumentException(
          "names of metrics and labels are lower case letters, digits and underscores, not '"
              + name
              + "'");
    }
  }

  @Override
  public Counter counter(String name, String help, String... labels) {
    String full = fullName(name, "_total", labels);
    try {
      CounterFamily family = metrics.counters(full, help, labels);
      return (more, values) -> family.with(values).add(more);
    } catch (IllegalStateException otherKind) {
      throw new IllegalArgumentException(otherKind.getMessage(), otherKind);
    }
  }

  @Override
  public Gauge gauge(String name, String help, String label) {
    String full = fullName(name, "", label);
    return gauges.computeIfAbsent(
        full,
        _ -> {
          if (metrics.has(full)) {
            throw new IllegalArgumentException("metric " + full + " is of another kind already");
          }
          GaugeValues values = new GaugeValues();
          metrics.gauges(full, help, () -> values.byLabel, label);
          return values;
        });
  }

  @Override
  public Spans spans(String name, String help, String... labels) {
    String full = fullName(name, "_seconds", labels);
    try {
      HistogramFamily family = metrics.histograms(full, help, HistogramFamily.SECONDS, labels);
      return (seconds, values) -> family.with(values).observe(seconds);
    } catch (IllegalStateException otherKind) {
      throw new IllegalArgumentException(otherKind.getMessage(), otherKind);
    }
  }

  @Override
  public boolean publish(String type, Map<String, String> fields) {
    int characters =
        fields.entrySet().stream()
            .mapToInt(field -> field.getKey().length() + field.getValue().length())
            .sum();
    if (!type.matches("[a-zA-Z0-9]{1,40}")
        || fields.size() > MAX_FIELDS
        || characters > MAX_CHARACTERS) {
      throw new IllegalArgumentException("an event beyond the bounds of one: " + type);
    }
    if (!rate.take(1, System.nanoTime())) {
      health.count(FlowHealth.Event.UNPUBLISHED);
      return false;
    }
    events.accept(new NodeEvent.FlowReported(flow, type, Map.copyOf(fields)));
    return true;
  }

  private static final class GaugeValues implements Gauge {
    private final Map<String, Double> byLabel = new ConcurrentHashMap<>();

    @Override
    public void set(double value, String labelValue) {
      if (byLabel.size() < MAX_GAUGE_VALUES || byLabel.containsKey(labelValue)) {
        byLabel.put(labelValue, value);
      }
    }

    @Override
    public void remove(String labelValue) {
      byLabel.remove(labelValue);
    }
  }
}
