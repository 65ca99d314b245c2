package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Members that were seen, through whom this one joins again. One that was not seen for a day is
 * forgotten, where members come back under other addresses; but not for as long as none is seen:
 * however long this one is cut off, it looks for the others. Bounded; safe from any thread.
 */
final class KnownMembers {
  static final int MAX = 64;
  static final Duration MEMORY = Duration.ofDays(1);

  private final Map<InetSocketAddress, Long> seen = new HashMap<>();

  /**
   * This one is there.
   *
   * @param nowNanos of a clock that only goes forward
   */
  synchronized void saw(InetSocketAddress member, long nowNanos) {
    seen.put(member, nowNanos);
    seen.values().removeIf(at -> nowNanos - at > MEMORY.toNanos());
    if (seen.size() > MAX) {
      seen.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue() - nowNanos))
          .map(Map.Entry::getKey)
          .ifPresent(seen::remove);
    }
  }

  synchronized List<InetSocketAddress> all() {
    return List.copyOf(seen.keySet());
  }
}
