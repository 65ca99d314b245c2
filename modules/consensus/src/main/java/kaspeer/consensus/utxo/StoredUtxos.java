package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagStore;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * The UTXO set as it was last committed, read through a cache. Safe from any thread; whoever reads
 * while the committer commits sees some outputs from before and some from after.
 */
public final class StoredUtxos implements UtxoView {
  private final DagStore store;
  private final UtxoCache cache;

  /**
   * @param cacheBytes of heap for entries
   */
  public StoredUtxos(DagStore store, long cacheBytes) {
    this.store = store;
    this.cache = new UtxoCache(cacheBytes);
  }

  @Override
  public @Nullable UtxoEntry get(Outpoint outpoint) {
    UtxoEntry entry = cache.get(outpoint);
    if (entry == null) {
      entry = store.utxo(outpoint);
      if (entry != null) {
        cache.put(outpoint, entry);
      }
    }
    return entry;
  }

  /** The entry if it is in the cache. */
  @Nullable UtxoEntry cached(Outpoint outpoint) {
    return cache.get(outpoint);
  }

  /** Reads many at once, past the cache. */
  List<@Nullable UtxoEntry> read(List<Outpoint> outpoints) {
    return outpoints.isEmpty() ? new ArrayList<>() : store.utxos(outpoints);
  }

  /** Notes what was committed. */
  void committed(UtxoDiff diff) {
    diff.forEachRemoved((outpoint, entry) -> cache.remove(outpoint));
    diff.forEachAdded(cache::put);
  }
}
