package kaspeer.flows.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Blocks to be had from a peer, on their way to being asked for: gathered, looked up in the DAG in
 * batches, announced to the relay, permitted by it. Bounded at every stage; belongs to its flow's
 * actor.
 */
final class InvPipeline {
  /**
   * Most missing ancestors that wait for their turn; those beyond are found again through their
   * descendants.
   */
  private static final int MAX_GATHERED = 1024;

  /**
   * Most blocks that wait for a permit; of those forgotten a permit may still come, and be used.
   */
  private static final int MAX_ANNOUNCED = 4096;

  private final Deque<Inv> gathered = new ArrayDeque<>();
  private final Map<Hash, Inv> inWork = new HashMap<>();
  private final LinkedHashMap<Hash, Inv> permitted = new LinkedHashMap<>();
  private boolean queried;

  @SuppressWarnings("serial") // Never written anywhere.
  private final LinkedHashMap<Hash, Inv> announced =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, Inv> eldest) {
          return size() > MAX_ANNOUNCED;
        }
      };

  /** Puts a block in. False if there is no room; one that is in already is fine. */
  boolean add(Inv inv) {
    if (inWork.containsKey(inv.hash()) || permitted.containsKey(inv.hash())) {
      return true;
    }
    if (gathered.size() >= MAX_GATHERED) {
      return false;
    }
    inWork.put(inv.hash(), inv);
    if (inv.direct()) {
      gathered.addLast(inv);
    } else {
      // Ancestors first: what waits for them is here already.
      gathered.addFirst(inv);
    }
    return true;
  }

  /** The next blocks to look up in the DAG, unless a look-up is under way or there are none. */
  @Nullable List<Hash> nextQuery() {
    if (queried || gathered.isEmpty()) {
      return null;
    }
    List<Hash> hashes = new ArrayList<>(Math.min(gathered.size(), Dag.MAX_LOOKED_UP));
    while (hashes.size() < Dag.MAX_LOOKED_UP && !gathered.isEmpty()) {
      hashes.add(gathered.removeFirst().hash());
    }
    queried = true;
    return hashes;
  }

  /** The look-up is over. */
  void endQuery() {
    queried = false;
  }

  /** A block that was looked up, taken out; null if there is none. */
  @Nullable Inv takeLookedUp(Hash hash) {
    return inWork.remove(hash);
  }

  /** It is announced to the relay, and waits for a permit. */
  void announce(Inv inv) {
    announced.remove(inv.hash());
    announced.put(inv.hash(), inv);
  }

  /** The relay permits it. */
  void permit(Hash hash) {
    Inv inv = announced.remove(hash);
    permitted.put(hash, inv == null ? Inv.announced(hash) : inv);
  }

  /** The block longest permitted, taken out; null if there is none. */
  @Nullable Inv takePermitted() {
    Map.Entry<Hash, Inv> first = permitted.pollFirstEntry();
    return first == null ? null : first.getValue();
  }

  /** Blocks that are neither waiting for a permit nor taken out. */
  int size() {
    return inWork.size() + permitted.size();
  }
}
