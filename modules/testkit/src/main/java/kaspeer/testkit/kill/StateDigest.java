package kaspeer.testkit.kill;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import kaspeer.consensus.DagReader;
import kaspeer.consensus.DagStore;
import kaspeer.crypto.MuHash;
import kaspeer.crypto.UtxoElement;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.storage.RocksDagStore;
import kaspeer.storage.StoreOptions;

/**
 * What a data directory holds of the chain's state, read from its records alone: two nodes that
 * know the same blocks have equal ones, whatever the ids of their blocks and the order in which
 * they came.
 *
 * @param sink the block after which the UTXO set and the lanes are
 * @param commitment to the UTXO set, in the sink's header
 * @param multiset hash of the multiset that is stored for the sink
 * @param utxos hash of the multiset of all entries there are
 * @param utxoCount number of entries
 * @param lanes by their keys
 * @param tips hashes of blocks with bodies that are no parents of such blocks
 */
public record StateDigest(
    String sink,
    Hash commitment,
    Hash multiset,
    Hash utxos,
    long utxoCount,
    Map<String, DagStore.StoredLane> lanes,
    Set<String> tips) {
  public StateDigest {
    lanes = Map.copyOf(lanes);
    tips = Set.copyOf(tips);
  }

  /** Reads the data directory of a node that is not running. */
  public static StateDigest of(Path dataDirectory, Params params) {
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(dataDirectory, params))) {
      return of(store);
    }
  }

  /** Reads a store with UTXO state. */
  public static StateDigest of(DagStore store) {
    DagStore.Position position =
        Objects.requireNonNull(store.position(), "the store has no UTXO state");
    MuHash table = new MuHash();
    long[] entries = {0};
    store.forEachUtxo(
        (outpoint, entry) -> {
          table.add(UtxoElement.bytes(outpoint, entry));
          entries[0]++;
        });
    Map<String, DagStore.StoredLane> lanes = new TreeMap<>();
    store.forEachLane(lane -> lanes.put(lane.key().toString(), lane));
    byte[] multiset =
        Objects.requireNonNull(store.multiset(position.block()), "the sink has no multiset");
    return new StateDigest(
        store.header(position.block()).hash().toString(),
        store.header(position.block()).utxoCommitment(),
        MuHash.decode(multiset).hash(),
        table.hash(),
        entries[0],
        lanes,
        tips(store));
  }

  private static Set<String> tips(DagStore store) {
    Set<Hash> tips = new HashSet<>();
    store.forEachHeader(
        stored -> {
          if (stored.id() == DagReader.GENESIS || stored.hasBody()) {
            stored.header().directParents().forEach(tips::remove);
            tips.add(stored.header().hash());
          }
        });
    Set<String> texts = new TreeSet<>();
    tips.forEach(tip -> texts.add(tip.toString()));
    return texts;
  }

  /**
   * Table, stored multiset and the sink's header say the same of the UTXO set.
   *
   * @throws AssertionError if they do not
   */
  public StateDigest assertSound() {
    same("multiset stored for " + sink, multiset);
    same("the " + utxoCount + " entries after " + sink, utxos);
    return this;
  }

  private void same(String what, Hash found) {
    if (!found.equals(commitment)) {
      throw new AssertionError(what + ": " + found + ", where the header commits to " + commitment);
    }
  }
}
