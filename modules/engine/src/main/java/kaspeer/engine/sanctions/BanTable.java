package kaspeer.engine.sanctions;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import kaspeer.engine.net.IpRange;

/**
 * Who is banned, by address or range. Read from any thread at no cost that a peer could drive up:
 * by the listener before anything is allocated, by the dialler and by the address book. Written by
 * {@link SanctionsActor} only.
 */
public final class BanTable {
  /** Most bans kept; beyond, the one that ends first makes room. */
  static final int CAPACITY = 65_536;

  private final ConcurrentHashMap<IpRange, Sanctions.Ban> bans = new ConcurrentHashMap<>();

  /** Bans by length of their prefix; the writer's. */
  private final int[] lengths = new int[IpRange.BITS + 1];

  /** Prefix lengths that occur, longest first: one look-up for each. */
  private volatile List<Integer> prefixes = List.of();

  /** Whether a ban covers this address now. */
  public boolean isBanned(InetAddress address, Instant now) {
    return find(address, now).isPresent();
  }

  /** The narrowest ban that covers this address now. */
  public Optional<Sanctions.Ban> find(InetAddress address, Instant now) {
    for (int prefix : prefixes) {
      Sanctions.Ban ban = bans.get(IpRange.of(address, prefix));
      if (ban != null && now.isBefore(ban.until())) {
        return Optional.of(ban);
      }
    }
    return Optional.empty();
  }

  /** All bans that still hold, those that end first in front. */
  public List<Sanctions.Ban> list(Instant now) {
    return bans.values().stream()
        .filter(ban -> now.isBefore(ban.until()))
        .sorted(Comparator.comparing(Sanctions.Ban::until).thenComparing(Sanctions.Ban::subject))
        .toList();
  }

  /** Adds or replaces a ban. Returns the ranges of bans that had to make room. */
  List<IpRange> put(IpRange range, Sanctions.Ban ban) {
    List<IpRange> evicted = new ArrayList<>();
    while (bans.size() >= CAPACITY && !bans.containsKey(range)) {
      Map.Entry<IpRange, Sanctions.Ban> first =
          bans.entrySet().stream()
              .min(Comparator.comparing(entry -> entry.getValue().until()))
              .orElseThrow();
      remove(first.getKey());
      evicted.add(first.getKey());
    }
    if (bans.put(range, ban) == null) {
      count(range, 1);
    }
    return evicted;
  }

  /** Lifts a ban. Returns whether there was one. */
  boolean remove(IpRange range) {
    boolean removed = bans.remove(range) != null;
    if (removed) {
      count(range, -1);
    }
    return removed;
  }

  /** Lifts this very ban. Returns whether it was in force. */
  boolean remove(IpRange range, Sanctions.Ban ban) {
    return ban.equals(bans.get(range)) && remove(range);
  }

  /** Forgets bans that are over, and returns their ranges. */
  List<IpRange> removeExpired(Instant now) {
    List<IpRange> expired = new ArrayList<>();
    bans.forEach(
        (range, ban) -> {
          if (!now.isBefore(ban.until())) {
            expired.add(range);
          }
        });
    expired.forEach(this::remove);
    return expired;
  }

  private void count(IpRange range, int change) {
    int before = lengths[range.prefix()];
    lengths[range.prefix()] = before + change;
    if (before == 0 || before + change == 0) {
      prefixes =
          IntStream.rangeClosed(0, IpRange.BITS)
              .map(i -> IpRange.BITS - i)
              .filter(length -> lengths[length] > 0)
              .boxed()
              .toList();
    }
  }
}
