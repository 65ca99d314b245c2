package kaspeer.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests and tools. It keeps its content when closed, so that opening a
 * {@link Consensus} on it again is what a restart is elsewhere.
 */
public final class MemoryDagStore implements DagStore {
  private record Row(Header header, byte[] dagData) {}

  private final List<Row> headers = new ArrayList<>();
  private final Map<Integer, List<Transaction>> bodies = new HashMap<>();
  private final Set<Hash> invalid = new LinkedHashSet<>();
  private final Map<Integer, ChainBlock> chainBlocks = new HashMap<>();
  private final Set<Integer> disqualified = new LinkedHashSet<>();
  private final Map<Outpoint, UtxoEntry> utxos = new HashMap<>();
  private final Map<Hash, StoredLane> lanes = new HashMap<>();
  private @Nullable Position position;

  /**
   * @throws IllegalArgumentException if ids do not follow upon each other, a body has no header, or
   *     a block without a body qualified or not; nothing is applied
   */
  @Override
  public synchronized void commit(List<Change> changes) {
    check(changes);
    for (Change change : changes) {
      switch (change) {
        case Change.HeaderAdded(int id, Header header, byte[] data) ->
            headers.add(new Row(header, data));
        case Change.BodyAdded(int id, List<Transaction> transactions) ->
            bodies.put(id, List.copyOf(transactions));
        case Change.Invalidated(Hash hash, int id) -> invalid.add(hash);
        case Change.Qualified(int id, ChainBlock chainBlock) -> chainBlocks.put(id, chainBlock);
        case Change.Disqualified(int id) -> disqualified.add(id);
        case Change.Moved moved -> move(moved);
      }
    }
  }

  private void check(List<Change> changes) {
    int next = headers.size();
    Set<Integer> newBodies = new LinkedHashSet<>();
    for (Change change : changes) {
      switch (change) {
        case Change.HeaderAdded added -> {
          if (added.id() != next) {
            throw new IllegalArgumentException(
                "header " + added.id() + " where " + next + " is next");
          }
          next++;
        }
        case Change.BodyAdded(int id, List<Transaction> transactions) -> {
          if (id < 0 || id >= next) {
            throw new IllegalArgumentException("body " + id + " without a header");
          }
          newBodies.add(id);
        }
        case Change.Invalidated invalidated -> {}
        case Change.Qualified qualified -> requireBody(qualified.id(), newBodies);
        case Change.Disqualified(int id) -> requireBody(id, newBodies);
        case Change.Moved moved -> {}
      }
    }
  }

  private void requireBody(int id, Set<Integer> newBodies) {
    if (!bodies.containsKey(id) && !newBodies.contains(id)) {
      throw new IllegalArgumentException("block " + id + " has no body");
    }
  }

  private void move(Change.Moved moved) {
    position = moved.position();
    moved.utxos().forEachRemoved((outpoint, entry) -> utxos.remove(outpoint));
    moved.utxos().forEachAdded(utxos::put);
    moved.expiredLanes().forEach(lanes::remove);
    moved.lanes().forEach(lane -> lanes.put(lane.key(), lane));
  }

  @Override
  public synchronized void forEachHeader(HeaderVisitor visitor) {
    for (int id = 0; id < headers.size(); id++) {
      Row row = headers.get(id);
      visitor.visit(new StoredHeader(id, row.header, row.dagData, status(id)));
    }
  }

  private BlockStatus status(int id) {
    if (disqualified.contains(id)) {
      return BlockStatus.DISQUALIFIED_FROM_CHAIN;
    }
    if (chainBlocks.containsKey(id)) {
      return BlockStatus.UTXO_VALID;
    }
    return bodies.containsKey(id) ? BlockStatus.BODY : BlockStatus.HEADER_ONLY;
  }

  @Override
  public synchronized List<Hash> invalidHashes() {
    return List.copyOf(invalid);
  }

  @Override
  public synchronized Header header(int id) {
    return headers.get(id).header;
  }

  @Override
  public synchronized @Nullable List<Transaction> body(int id) {
    return bodies.get(id);
  }

  @Override
  public synchronized @Nullable Position position() {
    return position;
  }

  @Override
  public synchronized byte @Nullable [] delta(int id) {
    ChainBlock block = chainBlocks.get(id);
    return block == null ? null : block.delta();
  }

  @Override
  public synchronized byte @Nullable [] multiset(int id) {
    ChainBlock block = chainBlocks.get(id);
    return block == null ? null : block.multiset();
  }

  @Override
  public synchronized byte @Nullable [] acceptance(int id) {
    ChainBlock block = chainBlocks.get(id);
    return block == null ? null : block.acceptance();
  }

  @Override
  public synchronized @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return utxos.get(outpoint);
  }

  @Override
  public synchronized List<@Nullable UtxoEntry> utxos(List<Outpoint> outpoints) {
    List<@Nullable UtxoEntry> found = new ArrayList<>(outpoints.size());
    for (Outpoint outpoint : outpoints) {
      found.add(utxos.get(outpoint));
    }
    return found;
  }

  @Override
  public synchronized void forEachUtxo(BiConsumer<Outpoint, UtxoEntry> visitor) {
    utxos.forEach(visitor);
  }

  @Override
  public synchronized void forEachLane(LaneVisitor visitor) {
    lanes.values().forEach(visitor::visit);
  }

  @Override
  public void close() {
    // Its content is its memory; there is nothing to give back.
  }
}
