package kaspeer.mempool;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes to make room for a newcomer; the policy is {@link Mempool}'s. */
final class Eviction {
  private final Entry newcomer;
  private final Set<Entry> ancestors;
  private final Set<Entry> victims = new LinkedHashSet<>();
  private long bytes;
  private long bytesOfSource;

  private Eviction(Entry newcomer, Set<Entry> ancestors) {
    this.newcomer = newcomer;
    this.ancestors = ancestors;
  }

  /**
   * What must go for a newcomer to fit, or null if it cannot. Nothing is removed yet.
   *
   * @param ancestors what the newcomer builds on
   */
  static @Nullable Set<Entry> plan(
      Pool pool, MempoolOptions options, Entry newcomer, Set<Entry> ancestors) {
    Eviction eviction = new Eviction(newcomer, ancestors);
    Shares shares = pool.shares();
    long excessOfSource =
        shares.bytesOf(newcomer.source) + newcomer.bytes - options.maxBytesPerSource();
    for (Entry oldest : shares.victimsIn(newcomer.source)) {
      if (eviction.bytesOfSource >= excessOfSource) {
        break;
      }
      eviction.add(oldest);
    }
    if (eviction.bytesOfSource < excessOfSource) {
      return null;
    }
    long excess = pool.bytes() + newcomer.bytes - options.maxBytes();
    int excessCount = pool.size() + 1 - options.maxTransactions();
    for (Entry oldest : shares.victims()) {
      if (eviction.frees(excess, excessCount)) {
        break;
      }
      eviction.add(oldest);
    }
    return eviction.frees(excess, excessCount) ? eviction.victims : null;
  }

  private boolean frees(long excess, int excessCount) {
    return bytes >= excess && victims.size() >= excessCount;
  }

  private void add(Entry oldest) {
    if (ancestors.contains(oldest) || victims.contains(oldest)) {
      return;
    }
    for (Entry victim : Pool.withDescendants(oldest)) {
      if (victims.add(victim)) {
        bytes += victim.bytes;
        bytesOfSource += victim.source.equals(newcomer.source) ? victim.bytes : 0;
      }
    }
  }
}
