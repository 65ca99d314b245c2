package kaspeer.engine.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When permanent peers are dialled next (protocol reference 7.1). Plain state. */
final class PermanentSchedule {
  private static final int MAX_DOUBLINGS = 4;

  /** After a connection that lived so long, the next attempt comes soon. */
  private static final Duration GOOD_LIFE = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofSeconds(1);

  private record Entry(int failures, Instant next) {}

  private final Duration retry;
  private final Map<InetSocketAddress, Entry> entries = new HashMap<>();

  PermanentSchedule(Duration retry) {
    this.retry = retry;
  }

  /** Adds an address, or forgives one that failed: it is due at once. */
  void add(InetSocketAddress address, Instant now) {
    entries.put(address, new Entry(0, now));
  }

  void remove(InetSocketAddress address) {
    entries.remove(address);
  }

  boolean contains(InetSocketAddress address) {
    return entries.containsKey(address);
  }

  List<InetSocketAddress> due(Instant now) {
    List<InetSocketAddress> due = new ArrayList<>();
    entries.forEach(
        (address, entry) -> {
          if (!now.isBefore(entry.next)) {
            due.add(address);
          }
        });
    return due;
  }

  void failed(InetSocketAddress address, Instant now) {
    entries.computeIfPresent(
        address,
        (_, entry) ->
            new Entry(
                entry.failures + 1,
                now.plus(retry.multipliedBy(1L << Math.min(entry.failures, MAX_DOUBLINGS)))));
  }

  void connected(InetSocketAddress address, Instant now) {
    entries.computeIfPresent(address, (_, _) -> new Entry(0, now));
  }

  /** A connection ended. @param lived how long it was up */
  void lost(InetSocketAddress address, Duration lived, Instant now) {
    if (lived.compareTo(GOOD_LIFE) >= 0) {
      entries.computeIfPresent(address, (_, _) -> new Entry(0, now.plus(SOON)));
    } else {
      failed(address, now);
    }
  }
}
