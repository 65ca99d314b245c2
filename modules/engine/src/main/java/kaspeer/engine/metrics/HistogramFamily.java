package kaspeer.engine.metrics;

import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.metrics.MetricFamily.Kind;
import kaspeer.engine.metrics.MetricFamily.Sample;

/** Histograms that share a name and bounds, and differ in their labels. */
public final class HistogramFamily implements Metrics.Source {
  /** Seconds, for what takes from a tenth of a millisecond to ten seconds. */
  public static final List<Double> SECONDS =
      List.of(
          0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
          2.5, 5.0, 10.0);

  /** Numbers of things, from one to a few thousand. */
  public static final List<Double> COUNTS =
      List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 4096.0);

  private final String name;
  private final String help;
  private final List<Double> bounds;
  private final LabelSets<Histogram> histograms;

  HistogramFamily(String name, String help, List<Double> bounds, List<String> labels) {
    this.name = name;
    this.help = help;
    this.bounds = List.copyOf(bounds);
    this.histograms = new LabelSets<>(labels, () -> new Histogram(this.bounds));
  }

  /** The histogram of these label values, in the order of the names. */
  public Histogram with(String... values) {
    return histograms.get(values);
  }

  @Override
  public MetricFamily snapshot() {
    List<Sample> samples = new ArrayList<>();
    histograms.forEach(
        (labels, histogram) ->
            samples.add(
                new MetricFamily.Distribution(
                    labels, bounds, histogram.counts(), histogram.sum())));
    return new MetricFamily(name, help, Kind.HISTOGRAM, samples);
  }
}
