package kaspeer.engine.metrics;

import java.util.List;
import java.util.Map;

/**
 * One metric with all its label sets, at one moment.
 *
 * @param name as scraped, such as {@code kaspeer_p2p_messages_total}
 * @param help one sentence
 */
public record MetricFamily(String name, String help, Kind kind, List<Sample> samples) {
  /** What a scraper takes the numbers for. */
  public enum Kind {
    /** Only ever grows; its name ends in {@code _total}. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** Counts by size. */
    HISTOGRAM
  }

  /** The value of one label set. */
  public sealed interface Sample {
    /** Names and values, in the family's order. */
    Map<String, String> labels();
  }

  /** A counter or gauge. */
  public record Value(Map<String, String> labels, double value) implements Sample {}

  /**
   * A histogram.
   *
   * @param bounds upper bounds, ascending, without the infinite one
   * @param counts observations at or below each bound, cumulative; one more than bounds, the last
   *     being all of them
   */
  public record Distribution(
      Map<String, String> labels, List<Double> bounds, List<Long> counts, double sum)
      implements Sample {}

  public MetricFamily {
    samples = List.copyOf(samples);
  }
}
