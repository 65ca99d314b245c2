package kaspeer.flow;

import java.util.Map;

/**
 * Metrics and events of a plug-in's flow. Safe from any thread; nothing here waits or fails for
 * want of room.
 *
 * <p>Metrics are called {@code kaspeer_plugin_<flow>_<name>}, with what the kind of metric demands
 * at the end. Names of metrics and labels are lower case letters, digits and underscores. Asking
 * for a name again returns the same metric. A metric has at most 1,024 sets of labels: what comes
 * after them is counted under {@code other}. Labels should not hold what a peer chose.
 */
public interface Telemetry {
  /**
   * A number that only grows; its name gets {@code _total} at the end.
   *
   * @throws IllegalArgumentException if a name is malformed, or that of a metric of another kind
   */
  Counter counter(String name, String help, String... labels);

  /**
   * Numbers that come and go, told apart by one label. At most 1,024 are kept; others are let go.
   *
   * @throws IllegalArgumentException as {@link #counter}
   */
  Gauge gauge(String name, String help, String label);

  /**
   * Spans of time; the name gets {@code _seconds} at the end.
   *
   * @throws IllegalArgumentException as {@link #counter}
   */
  Spans spans(String name, String help, String... labels);

  /**
   * Publishes an event to all who watch the node's events.
   *
   * @param type letters and digits, at most 40
   * @param fields at most 16; all together at most 2,048 characters
   * @return false if the flow has published too much lately (200 a second, 1,000 at once): then
   *     this one is let go, and counted
   * @throws IllegalArgumentException if type or fields are beyond these bounds
   */
  boolean publish(String type, Map<String, String> fields);

  /** Counts. */
  interface Counter {
    /**
     * @param values of the labels, as many as there are names
     */
    void add(long more, String... values);
  }

  /** Holds numbers. */
  interface Gauge {
    void set(double value, String labelValue);

    void remove(String labelValue);
  }

  /** Collects spans of time in buckets. */
  interface Spans {
    /**
     * @param values of the labels, as many as there are names
     */
    void observe(double seconds, String... values);
  }
}
