package kaspeer.engine.metrics;

import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.metrics.MetricFamily.Kind;
import kaspeer.engine.metrics.MetricFamily.Sample;

/** Counters that share a name and differ in their labels. */
public final class CounterFamily implements Metrics.Source {
  private final String name;
  private final String help;
  private final LabelSets<Counter> counters;

  CounterFamily(String name, String help, List<String> labels) {
    this.name = name;
    this.help = help;
    this.counters = new LabelSets<>(labels, Counter::new);
  }

  /**
   * The counter of these label values, in the order of the names. Label values must come from a
   * small fixed set.
   */
  public Counter with(String... values) {
    return counters.get(values);
  }

  @Override
  public MetricFamily snapshot() {
    List<Sample> samples = new ArrayList<>();
    counters.forEach(
        (labels, counter) -> samples.add(new MetricFamily.Value(labels, counter.value())));
    return new MetricFamily(name, help, Kind.COUNTER, samples);
  }
}
