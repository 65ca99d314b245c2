package kaspeer.engine.peers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The peers that left last, and why. Bounded. */
final class DepartureLog {
  private static final int CAPACITY = 256;

  private final Deque<Departure> latest = new ArrayDeque<>();

  void add(Departure departure) {
    if (latest.size() == CAPACITY) {
      latest.removeLast();
    }
    latest.addFirst(departure);
  }

  /** The latest first. */
  List<Departure> list() {
    return List.copyOf(latest);
  }
}
