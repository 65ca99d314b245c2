package kaspeer.consensus.dag;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.ParentsByLevel;

/**
 * The parents of a new block at every level (consensus reference 3.6): at level l, those blocks of
 * level l or higher in its past that no other such block has in its past.
 *
 * <p>This node knows every header from genesis on. A valid header's indirect parents are computed
 * from known blocks, so they are known themselves, and the rule's provisions for grandparents
 * without reachability data never apply; nor does the order of direct parents matter, which decides
 * there which of them may name such blocks.
 */
final class LevelParents {
  private final Blocks blocks;
  private final Reachability reachability;
  private final LevelStore store;
  private final int maxLevel;

  /** For each direct parent the node that holds at the present level. */
  private int[] cursors = new int[16];

  private int[] set = new int[64];
  private int setSize;

  LevelParents(Blocks blocks, Reachability reachability, LevelStore store, int maxLevel) {
    this.blocks = blocks;
    this.reachability = reachability;
    this.store = store;
    this.maxLevel = maxLevel;
  }

  /** Fills in the levels above 0. Level 0 is the list of direct parents. */
  void compute(NextBlock next) {
    LevelRuns runs = next.levels;
    runs.clear();
    int n = next.parentCount;
    if (n > cursors.length) {
      cursors = new int[2 * n];
    }
    for (int i = 0; i < n; i++) {
      cursors[i] = store.head(next.parents[i]);
    }
    int level = 1;
    while (level <= maxLevel) {
      int end = advance(next, level);
      // No direct parent is of this level, and all have the same parents from here on.
      if (end < 0) {
        runs.tail = cursors[0];
        return;
      }
      collect(next, level);
      if (setSize == 1 && set[0] == Blocks.GENESIS) {
        return; // genesis alone is implied from here on
      }
      Arrays.sort(set, 0, setSize);
      runs.add(end, set, setSize);
      level = end;
    }
  }

  /**
   * Moves the cursors to a level; answers the next level at which anything changes, or -1 if all
   * ways are one.
   */
  private int advance(NextBlock next, int level) {
    int end = maxLevel + 1;
    boolean same = true;
    for (int i = 0; i < next.parentCount; i++) {
      while (store.end(cursors[i]) <= level) {
        cursors[i] = store.next(cursors[i]);
      }
      int own = blocks.level(next.parents[i]);
      end = Math.min(end, own >= level ? own + 1 : store.end(cursors[i]));
      same &= own < level && cursors[i] == cursors[0];
    }
    return same ? -1 : end;
  }

  /**
   * The direct parents of the level and the parents at that level of the other ones, without those
   * in another's past.
   */
  private void collect(NextBlock next, int level) {
    setSize = 0;
    for (int i = 0; i < next.parentCount; i++) {
      if (blocks.level(next.parents[i]) >= level) {
        add(next.parents[i]);
      }
    }
    for (int i = 0; i < next.parentCount; i++) {
      if (blocks.level(next.parents[i]) < level && isFirst(next, i, level)) {
        int[] array = store.array(cursors[i]);
        int offset = store.offset(cursors[i]);
        int size = store.size(cursors[i]);
        for (int j = offset; j < offset + size; j++) {
          merge(array[j]);
        }
      }
    }
  }

  /** Whether no earlier parent brought in the same node. */
  private boolean isFirst(NextBlock next, int index, int level) {
    for (int i = 0; i < index; i++) {
      if (cursors[i] == cursors[index] && blocks.level(next.parents[i]) < level) {
        return false;
      }
    }
    return true;
  }

  private void merge(int block) {
    int kept = 0;
    for (int i = 0; i < setSize; i++) {
      int other = set[i];
      if (kept == i && reachability.isDagAncestor(block, other)) {
        return; // nothing was dropped for it: what it replaced could not be below this one
      }
      if (!reachability.isDagAncestor(other, block)) {
        set[kept++] = other;
      }
    }
    setSize = kept;
    add(block);
  }

  private void add(int block) {
    if (setSize == set.length) {
      set = Arrays.copyOf(set, 2 * setSize);
    }
    set[setSize++] = block;
  }

  // --- comparing, storing, writing out --------------------------------------------------------

  /** Whether a header states these parents; within a level above 0 the order is free. */
  boolean matches(NextBlock next, ParentsByLevel stated) {
    List<ParentsByLevel.Run> runs = stated.runs();
    if (runs.isEmpty() || !sameSet(runs.getFirst().parents(), next.parents, 0, next.parentCount)) {
      return false;
    }
    int run = 0;
    int level = 1;
    for (int own = 0; own < next.levels.count; own++) {
      int from = next.levels.from[own];
      int length = next.levels.from[own + 1] - from;
      while (level < next.levels.end[own]) {
        while (run < runs.size() && runs.get(run).endLevel() <= level) {
          run++;
        }
        if (run == runs.size()
            || !sameSet(runs.get(run).parents(), next.levels.ids, from, length)) {
          return false;
        }
        level = Math.min(next.levels.end[own], runs.get(run).endLevel());
      }
    }
    for (int node = next.levels.tail; node != LevelStore.GENESIS_ONLY; node = store.next(node)) {
      while (level < store.end(node)) {
        while (run < runs.size() && runs.get(run).endLevel() <= level) {
          run++;
        }
        if (run == runs.size()
            || !sameSet(
                runs.get(run).parents(), store.array(node), store.offset(node), store.size(node))) {
          return false;
        }
        level = Math.min(store.end(node), runs.get(run).endLevel());
      }
    }
    return stated.levels() == level;
  }

  private boolean sameSet(List<Hash> stated, int[] ids, int from, int length) {
    if (stated.size() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      boolean found = false;
      for (int j = 0; j < length && !found; j++) {
        found = blocks.hasHash(ids[from + i], stated.get(j));
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  /** Stores the levels; answers the block's first node. */
  int store(NextBlock next) {
    LevelRuns runs = next.levels;
    int node = runs.tail;
    for (int run = runs.count - 1; run >= 0; run--) {
      int from = runs.from[run];
      int length = runs.from[run + 1] - from;
      if (node == LevelStore.GENESIS_ONLY || !store.hasSet(node, runs.ids, from, length)) {
        node = store.node(runs.end[run], node, runs.ids, from, length);
      }
    }
    return node;
  }

  /** The levels as a header states them. */
  ParentsByLevel toParentsByLevel(NextBlock next) {
    List<ParentsByLevel.Run> runs = new ArrayList<>();
    runs.add(new ParentsByLevel.Run(1, hashes(next.parents, 0, next.parentCount)));
    int[] before = Arrays.copyOf(next.parents, next.parentCount);
    Arrays.sort(before);
    LevelRuns own = next.levels;
    for (int i = 0; i < own.count; i++) {
      before =
          append(
              runs, before, own.end[i], Arrays.copyOfRange(own.ids, own.from[i], own.from[i + 1]));
    }
    for (int node = own.tail; node != LevelStore.GENESIS_ONLY; node = store.next(node)) {
      int offset = store.offset(node);
      before =
          append(
              runs,
              before,
              store.end(node),
              Arrays.copyOfRange(store.array(node), offset, offset + store.size(node)));
    }
    return new ParentsByLevel(runs);
  }

  private int[] append(List<ParentsByLevel.Run> runs, int[] before, int end, int[] ids) {
    List<Hash> parents =
        Arrays.equals(before, ids) ? runs.removeLast().parents() : hashes(ids, 0, ids.length);
    runs.add(new ParentsByLevel.Run(end, parents));
    return ids;
  }

  private List<Hash> hashes(int[] ids, int from, int length) {
    List<Hash> hashes = new ArrayList<>(length);
    for (int i = from; i < from + length; i++) {
      hashes.add(blocks.hash(ids[i]));
    }
    return hashes;
  }
}
