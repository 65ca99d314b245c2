package kaspeer.engine.dag;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that wait for ancestors (protocol reference 5.6). Plain state, bounded in bytes and in
 * blocks.
 *
 * <p>Every peer has a share. When all is full, what goes is the oldest block of the peer that holds
 * most of what has run out, bytes or blocks, so a peer that holds no more than its even part of
 * either never loses a block to another. Blocks of peers that are gone go first.
 */
final class OrphanPool {
  /** The owner of what departed peers left. */
  static final long NOBODY = -1;

  /**
   * What an orphan costs besides its bytes on the wire, which take about three times as much when
   * they are objects.
   */
  private static final int OVERHEAD = 1024;

  private static final int INFLATION = 3;

  /**
   * @param peerBytes most that one peer may hold, whatever is free
   */
  record Limits(long bytes, long peerBytes, int blocks) {}

  /** A block that waits. @param bytes on the wire */
  record Orphan(Block block, long origin, int bytes) {
    Hash hash() {
      return block.hash();
    }

    long cost() {
      return OVERHEAD + (long) INFLATION * bytes;
    }
  }

  private final Limits limits;
  private final Map<Hash, Orphan> orphans = new HashMap<>();

  /** Orphans by parent, whether that is in the pool or not. */
  private final Map<Hash, Set<Hash>> children = new HashMap<>();

  /** Hashes by owner, the oldest first. */
  private final Map<Long, Share> shares = new HashMap<>();

  private long bytes;

  private static final class Share {
    final LinkedHashMap<Hash, Orphan> orphans = new LinkedHashMap<>();
    long bytes;
  }

  OrphanPool(Limits limits) {
    this.limits = limits;
  }

  boolean contains(Hash hash) {
    return orphans.containsKey(hash);
  }

  int size() {
    return orphans.size();
  }

  /** An estimate of the heap they take. */
  long bytes() {
    return bytes;
  }

  /** Keeps a block. False if there is no room for it in its peer's share. */
  boolean add(Orphan orphan) {
    if (orphans.containsKey(orphan.hash())) {
      return true;
    }
    long cost = orphan.cost();
    if (cost > limits.peerBytes || cost > limits.bytes) {
      return false;
    }
    Share share = shares.computeIfAbsent(orphan.origin, _ -> new Share());
    while (share.bytes + cost > limits.peerBytes) {
      remove(share.orphans.firstEntry().getKey());
    }
    insert(orphan);
    while (bytes > limits.bytes || orphans.size() > limits.blocks) {
      evictOne();
    }
    return orphans.containsKey(orphan.hash());
  }

  private void insert(Orphan orphan) {
    orphans.put(orphan.hash(), orphan);
    Share share = shares.computeIfAbsent(orphan.origin, _ -> new Share());
    share.orphans.put(orphan.hash(), orphan);
    share.bytes += orphan.cost();
    bytes += orphan.cost();
    for (Hash parent : orphan.block.header().directParents()) {
      children.computeIfAbsent(parent, _ -> new LinkedHashSet<>()).add(orphan.hash());
    }
  }

  private void evictOne() {
    Share left = shares.get(NOBODY);
    Comparator<Share> bySize =
        orphans.size() > limits.blocks
            ? Comparator.comparingInt(share -> share.orphans.size())
            : Comparator.comparingLong(share -> share.bytes);
    Share largest = left != null ? left : shares.values().stream().max(bySize).orElseThrow();
    remove(largest.orphans.firstEntry().getKey());
  }

  @Nullable Orphan remove(Hash hash) {
    Orphan orphan = orphans.remove(hash);
    if (orphan == null) {
      return null;
    }
    bytes -= orphan.cost();
    Share share = shares.get(orphan.origin);
    if (share != null) {
      share.bytes -= orphan.cost();
      share.orphans.remove(hash);
      if (share.orphans.isEmpty()) {
        shares.remove(orphan.origin);
      }
    }
    for (Hash parent : orphan.block.header().directParents()) {
      Set<Hash> siblings = children.get(parent);
      if (siblings != null) {
        siblings.remove(hash);
        if (siblings.isEmpty()) {
          children.remove(parent);
        }
      }
    }
    return orphan;
  }

  /** A peer is gone: what it brought stays while there is room. */
  void ownerLeft(long peer) {
    Share share = shares.get(peer);
    if (share == null) {
      return;
    }
    for (Orphan orphan : List.copyOf(share.orphans.values())) {
      remove(orphan.hash());
      insert(new Orphan(orphan.block, NOBODY, orphan.bytes));
    }
  }

  /** The block of a waiting orphan, or null. */
  @Nullable Block block(Hash hash) {
    Orphan orphan = orphans.get(hash);
    return orphan == null ? null : orphan.block;
  }

  /** Takes out the children of a block that can be added now, in order of blue work. */
  List<Orphan> takeReady(Hash added, Predicate<Hash> inDag) {
    Collection<Hash> waiting = children.getOrDefault(added, Set.of());
    List<Orphan> ready = new ArrayList<>();
    for (Hash child : List.copyOf(waiting)) {
      Orphan orphan = orphans.get(child);
      if (orphan != null && orphan.block.header().directParents().stream().allMatch(inDag)) {
        remove(child);
        ready.add(orphan);
      }
    }
    ready.sort(
        Comparator.comparing((Orphan orphan) -> orphan.block.header().blueWork())
            .thenComparing(Orphan::hash));
    return ready;
  }

  /** Drops all that descends from a block that is invalid for good. Returns how many. */
  int dropDescendants(Hash invalid) {
    Deque<Hash> queue = new ArrayDeque<>();
    queue.add(invalid);
    int dropped = 0;
    while (!queue.isEmpty()) {
      for (Hash child : List.copyOf(children.getOrDefault(queue.remove(), Set.of()))) {
        if (remove(child) != null) {
          dropped++;
          queue.add(child);
        }
      }
    }
    return dropped;
  }
}
