package kaspeer.engine.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Metrics of one family by the values of their labels. Bounded: what comes after {@link #MAX_SETS}
 * is counted under {@code other}, so that no peer can grow the memory of a node or its scraper
 * through labels.
 */
final class LabelSets<M> {
  /** Label sets a family can have. */
  static final int MAX_SETS = 1024;

  private static final String OTHER = "other";

  private final List<String> names;
  private final Supplier<M> maker;
  private final ConcurrentHashMap<List<String>, M> byValues = new ConcurrentHashMap<>();

  LabelSets(List<String> names, Supplier<M> maker) {
    this.names = List.copyOf(names);
    this.maker = maker;
  }

  M get(String... values) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException("labels are " + names + ", not " + values.length);
    }
    List<String> key = List.of(values);
    M known = byValues.get(key);
    if (known != null) {
      return known;
    }
    List<String> bounded =
        byValues.size() < MAX_SETS ? key : names.stream().map(name -> OTHER).toList();
    return byValues.computeIfAbsent(bounded, ignored -> maker.get());
  }

  void forEach(BiConsumer<Map<String, String>, M> visitor) {
    byValues.forEach((values, metric) -> visitor.accept(labels(values), metric));
  }

  private Map<String, String> labels(List<String> values) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      labels.put(names.get(i), values.get(i));
    }
    return labels;
  }
}
