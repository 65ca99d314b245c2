package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import kaspeer.primitives.Hash;

/** Ids of transactions that blocks held lately. */
final class AcceptedIds {
  /** Hash, entry, place in the map, place in the queue. */
  static final long BYTES_EACH = 160;

  /**
   * @param high whether the transaction had high priority here
   */
  record Accepted(Hash id, long daaScore, boolean high) {}

  private final Map<Hash, Accepted> byId = new HashMap<>();

  /** May hold some that are forgotten. */
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
    return byId.containsKey(id);
  }

  /** Whether it is known to have had high priority. */
  boolean isHigh(Hash id) {
    Accepted accepted = byId.get(id);
    return accepted != null && accepted.high;
  }

  /** Remembers an id; what was known of it stays. */
  void add(Hash id, long daaScore, boolean high) {
    Accepted accepted = new Accepted(id, daaScore, high);
    if (byId.putIfAbsent(id, accepted) != null) {
      return;
    }
    byAge.add(accepted);
    if (byAge.size() > maxIds) {
      forget(byAge.remove());
    }
  }

  /** Forgets an id, if it is known. */
  void remove(Hash id) {
    byId.remove(id);
  }

  /**
   * Forgets what is too old. Blocks come nearly in order of DAA score, so a few are forgotten a
   * little late.
   */
  void expire(long daaScore) {
    for (Accepted oldest = byAge.peek();
        oldest != null && daaScore - oldest.daaScore > memory;
        oldest = byAge.peek()) {
      forget(byAge.remove());
    }
  }

  /** Unless it was forgotten and remembered anew since. */
  private void forget(Accepted accepted) {
    byId.remove(accepted.id, accepted);
  }

  int size() {
    return byId.size();
  }
}
