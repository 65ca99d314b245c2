package kaspeer.engine.sanctions;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.engine.net.IpRange;
import kaspeer.flow.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Points against hosts, halved again and again as time goes by. Kept by host and not by connection,
 * so that nobody sheds them by connecting anew. Safe from any thread; bounded.
 */
public final class Scores {
  private static final int CAPACITY = 8192;

  /** Below this nothing is left worth keeping. */
  private static final double NEGLIGIBLE = 0.5;

  private record Entry(double points, Instant at) {}

  private final ConcurrentHashMap<IpRange, Entry> entries = new ConcurrentHashMap<>();

  /** The points against an address now. */
  public double of(InetAddress address, Policy policy, Instant now) {
    return decayed(entries.get(IpRange.hostOf(address)), policy, now);
  }

  /** Adds points, and returns the sum. */
  public double add(InetAddress address, int points, Policy policy, Instant now) {
    IpRange host = IpRange.hostOf(address);
    if (entries.size() >= CAPACITY && !entries.containsKey(host)) {
      makeRoom(policy, now);
    }
    Entry entry =
        entries.compute(
            host, (ignored, known) -> new Entry(decayed(known, policy, now) + points, now));
    return entry == null ? points : entry.points();
  }

  /** Takes points back that were added a moment ago. */
  void takeBack(InetAddress address, int points, Policy policy, Instant now) {
    entries.computeIfPresent(
        IpRange.hostOf(address),
        (ignored, known) -> new Entry(Math.max(0, decayed(known, policy, now) - points), now));
  }

  /** Forgets what is held against an address: its ban begins or ends. */
  public void clear(IpRange range) {
    entries.keySet().removeIf(host -> range.contains(host.first()));
  }

  private void makeRoom(Policy policy, Instant now) {
    entries.values().removeIf(entry -> decayed(entry, policy, now) < NEGLIGIBLE);
    while (entries.size() >= CAPACITY) {
      entries.entrySet().stream()
          .min(Comparator.comparingDouble(entry -> decayed(entry.getValue(), policy, now)))
          .map(Map.Entry::getKey)
          .ifPresent(entries::remove);
    }
  }

  private static double decayed(@Nullable Entry entry, Policy policy, Instant now) {
    return entry == null ? 0 : policy.decayed(entry.points(), Duration.between(entry.at(), now));
  }
}
