package kaspeer.node.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * When things that were handed to the first node reach the others. Says so in one line once they
 * reached the last.
 */
final class Crossings {
  /** What has not crossed while so many others were handed in is forgotten. */
  private static final int MAX_OPEN = 256;

  private final int nodes;
  private final Consumer<String> out;
  private final Map<String, Crossing> open = new LinkedHashMap<>();

  /**
   * @param nodes the first one included
   */
  Crossings(int nodes, Consumer<String> out) {
    this.nodes = nodes;
    this.out = out;
  }

  /** One thing on its way. Times are in nanoseconds; 0 for where it is not. */
  private record Crossing(String what, long start, long[] arrivals) {}

  /** It is handed to the first node now. */
  synchronized void started(String id, String what, long now) {
    open.put(id, new Crossing(what, now, new long[nodes]));
    var oldest = open.keySet().iterator();
    while (open.size() > MAX_OPEN) {
      oldest.next();
      oldest.remove();
    }
  }

  /** It is at this node. @param node from 1 on: the first one is where it started */
  synchronized void arrived(String id, int node, long now) {
    Crossing crossing = open.get(id);
    if (crossing == null || crossing.arrivals[node] != 0) {
      return;
    }
    crossing.arrivals[node] = now;
    List<String> legs = new ArrayList<>();
    legs.add("A");
    for (int i = 1; i < nodes; i++) {
      if (crossing.arrivals[i] == 0) {
        return;
      }
      legs.add(
          (char) ('A' + i) + " " + (crossing.arrivals[i] - crossing.start) / 1_000_000 + " ms");
    }
    open.remove(id);
    out.accept(crossing.what + ": " + String.join(" → ", legs));
  }

  /** What is still on its way to this node. */
  synchronized List<String> awaitedAt(int node) {
    return open.entrySet().stream()
        .filter(entry -> entry.getValue().arrivals[node] == 0)
        .map(Map.Entry::getKey)
        .toList();
  }
}
