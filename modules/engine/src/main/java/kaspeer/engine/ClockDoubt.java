package kaspeer.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Notices that our clock may be slow. A block whose only fault is a time too far in the future by
 * our clock ends its peer, as it does with kaspad; when peers of several hosts bring such blocks,
 * the fault is more likely ours, and soon nobody is left. Belongs to one thread.
 */
final class ClockDoubt {
  /** So many hosts must agree: one has as many connections as it likes. */
  static final int HOSTS = 3;

  /** Within this time. */
  static final Duration WINDOW = Duration.ofMinutes(10);

  /** From one warning to the next. */
  static final Duration PAUSE = Duration.ofMinutes(5);

  private static final int MAX_HOSTS = 256;

  private record Sighting(Instant at, Duration ahead) {}

  private final InstantSource clock;
  private final Map<String, Sighting> byHost = new LinkedHashMap<>();
  private Instant warnedAt = Instant.MIN;

  ClockDoubt(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A block was refused for its time alone.
   *
   * @param timestamp the header's, in milliseconds since 1970, unsigned
   * @return what to warn of, if there is something to warn of now
   */
  Optional<String> note(String host, long timestamp) {
    Instant now = clock.instant();
    // No clock is that wrong.
    if (timestamp < 0) {
      return Optional.empty();
    }
    byHost.values().removeIf(seen -> seen.at.isAfter(now) || seen.at.plus(WINDOW).isBefore(now));
    if (byHost.size() < MAX_HOSTS || byHost.containsKey(host)) {
      byHost.put(host, new Sighting(now, Duration.ofMillis(timestamp - now.toEpochMilli())));
    }
    boolean warnedLately = !warnedAt.isAfter(now) && now.isBefore(warnedAt.plus(PAUSE));
    if (byHost.size() < HOSTS || warnedLately) {
      return Optional.empty();
    }
    warnedAt = now;
    Duration least =
        byHost.values().stream().map(Sighting::ahead).min(Duration::compareTo).orElseThrow();
    return Optional.of(
        "This machine's clock may be slow by about "
            + least.toSeconds()
            + " s: peers at "
            + byHost.size()
            + " hosts sent blocks from the future. As long as that is so their blocks are refused"
            + " and they are disconnected. Compare the clock with another one, and let NTP set it"
            + " (timedatectl, chronyc tracking)");
  }
}
