package kaspeer.engine.peer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.engine.metrics.Counter;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Histogram;
import kaspeer.wire.PayloadType;

/**
 * What is counted for each type of message, looked up once for each type and not for each message.
 * Safe from any thread.
 */
public final class PayloadCounters {
  private record Pair(Counter messages, Counter bytes) {
    void add(int size) {
      messages.increment();
      bytes.add(size);
    }
  }

  private final EngineMetrics metrics;
  private final Map<Integer, Pair> in = new ConcurrentHashMap<>();
  private final Map<Integer, Pair> out = new ConcurrentHashMap<>();
  private final Map<Integer, Histogram> handling = new ConcurrentHashMap<>();

  public PayloadCounters(EngineMetrics metrics) {
    this.metrics = metrics;
  }

  void received(PayloadType type, int bytes) {
    of(in, "in", type).add(bytes);
  }

  void sent(PayloadType type, int bytes) {
    of(out, "out", type).add(bytes);
  }

  /** A flow was done with a message after this time. */
  void handled(PayloadType type, long nanos) {
    Histogram known = handling.get(type.number());
    Histogram seconds =
        known != null
            ? known
            : handling.computeIfAbsent(type.number(), _ -> metrics.handling(type.name()));
    seconds.observe(nanos / 1e9);
  }

  private Pair of(Map<Integer, Pair> pairs, String direction, PayloadType type) {
    Pair known = pairs.get(type.number());
    return known != null
        ? known
        : pairs.computeIfAbsent(
            type.number(),
            _ ->
                new Pair(
                    metrics.messages(direction, type.name()),
                    metrics.bytes(direction, type.name())));
  }
}
