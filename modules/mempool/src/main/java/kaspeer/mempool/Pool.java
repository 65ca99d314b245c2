package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a pool and their indexes: by id, by spent output, by source and age, by who
 * builds on whom. Changed by the owner; {@link #get}, {@link #ids}, {@link #size} and {@link
 * #bytes} may be called from any thread.
 */
final class Pool {
  private final ConcurrentHashMap<Hash, Entry> byId = new ConcurrentHashMap<>();
  private final OutpointMap<Entry> spenders = new OutpointMap<>(1024);
  private final Shares shares = new Shares();
  private final AtomicLong bytes = new AtomicLong();

  @Nullable Entry get(Hash id) {
    return byId.get(id);
  }

  List<Hash> ids() {
    return List.copyOf(byId.keySet());
  }

  int size() {
    return byId.size();
  }

  long bytes() {
    return bytes.get();
  }

  /** Who spends an output, or null. */
  @Nullable Entry spender(Outpoint outpoint) {
    return spenders.get(outpoint);
  }

  Shares shares() {
    return shares;
  }

  /** Adds an entry whose parents are set, and which spends nothing that another spends. */
  void add(Entry entry) {
    entry.parents.forEach(parent -> parent.children.add(entry));
    adoptChildren(entry);
    for (Input input : entry.transaction.inputs()) {
      spenders.putIfAbsent(input.previous(), entry);
    }
    shares.add(entry);
    bytes.addAndGet(entry.bytes);
    byId.put(entry.id(), entry);
  }

  /** Some that build on the newcomer may have come before it. */
  private void adoptChildren(Entry entry) {
    for (int i = 0; i < entry.transaction.outputs().size(); i++) {
      Entry child = spenders.get(new Outpoint(entry.id(), i));
      if (child != null) {
        child.parents.add(entry);
        entry.children.add(child);
      }
    }
  }

  /** Removes an entry; what builds on it stays. */
  void remove(Entry entry) {
    byId.remove(entry.id());
    shares.remove(entry);
    for (Input input : entry.transaction.inputs()) {
      spenders.remove(input.previous());
    }
    entry.parents.forEach(parent -> parent.children.remove(entry));
    entry.children.forEach(child -> child.parents.remove(entry));
    bytes.addAndGet(-entry.bytes);
  }

  /** Returns the ids, in the order of the entries. */
  List<Hash> removeAll(Set<Entry> entries) {
    List<Hash> ids = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      remove(entry);
      ids.add(entry.id());
    }
    return ids;
  }

  /** An entry and all that builds on it. */
  static Set<Entry> withDescendants(Entry entry) {
    Set<Entry> found = new LinkedHashSet<>();
    ArrayDeque<Entry> queue = new ArrayDeque<>();
    found.add(entry);
    queue.add(entry);
    for (Entry next = queue.poll(); next != null; next = queue.poll()) {
      for (Entry child : next.children) {
        if (found.add(child)) {
          queue.add(child);
        }
      }
    }
    return found;
  }

  /**
   * All that an entry builds on, or null if that takes more than {@code maxLinks} links from child
   * to parent.
   */
  static @Nullable Set<Entry> ancestors(Entry entry, int maxLinks) {
    Set<Entry> found = new LinkedHashSet<>();
    ArrayDeque<Entry> queue = new ArrayDeque<>();
    queue.add(entry);
    int links = 0;
    for (Entry next = queue.poll(); next != null; next = queue.poll()) {
      links += next.parents.size();
      if (links > maxLinks) {
        return null;
      }
      for (Entry parent : next.parents) {
        if (found.add(parent)) {
          queue.add(parent);
        }
      }
    }
    return found;
  }
}
