package kaspeer.admin.metrics;

import java.util.List;
import java.util.Map;
import kaspeer.engine.metrics.MetricFamily;

/** Prometheus' text format, version 0.0.4. */
public final class PrometheusText {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** From here on doubles are written with an exponent, below as whole numbers where they are. */
  private static final double WHOLE_LIMIT = 1e15;

  private PrometheusText() {}

  /** The text of all these metrics. */
  public static String render(List<MetricFamily> families) {
    StringBuilder out = new StringBuilder(16 * 1024);
    for (MetricFamily family : families) {
      out.append("# HELP ")
          .append(family.name())
          .append(' ')
          .append(escape(family.help(), false))
          .append('\n');
      out.append("# TYPE ")
          .append(family.name())
          .append(' ')
          .append(type(family.kind()))
          .append('\n');
      for (MetricFamily.Sample sample : family.samples()) {
        switch (sample) {
          case MetricFamily.Value value ->
              line(out, family.name(), value.labels(), "", value.value());
          case MetricFamily.Distribution distribution ->
              distribution(out, family.name(), distribution);
        }
      }
    }
    return out.toString();
  }

  private static String type(MetricFamily.Kind kind) {
    return switch (kind) {
      case COUNTER -> "counter";
      case GAUGE -> "gauge";
      case HISTOGRAM -> "histogram";
    };
  }

  private static void distribution(StringBuilder out, String name, MetricFamily.Distribution d) {
    for (int i = 0; i < d.counts().size(); i++) {
      String bound = i < d.bounds().size() ? number(d.bounds().get(i)) : "+Inf";
      line(out, name + "_bucket", d.labels(), bound, d.counts().get(i));
    }
    line(out, name + "_sum", d.labels(), "", d.sum());
    line(out, name + "_count", d.labels(), "", d.counts().getLast());
  }

  /**
   * @param bound value of the label {@code le}, if not empty
   */
  private static void line(
      StringBuilder out, String name, Map<String, String> labels, String bound, double value) {
    out.append(name);
    if (!labels.isEmpty() || !bound.isEmpty()) {
      char before = '{';
      for (Map.Entry<String, String> label : labels.entrySet()) {
        out.append(before)
            .append(label.getKey())
            .append("=\"")
            .append(escape(label.getValue(), true))
            .append('"');
        before = ',';
      }
      if (!bound.isEmpty()) {
        out.append(before).append("le=\"").append(bound).append('"');
      }
      out.append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < WHOLE_LIMIT
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String escape(String text, boolean quoted) {
    String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
    return quoted ? escaped.replace("\"", "\\\"") : escaped;
  }
}
