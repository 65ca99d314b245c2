package kaspeer.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import kaspeer.engine.metrics.MetricFamily.Distribution;
import kaspeer.engine.metrics.MetricFamily.Kind;
import kaspeer.engine.metrics.MetricFamily.Value;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private final Metrics metrics = new Metrics();

  private MetricFamily only() {
    assertThat(metrics.snapshot()).hasSize(1);
    return metrics.snapshot().getFirst();
  }

  @Test
  void aCounterIsCountedByItsLabels() {
    CounterFamily family = metrics.counters("x_total", "Help.", "direction", "payload");
    family.with("in", "ping").increment();
    metrics.counters("x_total", "Help.", "direction", "payload").with("in", "ping").add(2);
    assertThat(only().kind()).isEqualTo(Kind.COUNTER);
    assertThat(only().samples())
        .containsExactly(new Value(Map.of("direction", "in", "payload", "ping"), 3));
  }

  @Test
  void aGaugeIsReadWhenASnapshotIsTaken() {
    double[] value = {1};
    metrics.gauge("g", "Help.", () -> value[0]);
    value[0] = 7;
    assertThat(only().samples()).containsExactly(new Value(Map.of(), 7));
  }

  @Test
  void aHistogramCountsCumulatively() {
    Histogram histogram = metrics.histograms("h", "Help.", List.of(1.0, 10.0)).with();
    histogram.observe(0.5);
    histogram.observe(1);
    histogram.observe(5);
    histogram.observe(50);
    assertThat(only().samples())
        .containsExactly(new Distribution(Map.of(), List.of(1.0, 10.0), List.of(2L, 3L, 4L), 56.5));
  }

  @Test
  void labelSetsBeyondTheBoundAreCountedTogether() {
    CounterFamily family = metrics.counters("x_total", "Help.", "peer");
    for (int i = 0; i < 100_000; i++) {
      family.with("peer-" + i).increment();
    }
    assertThat(only().samples()).hasSize(LabelSets.MAX_SETS + 1);
    assertThat(only().samples())
        .contains(new Value(Map.of("peer", "other"), 100_000 - LabelSets.MAX_SETS));
  }

  @Test
  void oneNameCannotBeTwoKinds() {
    metrics.counter("x", "Help.");
    assertThatThrownBy(() -> metrics.histograms("x", "Help.", List.of(1.0)))
        .isInstanceOf(IllegalStateException.class);
  }
}
