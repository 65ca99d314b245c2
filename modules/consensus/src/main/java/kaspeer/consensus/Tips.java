package kaspeer.consensus;

import java.util.Arrays;

/** Ids of the blocks with bodies that no other such block has as a parent. */
final class Tips {
  private int[] ids = new int[16];
  private int size;

  /** Genesis. */
  Tips() {
    size = 1;
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  /** Takes a block in, and its parents out. */
  void add(int id, int[] parents) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!contains(parents, ids[i])) {
        ids[kept++] = ids[i];
      }
    }
    size = kept;
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  private static boolean contains(int[] ids, int id) {
    for (int other : ids) {
      if (other == id) {
        return true;
      }
    }
    return false;
  }
}
