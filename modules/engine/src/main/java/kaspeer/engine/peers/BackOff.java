package kaspeer.engine.peers;

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
 * quarter, up to a limit. Plain state, bounded.
 */
final class BackOff {
  /** After the first failure. */
  static final Duration FIRST = Duration.ofSeconds(30);

  static final Duration LONGEST = Duration.ofHours(2);

  private static final int CAPACITY = 10_000;
  private static final int MAX_DOUBLINGS = 16;
  private static final double JITTER = 0.25;

  private record Pause(int failures, Instant until) {}

  private final Map<NetAddress, Pause> pauses = new HashMap<>();
  private final RandomGenerator random;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  void failed(NetAddress address, Instant now) {
    if (pauses.size() >= CAPACITY) {
      pauses.values().removeIf(pause -> pause.until.isBefore(now));
    }
    if (pauses.size() >= CAPACITY && !pauses.containsKey(address)) {
      return;
    }
    int failures = pauses.getOrDefault(address, new Pause(0, now)).failures + 1;
    pauses.put(address, new Pause(failures, now.plus(pauseAfter(failures))));
  }

  void succeeded(NetAddress address) {
    pauses.remove(address);
  }

  boolean isDue(NetAddress address, Instant now) {
    Pause pause = pauses.get(address);
    return pause == null || !now.isBefore(pause.until);
  }

  /** Addresses to leave alone for now. */
  Set<NetAddress> resting(Instant now) {
    return pauses.entrySet().stream()
        .filter(entry -> now.isBefore(entry.getValue().until))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Duration pauseAfter(int failures) {
    long doubled = FIRST.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
    long capped = Math.min(doubled, LONGEST.toMillis());
    return Duration.ofMillis(Math.round(capped * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }
}
