package kaspeer.consensus.utxo;

import kaspeer.consensus.body.OutpointMap;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the stored UTXO set that were made or read lately, bounded in bytes. There are two
 * generations: what is used goes to the young one, and when that has half the bytes it becomes the
 * old one, whose rest is dropped. Safe from any thread.
 */
final class UtxoCache {
  /** Outpoint, hash, entry, script with its array, and four slots: a map may be a quarter full. */
  private static final long ENTRY_BYTES = 16 + 40 + 40 + 16 + 16 + 48;

  private final long maxBytes;
  private OutpointMap<UtxoEntry> young = new OutpointMap<>(1024);
  private OutpointMap<UtxoEntry> old = new OutpointMap<>(0);
  private long youngBytes;

  /**
   * @param maxBytes estimated bytes of heap it may take; 0 to keep nothing
   */
  UtxoCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable UtxoEntry get(Outpoint outpoint) {
    UtxoEntry entry = young.get(outpoint);
    if (entry == null) {
      entry = old.remove(outpoint);
      if (entry != null) {
        insert(outpoint, entry);
      }
    }
    return entry;
  }

  synchronized void put(Outpoint outpoint, UtxoEntry entry) {
    old.remove(outpoint);
    insert(outpoint, entry);
  }

  private void insert(Outpoint outpoint, UtxoEntry entry) {
    UtxoEntry before = young.put(outpoint, entry);
    youngBytes += bytes(entry) - (before == null ? 0 : bytes(before));
    if (youngBytes > maxBytes / 2) {
      old = young;
      young = new OutpointMap<>(1024);
      youngBytes = 0;
    }
  }

  synchronized void remove(Outpoint outpoint) {
    UtxoEntry entry = young.remove(outpoint);
    if (entry == null) {
      old.remove(outpoint);
    } else {
      youngBytes -= bytes(entry);
    }
  }

  private static long bytes(UtxoEntry entry) {
    return ENTRY_BYTES
        + entry.scriptPublicKey().script().length
        + (entry.covenantId() == null ? 0 : Hash.SIZE + 8);
  }
}
