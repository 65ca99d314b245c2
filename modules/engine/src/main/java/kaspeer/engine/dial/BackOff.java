package kaspeer.engine.dial;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import kaspeer.wire.NetAddress;

/**
 * When an address may be dialled again: after each failure twice as long as before, give or take a
 * quarter, up to a limit. Failures are its host's, so that whoever tells of a victim's ports one
 * after another does not have it dialled as often as it has ports. While nothing at all is
 * connected the fault may be our line: then a failure makes no pause longer, and no pause lasts
 * longer than the first, so that we are back soon after the line is. Plain state, bounded.
 */
final class BackOff {
  /** After the first failure. */
  static final Duration FIRST = Duration.ofSeconds(30);

  static final Duration LONGEST = Duration.ofHours(2);

  private static final int CAPACITY = 10_000;
  private static final int MAX_DOUBLINGS = 16;
  private static final double JITTER = 0.25;

  private record Pause(int failures, Instant since, Duration length) {
    boolean isOver(Instant now, boolean cutOff) {
      Duration most = FIRST.plus(FIRST.dividedBy(4));
      Duration lasts = cutOff && length.compareTo(most) > 0 ? most : length;
      return !now.isBefore(since.plus(lasts));
    }
  }

  private final Map<NetAddress, Pause> pauses = new HashMap<>();
  private final RandomGenerator random;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  /** A dial failed. @param cutOff whether nothing is connected */
  void failed(NetAddress address, Instant now, boolean cutOff) {
    if (pauses.size() >= CAPACITY) {
      pauses.values().removeIf(pause -> pause.isOver(now, false));
    }
    if (pauses.size() >= CAPACITY && !pauses.containsKey(address)) {
      return;
    }
    int counted = failuresOf(address.ip());
    int failures = cutOff ? Math.max(1, counted) : counted + 1;
    pauses.put(address, new Pause(failures, now, pauseAfter(failures)));
  }

  private int failuresOf(InetAddress host) {
    return pauses.entrySet().stream()
        .filter(entry -> entry.getKey().ip().equals(host))
        .mapToInt(entry -> entry.getValue().failures)
        .max()
        .orElse(0);
  }

  void succeeded(NetAddress address) {
    pauses.remove(address);
  }

  /** Addresses to leave alone for now. @param cutOff whether nothing is connected */
  Set<NetAddress> resting(Instant now, boolean cutOff) {
    return pauses.entrySet().stream()
        .filter(entry -> !entry.getValue().isOver(now, cutOff))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Duration pauseAfter(int failures) {
    long doubled = FIRST.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
    long capped = Math.min(doubled, LONGEST.toMillis());
    return Duration.ofMillis(Math.round(capped * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }
}
