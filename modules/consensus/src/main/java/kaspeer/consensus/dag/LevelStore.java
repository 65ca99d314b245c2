package kaspeer.consensus.dag;

import java.util.Arrays;
import kaspeer.consensus.DagCapacityException;

/**
 * The parents of stored blocks at levels above 0 (consensus reference 3.6). A block's levels are a
 * chain of nodes, each a set of ids that holds up to some level. High levels hardly change from
 * block to block, so chains share their upper part: a block costs a few nodes rather than 250
 * lists, and equal parts are known as equal by their node's number.
 */
final class LevelStore {
  /** The node that ends every chain: genesis alone, at all levels from there on. */
  static final int GENESIS_ONLY = 0;

  private static final int INTERNED = 1 << 14;

  /** As long as an array of Java's can be. */
  private static final int MAX_NODES = Integer.MAX_VALUE - 8;

  private final IntPool pool = new IntPool();
  private int count;
  private short[] end = new short[256];
  private int[] next = new int[256];
  private int[] set = new int[256];
  private int[] heads = new int[0];

  /** Recent nodes by the hash of their content; 0 is free. */
  private final int[] interned = new int[INTERNED];

  LevelStore() {
    append(Short.MAX_VALUE, Blocks.NONE, new int[] {0}, 0, 1);
  }

  void ensure(int capacity) {
    if (capacity > heads.length) {
      heads = Arrays.copyOf(heads, capacity);
    }
  }

  int count() {
    return count;
  }

  /** The node that holds a block's parents at level 1. */
  int head(int id) {
    return heads[id];
  }

  void setHead(int id, int node) {
    heads[id] = node;
  }

  /** The first level at which the node no longer holds. */
  int end(int node) {
    return end[node];
  }

  int next(int node) {
    return next[node];
  }

  int size(int node) {
    return pool.array(set[node])[IntPool.offset(set[node])];
  }

  /** The array in which the node's ids lie, ascending, from {@link #offset} on. */
  int[] array(int node) {
    return pool.array(set[node]);
  }

  int offset(int node) {
    return IntPool.offset(set[node]) + 1;
  }

  /** A node of this content: an earlier one, if it is remembered, or a new one. */
  int node(int nodeEnd, int nodeNext, int[] ids, int from, int length) {
    int hash = 31 * nodeEnd + nodeNext;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + ids[i];
    }
    int slot = hash * 0x9E3779B9 >>> (32 - Integer.numberOfTrailingZeros(INTERNED));
    int known = interned[slot];
    if (known != 0
        && end[known] == nodeEnd
        && next[known] == nodeNext
        && hasSet(known, ids, from, length)) {
      return known;
    }
    int node = append(nodeEnd, nodeNext, ids, from, length);
    interned[slot] = node;
    return node;
  }

  boolean hasSet(int node, int[] ids, int from, int length) {
    int[] array = array(node);
    int offset = offset(node);
    return size(node) == length
        && Arrays.equals(array, offset, offset + length, ids, from, from + length);
  }

  private static int widened(int full) {
    if (full == MAX_NODES) {
      throw new DagCapacityException(full + " sets of parents at levels");
    }
    return (int) Math.min(MAX_NODES, 3L * full / 2);
  }

  /** Adds a node without looking for an equal one. */
  int append(int nodeEnd, int nodeNext, int[] ids, int from, int length) {
    if (count == end.length) {
      int capacity = widened(count);
      end = Arrays.copyOf(end, capacity);
      next = Arrays.copyOf(next, capacity);
      set = Arrays.copyOf(set, capacity);
    }
    int address = pool.allocate(length + 1);
    int[] array = pool.array(address);
    int offset = IntPool.offset(address);
    array[offset] = length;
    System.arraycopy(ids, from, array, offset + 1, length);
    end[count] = (short) nodeEnd;
    next[count] = nodeNext;
    set[count] = address;
    return count++;
  }

  /** Bytes held. */
  long bytes() {
    return pool.bytes() + 10L * end.length + 4L * heads.length + 4L * INTERNED;
  }
}
