package kaspeer.transport;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many connections each prefix was let in with lately: a bucket that fills with each and leaks.
 * Whoever comes and goes costs a handshake each time, and no bound on what is open counts it. An
 * empty bucket is forgotten; of more than {@value #MAX_PREFIXES} the one longest untouched is.
 * Guarded by its owner.
 */
final class AcceptRates {
  /** Connections forgotten each second. */
  static final int PER_SECOND = 2;

  static final int MAX_PREFIXES = 8192;

  private static final double NANOS = 1e9;

  private static final class Bucket {
    private double level;
    private long at;
  }

  private final LongSupplier clock;

  /** The one longest untouched is first. */
  private final LinkedHashMap<Long, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param clock as {@link System#nanoTime}
   */
  AcceptRates(LongSupplier clock) {
    this.clock = clock;
  }

  /** Connections of a prefix not yet forgotten, rounded up. */
  int lately(long prefix) {
    Bucket bucket = buckets.get(prefix);
    return bucket == null ? 0 : (int) Math.ceil(level(bucket, clock.getAsLong()));
  }

  /** One more was let in. */
  void accepted(long prefix) {
    long now = clock.getAsLong();
    forget(now);
    Bucket bucket = buckets.computeIfAbsent(prefix, _ -> new Bucket());
    bucket.level = level(bucket, now) + 1;
    bucket.at = now;
  }

  int size() {
    return buckets.size();
  }

  /** Forgets empty buckets, as far as they are first, and one that is not if there are too many. */
  private void forget(long now) {
    Iterator<Map.Entry<Long, Bucket>> oldest = buckets.entrySet().iterator();
    while (oldest.hasNext()) {
      Bucket bucket = oldest.next().getValue();
      if (level(bucket, now) > 0 && buckets.size() < MAX_PREFIXES) {
        return;
      }
      oldest.remove();
    }
  }

  private static double level(Bucket bucket, long now) {
    return Math.max(0, bucket.level - (now - bucket.at) / NANOS * PER_SECOND);
  }
}
