package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * The intervals of a tree's nodes, and how they are shared out (consensus reference 4). A node owns
 * [start, end] of unsigned 64-bit numbers; {@code end} is its own number, its children's intervals
 * lie disjoint and in order within [start, end - 1]. One node is below another one iff its number
 * lies in the other's interval.
 *
 * <p>Sizes are unsigned differences; an empty interval has {@code end == start - 1}.
 */
final class Intervals {
  /**
   * Share of a node's free room that its children leave for others to come: a 2^-20th. So little
   * that a chain of a million blocks still has room at its end, and nothing where room is scarce.
   */
  private static final int RESERVE_SHIFT = 20;

  /** A child beside others gets this share of what is left: a 16th, so that hundreds find room. */
  private static final int SIBLING_SHIFT = 4;

  /** Largest weight of a child in sharing out free room; all others are smaller powers of two. */
  private static final int LOG_MAX_WEIGHT = 20;

  /** Start and end side by side, so that a query touches one cache line per node. */
  private long[] bounds = new long[0];

  private int[] parent = new int[0];
  private final IntLists children = new IntLists();

  /** Sizes of subtrees that the present operation has counted; 0 elsewhere. */
  private int[] subtree = new int[0];

  private int[] queue = new int[64];
  private int[] counted = new int[64];
  private int countedSize;

  void ensure(int capacity) {
    if (capacity > parent.length) {
      int room = Math.min(Blocks.MAX_BLOCKS, Math.max(256, capacity + (capacity >> 1)));
      bounds = Arrays.copyOf(bounds, 2 * room);
      parent = Arrays.copyOf(parent, room);
      subtree = Arrays.copyOf(subtree, room);
      children.ensure(room);
    }
  }

  long start(int id) {
    return bounds[2 * id];
  }

  long end(int id) {
    return bounds[2 * id + 1];
  }

  void set(int id, long start, long end) {
    bounds[2 * id] = start;
    bounds[2 * id + 1] = end;
  }

  long size(int id) {
    return end(id) + 1 - start(id);
  }

  int parent(int id) {
    return parent[id];
  }

  IntLists children() {
    return children;
  }

  /** Makes {@code id} the last child of a node; it has no interval yet. */
  void attach(int id, int to) {
    parent[id] = to;
    if (to != Blocks.NONE) {
      children.add(to, id);
    }
  }

  /** Whether {@code a} is {@code b} or above it. */
  boolean contains(int a, int b) {
    long start = start(a);
    return Long.compareUnsigned(end(b) - start, end(a) - start) <= 0;
  }

  /** Where the free room after a node's last child begins; it ends before the node's own number. */
  long freeFrom(int id) {
    return children.size(id) == 0 ? start(id) : end(children.last(id)) + 1;
  }

  /** How much of free room a new child gets: nearly all if it is the first, for chains go on. */
  long shareOf(long room, boolean first) {
    return first ? room - (room >>> RESERVE_SHIFT) : Math.max(1, room >>> SIBLING_SHIFT);
  }

  /** Free room before the first child, or after the last one; the node has children. */
  long gap(int id, boolean before) {
    return before ? start(children.get(id, 0)) - start(id) : end(id) - 1 - end(children.last(id));
  }

  /**
   * The index in a list, ordered by interval, of the node that contains {@code id}, or -1 - i where
   * i is the index at which it would have to be inserted.
   */
  int search(IntLists lists, int list, int id) {
    long number = end(id);
    int low = 0;
    int high = lists.size(list);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(start(lists.get(list, middle)), number) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && contains(lists.get(list, low - 1), id) ? low - 1 : -1 - low;
  }

  /** The child of {@code ancestor} that is {@code descendant} or above it. */
  int childTowards(int descendant, int ancestor) {
    int index = search(children, ancestor, descendant);
    if (index < 0) {
      throw new IllegalStateException("block " + ancestor + " is not above block " + descendant);
    }
    return children.get(ancestor, index);
  }

  // --- reindexing -----------------------------------------------------------------------------

  /** Number of nodes from this one on up. Kept until {@link #forgetCounts}. */
  int count(int root) {
    if (subtree[root] != 0) {
      return subtree[root];
    }
    int from = countedSize;
    noteCounted(root);
    for (int i = from; i < countedSize; i++) {
      int node = counted[i];
      int n = children.size(node);
      for (int c = 0; c < n; c++) {
        int child = children.get(node, c);
        if (subtree[child] == 0) {
          noteCounted(child);
        }
      }
    }
    for (int i = countedSize - 1; i >= from; i--) {
      int node = counted[i];
      int n = children.size(node);
      int sum = 1;
      for (int c = 0; c < n; c++) {
        sum += subtree[children.get(node, c)];
      }
      subtree[node] = sum;
    }
    return subtree[root];
  }

  private void noteCounted(int node) {
    if (countedSize == counted.length) {
      counted = Arrays.copyOf(counted, 2 * countedSize);
    }
    counted[countedSize++] = node;
  }

  void forgetCounts() {
    for (int i = 0; i < countedSize; i++) {
      subtree[counted[i]] = 0;
    }
    countedSize = 0;
  }

  /** Shares a node's interval out to everything above it. */
  void propagate(int root) {
    count(root);
    int size = 0;
    queue[size++] = root;
    for (int i = 0; i < size; i++) {
      int node = queue[i];
      int n = children.size(node);
      if (n == 0) {
        continue;
      }
      shareOut(node, n);
      if (size + n > queue.length) {
        queue = Arrays.copyOf(queue, Math.max(2 * queue.length, size + n));
      }
      for (int c = 0; c < n; c++) {
        queue[size++] = children.get(node, c);
      }
    }
  }

  /**
   * Each child gets the size of its subtree, and of what is left a share that grows exponentially
   * with it: in GHOSTDAG the largest subtree is the one that goes on growing.
   */
  private void shareOut(int node, int n) {
    long sum = 0;
    int largest = 0;
    for (int c = 0; c < n; c++) {
      int nodes = subtree[children.get(node, c)];
      sum += nodes;
      largest = Math.max(largest, nodes);
    }
    long room = end(node) - start(node) - sum;
    room -= room >>> RESERVE_SHIFT;
    long weights = 0;
    for (int c = 0; c < n; c++) {
      weights += weight(largest - subtree[children.get(node, c)]);
    }
    long share = Long.divideUnsigned(room, weights);
    long rest = Long.remainderUnsigned(room, weights);
    long from = start(node);
    for (int c = 0; c < n; c++) {
      int child = children.get(node, c);
      long weight = weight(largest - subtree[child]);
      long to = from + subtree[child] + share * weight + rest * weight / weights - 1;
      set(child, from, to);
      from = to + 1;
    }
  }

  private static long weight(int deficit) {
    return 1L << Math.max(0, LOG_MAX_WEIGHT - deficit);
  }

  /**
   * Packs the children from index {@code from} to {@code to} - 1 without gaps, beginning at {@code
   * at}.
   */
  void pack(int node, int from, int to, long at) {
    for (int c = from; c < to; c++) {
      int child = children.get(node, c);
      set(child, at, at + count(child) - 1);
      propagate(child);
      at += count(child);
    }
  }

  /** Number of nodes in the subtrees of the children from index {@code from} to {@code to} - 1. */
  long countChildren(int node, int from, int to) {
    long sum = 0;
    for (int c = from; c < to; c++) {
      sum += count(children.get(node, c));
    }
    return sum;
  }

  /** Bytes held. */
  long bytes() {
    return 24L * parent.length + children.bytes();
  }
}
