package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.primitives.Hash;

/**
 * Ids of transactions that blocks held lately. Changed by the owner of the pool, asked from any
 * thread.
 */
final class AcceptedIds {
  /** Hash, place in the set, place in the queue. */
  static final long BYTES_EACH = 160;

  private record Accepted(Hash id, long daaScore) {}

  private final Set<Hash> ids = ConcurrentHashMap.newKeySet();
  private final ArrayDeque<Accepted> byAge = new ArrayDeque<>();
  private final long maxIds;
  private final long memory;

  /**
   * @param maxBytes the oldest are forgotten beyond
   * @param memory how long an id is remembered, in DAA score
   */
  AcceptedIds(long maxBytes, long memory) {
    this.maxIds = Math.max(1, maxBytes / BYTES_EACH);
    this.memory = memory;
  }

  boolean contains(Hash id) {
    return ids.contains(id);
  }

  void add(Hash id, long daaScore) {
    if (!ids.add(id)) {
      return;
    }
    byAge.add(new Accepted(id, daaScore));
    if (byAge.size() > maxIds) {
      ids.remove(byAge.remove().id);
    }
  }

  /**
   * Forgets what is too old. Blocks come nearly in order of DAA score, so a few are forgotten a
   * little late.
   */
  void expire(long daaScore) {
    for (Accepted oldest = byAge.peek();
        oldest != null && daaScore - oldest.daaScore > memory;
        oldest = byAge.peek()) {
      byAge.remove();
      ids.remove(oldest.id);
    }
  }

  int size() {
    return byAge.size();
  }
}
