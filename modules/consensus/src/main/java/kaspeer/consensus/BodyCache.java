package kaspeer.consensus;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Bodies by id, the least recently used dropped first, bounded in estimated bytes of heap. A body
 * is needed again soon after it came: when it is merged, and when its chain block is. Safe from any
 * thread.
 */
final class BodyCache {
  private final long maxBytes;
  private final LinkedHashMap<Integer, Cached> bodies = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  private record Cached(List<Transaction> transactions, long bytes) {}

  BodyCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable List<Transaction> get(int id) {
    Cached cached = bodies.get(id);
    return cached == null ? null : cached.transactions;
  }

  /**
   * @param size bytes of the body, estimated
   */
  synchronized void put(int id, List<Transaction> transactions, long size) {
    Cached cached = new Cached(transactions, size);
    Cached before = bodies.put(id, cached);
    bytes += cached.bytes - (before == null ? 0 : before.bytes);
    Iterator<Map.Entry<Integer, Cached>> oldest = bodies.entrySet().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= oldest.next().getValue().bytes;
      oldest.remove();
    }
  }
}
