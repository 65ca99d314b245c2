package kaspeer.consensus.utxo;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import kaspeer.consensus.DagStore;
import kaspeer.crypto.MuHash;
import kaspeer.primitives.Hash;

/**
 * Hashes the stored UTXO set entry by entry, as a check of what is stored. Takes some microseconds
 * for each, spread over the workers; the set of a large network takes minutes.
 */
final class StoredSetHash {
  private static final Logger LOG = System.getLogger(StoredSetHash.class.getName());
  private static final int CHUNK_ENTRIES = 20_000;

  private final Workers workers;
  private final MuHash product = new MuHash();
  private UtxoDiff chunk = new UtxoDiff();
  private long entries;

  private StoredSetHash(Workers workers) {
    this.workers = workers;
  }

  static Hash of(DagStore store, Workers workers) {
    long start = System.nanoTime();
    LOG.log(Level.INFO, "a block does not fit the UTXO set: checking the stored set");
    StoredSetHash all = new StoredSetHash(workers);
    store.forEachUtxo(
        (outpoint, entry) -> {
          all.chunk.add(outpoint, entry);
          if (all.chunk.size() == CHUNK_ENTRIES) {
            all.multiply();
          }
        });
    all.multiply();
    LOG.log(
        Level.INFO,
        "the stored set of {0} entries was checked in {1} ms",
        all.entries,
        (System.nanoTime() - start) / 1_000_000);
    return all.product.hash();
  }

  private void multiply() {
    MultisetChange change = new MultisetChange(chunk);
    workers.run(change.parts());
    product.combine(change.result());
    entries += chunk.size();
    chunk = new UtxoDiff();
  }
}
