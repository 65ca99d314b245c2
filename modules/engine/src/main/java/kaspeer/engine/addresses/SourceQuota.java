package kaspeer.engine.addresses;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import kaspeer.engine.net.IpRange;

/**
 * How many addresses one host may still tell us of: a full message at once, then one in ten
 * seconds.
 */
final class SourceQuota {
  private static final double BURST = 2500;
  private static final double PER_SECOND = 0.1;
  private static final int MAX_SOURCES = 4096;

  private record Bucket(double tokens, Instant at) {}

  private final Map<IpRange, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<IpRange, Bucket> eldest) {
          return size() > MAX_SOURCES;
        }
      };

  /** Takes as many as there are, at most {@code wanted}. */
  int take(InetAddress source, int wanted, Instant now) {
    IpRange host = IpRange.hostOf(source);
    Bucket known = buckets.getOrDefault(host, new Bucket(BURST, now));
    double refill = Math.max(0, Duration.between(known.at, now).toMillis()) / 1000.0 * PER_SECOND;
    double tokens = Math.min(BURST, known.tokens + refill);
    int granted = (int) Math.min(wanted, Math.floor(tokens));
    buckets.put(host, new Bucket(tokens - granted, now));
    return granted;
  }
}
