package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a pool and their indexes: by id, by spent output, by who builds on whom, by
 * age, by fee rate. No two spend the same output.
 */
final class Pool {
  private final Map<Hash, Entry> byId = new HashMap<>();
  private final OutpointMap<Entry> spenders = new OutpointMap<>(1024);
  private final SequencedSet<Entry> high = new LinkedHashSet<>();
  private final Set<Entry> low = new LinkedHashSet<>();
  private final TreeSet<Entry> evictable = new TreeSet<>(Entry.BY_FEE_RATE);
  private final Frontier frontier;
  private long bytes;

  /** How often the pool was brought in step with the DAG. */
  long moves;

  Pool(RandomGenerator random) {
    frontier = new Frontier(random);
  }

  @Nullable Entry get(Hash id) {
    return byId.get(id);
  }

  Set<Hash> ids() {
    return byId.keySet();
  }

  int size() {
    return byId.size();
  }

  /** Estimated bytes of heap of all entries. */
  long bytes() {
    return bytes;
  }

  /** Who spends an output, or null. */
  @Nullable Entry spender(Outpoint outpoint) {
    return spenders.get(outpoint);
  }

  /** Those of high priority. */
  SequencedSet<Entry> high() {
    return high;
  }

  /** Those of low priority, the oldest first. */
  Set<Entry> low() {
    return low;
  }

  /** Those of low priority that build on no other, the lowest fee rate first. */
  NavigableSet<Entry> evictable() {
    return evictable;
  }

  Frontier frontier() {
    return frontier;
  }

  /** An output of a transaction in the pool, or null if it has no such output. */
  static @Nullable UtxoEntry output(Entry maker, Outpoint outpoint) {
    List<Output> outputs = maker.transaction.outputs();
    return Integer.compareUnsigned(outpoint.index(), outputs.size()) < 0
        ? UtxoEntry.of(outputs.get(outpoint.index()), UtxoEntry.UNACCEPTED, false)
        : null;
  }

  /** Adds an entry that spends nothing that another spends. */
  void add(Entry entry) {
    for (Input input : entry.transaction.inputs()) {
      spenders.putIfAbsent(input.previous(), entry);
      Entry parent = byId.get(input.previous().transactionId());
      if (parent != null) {
        entry.buildsOn(parent);
      }
    }
    byId.put(entry.id(), entry);
    (entry.high ? high : low).add(entry);
    bytes += entry.bytes;
    adoptChildren(entry);
    if (entry.parents().isEmpty()) {
      enterFrontier(entry);
    }
  }

  /** After a reorganisation one may come back that others build on. */
  private void adoptChildren(Entry entry) {
    for (int i = 0; i < entry.transaction.outputs().size(); i++) {
      Entry child = spenders.get(new Outpoint(entry.id(), i));
      if (child != null) {
        leaveFrontier(child);
        child.buildsOn(entry);
      }
    }
  }

  /** Removes an entry; what builds on it stays. */
  void remove(Entry entry) {
    byId.remove(entry.id());
    (entry.high ? high : low).remove(entry);
    bytes -= entry.bytes;
    for (Input input : entry.transaction.inputs()) {
      spenders.remove(input.previous());
    }
    leaveFrontier(entry);
    for (Entry parent : List.copyOf(entry.parents())) {
      entry.partsFrom(parent);
    }
    for (Entry child : List.copyOf(entry.children())) {
      child.partsFrom(entry);
      if (child.parents().isEmpty()) {
        enterFrontier(child);
      }
    }
  }

  private void enterFrontier(Entry entry) {
    frontier.add(entry);
    if (!entry.high) {
      evictable.add(entry);
    }
  }

  private void leaveFrontier(Entry entry) {
    if (entry.place != null) {
      frontier.remove(entry);
      evictable.remove(entry);
    }
  }

  /** Returns the ids, in the order of the entries. */
  List<Hash> removeAll(Collection<Entry> entries) {
    List<Entry> order = List.copyOf(entries);
    // Mostly those that build on others first: fewer enter the frontier only to leave it.
    order.reversed().forEach(this::remove);
    List<Hash> ids = new ArrayList<>(order.size());
    order.forEach(entry -> ids.add(entry.id()));
    return ids;
  }

  /** An entry and all that builds on it, however much that is: to be removed. */
  static Set<Entry> withDescendants(Entry entry) {
    return Objects.requireNonNull(withDescendants(entry, Integer.MAX_VALUE));
  }

  /**
   * An entry and all that builds on it, or null if that takes more than {@code maxLinks} links from
   * parent to child.
   */
  static @Nullable Set<Entry> withDescendants(Entry entry, int maxLinks) {
    Set<Entry> found = new LinkedHashSet<>();
    ArrayDeque<Entry> queue = new ArrayDeque<>();
    long links = 0;
    found.add(entry);
    queue.add(entry);
    for (Entry next = queue.poll(); next != null; next = queue.poll()) {
      links += next.children().size();
      if (links > maxLinks) {
        return null;
      }
      for (Entry child : next.children()) {
        if (found.add(child)) {
          queue.add(child);
        }
      }
    }
    return found;
  }

  /**
   * All in the pool that a transaction builds on, or null if that takes more than {@code maxLinks}
   * links from child to parent.
   */
  @Nullable Set<Entry> ancestors(Transaction transaction, int maxLinks) {
    Set<Entry> found = new LinkedHashSet<>();
    ArrayDeque<Entry> queue = new ArrayDeque<>();
    int links = 0;
    for (Input input : transaction.inputs()) {
      Entry parent = byId.get(input.previous().transactionId());
      if (parent != null && found.add(parent)) {
        queue.add(parent);
        links++;
      }
    }
    for (Entry next = queue.poll(); next != null; next = queue.poll()) {
      links += next.parents().size();
      if (links > maxLinks) {
        return null;
      }
      for (Entry parent : next.parents()) {
        if (found.add(parent)) {
          queue.add(parent);
        }
      }
    }
    return found;
  }
}
