package kaspeer.mempool;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The pool's transactions by source and by age, oldest first. */
final class Shares {
  private static final class Share {
    final LinkedHashSet<Entry> entries = new LinkedHashSet<>();
    long bytes;
  }

  private final Map<String, Share> bySource = new HashMap<>();

  /** Of peers only: what was submitted here is no victim of others. */
  private final LinkedHashSet<Entry> fromPeers = new LinkedHashSet<>();

  void add(Entry entry) {
    Share share = bySource.computeIfAbsent(entry.source, source -> new Share());
    share.entries.add(entry);
    share.bytes += entry.bytes;
    if (!entry.source.equals(Mempool.LOCAL)) {
      fromPeers.add(entry);
    }
  }

  void remove(Entry entry) {
    fromPeers.remove(entry);
    Share share = bySource.get(entry.source);
    if (share != null && share.entries.remove(entry)) {
      share.bytes -= entry.bytes;
      if (share.entries.isEmpty()) {
        bySource.remove(entry.source);
      }
    }
  }

  long bytesOf(String source) {
    Share share = bySource.get(source);
    return share == null ? 0 : share.bytes;
  }

  /** What may go to make room for more of the same source. Nothing for what was submitted here. */
  Set<Entry> victimsIn(String source) {
    Share share = source.equals(Mempool.LOCAL) ? null : bySource.get(source);
    return share == null ? Set.of() : share.entries;
  }

  /** What may go to make room in the pool. */
  Set<Entry> victims() {
    return fromPeers;
  }
}
