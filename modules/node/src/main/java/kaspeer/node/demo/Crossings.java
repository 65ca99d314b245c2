package kaspeer.node.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * When things that came into being at one node reach the others. Says so in one line once they
 * reached the last.
 */
final class Crossings {
  /** The start of what no node has at first. */
  static final int NOWHERE = -1;

  /** What has not crossed while so many others were begun is forgotten. */
  private static final int MAX_OPEN = 256;

  private final int nodes;
  private final Consumer<String> out;
  private final Map<String, Crossing> open = new LinkedHashMap<>();

  Crossings(int nodes, Consumer<String> out) {
    this.nodes = nodes;
    this.out = out;
  }

  /** One thing on its way. Times are in nanoseconds; 0 for where it is not. */
  private record Crossing(String what, int from, long start, long[] arrivals) {
    boolean isDone() {
      return others().allMatch(node -> arrivals[node] != 0);
    }

    private IntStream others() {
      return IntStream.range(0, arrivals.length).filter(node -> node != from);
    }

    /** The nodes in the order of arrival. */
    @Override
    public String toString() {
      List<String> legs = new ArrayList<>();
      if (from != NOWHERE) {
        legs.add(name(from));
      }
      others()
          .boxed()
          .sorted(Comparator.comparingLong(node -> arrivals[node]))
          .map(node -> name(node) + " " + (arrivals[node] - start) / 1_000_000 + " ms")
          .forEach(legs::add);
      return what + ": " + String.join(from == NOWHERE ? ", " : " → ", legs);
    }
  }

  /**
   * It begins now.
   *
   * @param from the node where it is already, or {@link #NOWHERE}
   */
  synchronized void started(String id, String what, int from, long now) {
    open.put(id, new Crossing(what, from, now, new long[nodes]));
    var oldest = open.keySet().iterator();
    while (open.size() > MAX_OPEN) {
      oldest.next();
      oldest.remove();
    }
  }

  /** It is at this node. */
  synchronized void arrived(String id, int node, long now) {
    Crossing crossing = open.get(id);
    if (crossing == null || crossing.from == node || crossing.arrivals[node] != 0) {
      return;
    }
    crossing.arrivals[node] = now;
    if (!crossing.isDone()) {
      return;
    }
    open.remove(id);
    out.accept(crossing.toString());
  }

  /** What a node is called. */
  static String name(int node) {
    return String.valueOf((char) ('A' + node));
  }

  /** What is still on its way to this node. */
  synchronized List<String> awaitedAt(int node) {
    return open.entrySet().stream()
        .filter(entry -> entry.getValue().from != node && entry.getValue().arrivals[node] == 0)
        .map(Map.Entry::getKey)
        .toList();
  }
}
