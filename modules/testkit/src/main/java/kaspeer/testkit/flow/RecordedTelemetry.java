package kaspeer.testkit.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kaspeer.flow.Telemetry;

/** What a flow told its operator, kept for the test. Safe from any thread. */
public final class RecordedTelemetry implements Telemetry {
  /** An event that the flow published. */
  public record Event(String type, Map<String, String> fields) {}

  private final Map<String, Double> values = new TreeMap<>();
  private final Map<String, List<Double>> spans = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();

  private static String key(String name, String... labels) {
    return labels.length == 0 ? name : name + List.of(labels);
  }

  /** What a counter or gauge has come to; 0 if it was never touched. */
  public synchronized double value(String name, String... labels) {
    return values.getOrDefault(key(name, labels), 0.0);
  }

  /** Whether a gauge holds a number for this label. */
  public synchronized boolean has(String name, String label) {
    return values.containsKey(key(name, label));
  }

  /** Spans of time, in seconds, oldest first. */
  public synchronized List<Double> measured(String name, String... labels) {
    return List.copyOf(spans.getOrDefault(key(name, labels), List.of()));
  }

  /** Events, oldest first. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  @Override
  public Counter counter(String name, String help, String... labels) {
    return (more, with) -> add(key(name, with), (double) more);
  }

  private synchronized void add(String key, double more) {
    values.merge(key, more, Double::sum);
  }

  @Override
  public Gauge gauge(String name, String help, String label) {
    return new Gauge() {
      @Override
      public void set(double value, String labelValue) {
        put(key(name, labelValue), value);
      }

      @Override
      public void remove(String labelValue) {
        forget(key(name, labelValue));
      }
    };
  }

  private synchronized void put(String key, double value) {
    values.put(key, value);
  }

  private synchronized void forget(String key) {
    values.remove(key);
  }

  @Override
  public Spans spans(String name, String help, String... labels) {
    return (seconds, with) -> addSpan(key(name, with), seconds);
  }

  private synchronized void addSpan(String key, double seconds) {
    spans.computeIfAbsent(key, _ -> new ArrayList<>()).add(seconds);
  }

  @Override
  public synchronized boolean publish(String type, Map<String, String> fields) {
    events.add(new Event(type, Map.copyOf(fields)));
    return true;
  }
}
