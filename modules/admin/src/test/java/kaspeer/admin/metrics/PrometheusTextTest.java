package kaspeer.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.engine.metrics.Metrics;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private final Metrics metrics = new Metrics();

  @Test
  void countersGaugesAndHistogramsAreWrittenAsPrometheusReadsThem() {
    metrics
        .counters("kaspeer_a_total", "Of a \\ kind.", "direction", "payload")
        .with("in", "pi\"ng\n")
        .add(3);
    metrics.gauge("kaspeer_b", "B.", () -> 1.5);
    var histogram = metrics.histograms("kaspeer_c_seconds", "C.", List.of(0.1, 1.0)).with();
    histogram.observe(0.05);
    histogram.observe(0.5);
    histogram.observe(7);
    assertThat(PrometheusText.render(metrics.snapshot()))
        .isEqualTo(
            """
            # HELP kaspeer_a_total Of a \\\\ kind.
            # TYPE kaspeer_a_total counter
            kaspeer_a_total{direction="in",payload="pi\\"ng\\n"} 3
            # HELP kaspeer_b B.
            # TYPE kaspeer_b gauge
            kaspeer_b 1.5
            # HELP kaspeer_c_seconds C.
            # TYPE kaspeer_c_seconds histogram
            kaspeer_c_seconds_bucket{le="0.1"} 1
            kaspeer_c_seconds_bucket{le="1"} 2
            kaspeer_c_seconds_bucket{le="+Inf"} 3
            kaspeer_c_seconds_sum 7.55
            kaspeer_c_seconds_count 3
            """);
  }

  @Test
  void numbersThatAreNoneAreWrittenToo() {
    metrics.gauge("kaspeer_nan", "N.", () -> Double.NaN);
    metrics.gauge("kaspeer_plus", "P.", () -> Double.POSITIVE_INFINITY);
    assertThat(PrometheusText.render(metrics.snapshot()))
        .contains("kaspeer_nan NaN\n")
        .contains("kaspeer_plus +Inf\n");
  }

  @Test
  void theJvmIsMeasured() {
    JvmMetrics.register(metrics);
    assertThat(PrometheusText.render(metrics.snapshot()))
        .containsPattern("kaspeer_jvm_memory_used_bytes\\{area=\"heap\"} [1-9]")
        .containsPattern("kaspeer_jvm_threads [1-9]")
        .containsPattern("kaspeer_process_start_time_seconds [1-9]")
        .doesNotContainPattern("(?m)^(?!kaspeer_|#)");
  }
}
