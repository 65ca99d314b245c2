package kaspeer.consensus;

import java.util.LinkedHashSet;
import java.util.Set;
import kaspeer.primitives.Hash;

/**
 * Hashes of invalid blocks that have no header in the DAG. At most so many; the oldest are
 * forgotten first.
 */
final class InvalidHashes {
  private final int limit;
  private final Set<Hash> hashes = new LinkedHashSet<>();

  InvalidHashes(int limit) {
    this.limit = limit;
  }

  synchronized boolean contains(Hash hash) {
    return hashes.contains(hash);
  }

  synchronized void add(Hash hash) {
    hashes.add(hash);
    if (hashes.size() > limit) {
      hashes.remove(hashes.iterator().next());
    }
  }

  synchronized int size() {
    return hashes.size();
  }
}
