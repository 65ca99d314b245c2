package kaspeer.consensus;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/**
 * Ids of the blocks with bodies that no other such block has as a parent.
 *
 * <p>Side blocks that came too late to be merged stay tips for ever, as in kaspad until it prunes.
 * Those without the finality point in their past, which virtual can neither follow nor merge, are
 * laid aside ({@link #layAside}), so that what is done with each block does not become more with
 * their number.
 */
final class Tips {
  /** Whether a tip can be of no use any more as long as the finality point does not go back. */
  @FunctionalInterface
  interface Past {
    boolean isPast(int tip);
  }

  private int[] ids = new int[16];
  private int size;

  /** Those laid aside, in the order in which they were. */
  private final SequencedSet<Integer> aside = new LinkedHashSet<>();

  /** Genesis. */
  Tips() {
    size = 1;
  }

  /** Those that are not laid aside. */
  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  /** The last so many of those laid aside, the last first. */
  int[] aside(int most) {
    return aside.reversed().stream().limit(most).mapToInt(Integer::intValue).toArray();
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
    if (!aside.isEmpty()) {
      for (int parent : parents) {
        aside.remove(parent);
      }
    }
    push(id);
  }

  /** Lays aside what is past. */
  void layAside(Past past) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (past.isPast(ids[i])) {
        aside.add(ids[i]);
      } else {
        ids[kept++] = ids[i];
      }
    }
    size = kept;
  }

  /** Has all those laid aside looked at again. */
  void takeBack() {
    IntStream.of(aside(aside.size())).forEach(this::push);
    aside.clear();
  }

  private void push(int id) {
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
