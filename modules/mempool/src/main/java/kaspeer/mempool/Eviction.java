package kaspeer.mempool;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes to make room for a newcomer (consensus reference 8): those of the lowest fee rate, none
 * of them higher than the newcomer's; with a transaction goes all that builds on it; nothing that
 * the newcomer builds on goes, and nothing of high priority but with what it builds on.
 */
final class Eviction {
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
   * Whether there is no room and none would be made, told by the fee rate only; false where that
   * does not tell.
   */
  static boolean isHopeless(Pool pool, MempoolOptions options, long bytes, double feeRate) {
    return !hasRoom(pool, options, bytes)
        && (pool.evictable().isEmpty() || pool.evictable().first().feeRate > feeRate);
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
    for (Entry lowest : pool.evictable()) {
      if (lowest.feeRate > newcomer.feeRate) {
        return null;
      }
      if (ancestors.contains(lowest) || replaced.contains(lowest)) {
        continue;
      }
      eviction.add(lowest, replaced);
      if (eviction.isEnough()) {
        return eviction.victims;
      }
    }
    return null;
  }

  private boolean isEnough() {
    return excess <= 0 && excessCount <= 0;
  }

  private void add(Entry lowest, Set<Entry> replaced) {
    for (Entry victim : Pool.withDescendants(lowest)) {
      if (!replaced.contains(victim) && victims.add(victim)) {
        excess -= victim.bytes;
        excessCount--;
      }
    }
  }
}
