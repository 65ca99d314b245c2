package kaspeer.mempool;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes to make room for a newcomer (consensus reference 8): those of the lowest fee rate, none
 * of them higher than the newcomer's; with a transaction goes all that builds on it; nothing that
 * the newcomer builds on goes, and nothing of high priority but with what it builds on.
 *
 * <p>Families are looked through for a bounded number of links. Those that are larger stay if
 * others are enough; if not, the one of the lowest fee rate goes, which pays for the look.
 */
final class Eviction {
  /** A family of more links goes only where smaller ones are not enough. */
  private static final int MAX_FAMILY_LINKS = 500;

  private final Set<Entry> victims = new LinkedHashSet<>();
  private long excess;
  private long excessCount;

  private Eviction(long excess, long excessCount) {
    this.excess = excess;
    this.excessCount = excessCount;
  }

  /** Whether another of so many bytes fits as it is. */
  static boolean hasRoom(Pool pool, MempoolOptions options, long bytes) {
    return pool.size() < options.maxTransactions() && pool.bytes() + bytes <= options.maxBytes();
  }

  /**
   * Below this fee rate no room would be made for another of so many bytes; above it may, or there
   * is room anyway.
   */
  static double floor(Pool pool, MempoolOptions options, long bytes) {
    if (hasRoom(pool, options, bytes)) {
      return Double.NEGATIVE_INFINITY;
    }
    return pool.evictable().isEmpty() ? Double.POSITIVE_INFINITY : pool.evictable().first().feeRate;
  }

  /**
   * What must go for a newcomer to fit, or null if it cannot. Nothing is removed yet.
   *
   * @param ancestors what the newcomer builds on
   * @param replaced what goes in any case, with all that builds on it
   */
  static @Nullable Set<Entry> plan(
      Pool pool,
      MempoolOptions options,
      Entry newcomer,
      Set<Entry> ancestors,
      Set<Entry> replaced) {
    long freed = replaced.stream().mapToLong(entry -> entry.bytes).sum();
    Eviction eviction =
        new Eviction(
            pool.bytes() - freed + newcomer.bytes - options.maxBytes(),
            pool.size() - replaced.size() + 1L - options.maxTransactions());
    if (eviction.isEnough()) {
      return Set.of();
    }
    if (newcomer.bytes > options.maxBytes()) {
      return null;
    }
    Entry large = null;
    int links = options.maxAncestorLinks();
    for (Entry lowest : pool.evictable()) {
      if (lowest.feeRate > newcomer.feeRate || links <= 0) {
        break;
      }
      if (ancestors.contains(lowest) || replaced.contains(lowest)) {
        continue;
      }
      int most = Math.min(MAX_FAMILY_LINKS, links);
      Set<Entry> family = Pool.withDescendants(lowest, most);
      if (family == null) {
        large = large == null ? lowest : large;
        links -= most;
        continue;
      }
      links -= family.size() - 1;
      eviction.add(family, replaced);
      if (eviction.isEnough()) {
        return eviction.victims;
      }
    }
    if (large != null) {
      eviction.add(Pool.withDescendants(large), replaced);
    }
    return eviction.isEnough() ? eviction.victims : null;
  }

  private boolean isEnough() {
    return excess <= 0 && excessCount <= 0;
  }

  private void add(Set<Entry> family, Set<Entry> replaced) {
    for (Entry victim : family) {
      if (!replaced.contains(victim) && victims.add(victim)) {
        excess -= victim.bytes;
        excessCount--;
      }
    }
  }
}
