package kaspeer.consensus.dag;

import java.util.Arrays;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.CompactTarget;

/**
 * Selected parent, mergeset, colours, blue score and blue work of a new block (consensus reference
 * 3.2).
 */
final class Ghostdag {
  private static final int PAST = 0;
  private static final int MERGED = 1;

  private final Blocks blocks;
  private final Reachability reachability;
  private final int k;
  private final int mergesetBound;

  private final IntMap seen = new IntMap();

  /**
   * Blue anticone sizes that differ, from the new block's view, from what earlier chain blocks
   * stored.
   */
  private final IntMap sizes = new IntMap();

  private int[] touched = new int[32];
  private int[] touchedSizes = new int[32];
  private int touchedCount;

  /**
   * @param mergesetBound how many merged blocks are collected before it is given up
   */
  Ghostdag(Blocks blocks, Reachability reachability, int k, int mergesetBound) {
    this.blocks = blocks;
    this.reachability = reachability;
    this.k = k;
    this.mergesetBound = mergesetBound;
  }

  void compute(NextBlock next) {
    compute(next, mergesetBound);
  }

  /**
   * Gives up, with nothing coloured, where the mergeset without its selected parent has more than
   * so many blocks: colouring is most of the work where branches are long.
   */
  void compute(NextBlock next, int bound) {
    selectParent(next);
    collectMergeset(next, bound);
    if (next.mergesetBeyondBound) {
      return;
    }
    blocks.sortByWork(next.merged, next.mergedCount);
    colour(next);
  }

  private void selectParent(NextBlock next) {
    int selected = next.parents[0];
    for (int i = 1; i < next.parentCount; i++) {
      if (blocks.compareWork(next.parents[i], selected) > 0) {
        selected = next.parents[i];
      }
    }
    next.selectedParent = selected;
  }

  /**
   * Blocks in the past of the other parents that are not in the past of the selected one.
   *
   * @param bound with more of them it is given up
   */
  private void collectMergeset(NextBlock next, int bound) {
    next.mergedCount = 0;
    next.mergesetBeyondBound = false;
    seen.clear();
    seen.put(next.selectedParent, PAST);
    for (int i = 0; i < next.parentCount; i++) {
      if (next.parents[i] != next.selectedParent) {
        seen.put(next.parents[i], MERGED);
        next.addMerged(next.parents[i]);
      }
    }
    for (int done = 0; done < next.mergedCount; done++) {
      int block = next.merged[done];
      int parents = blocks.parentCount(block);
      for (int i = 0; i < parents; i++) {
        int parent = blocks.parent(block, i);
        if (seen.get(parent) == IntMap.ABSENT) {
          boolean past = reachability.isDagAncestor(parent, next.selectedParent);
          seen.put(parent, past ? PAST : MERGED);
          if (!past) {
            next.addMerged(parent);
          }
        }
      }
      if (next.mergedCount > bound) {
        next.mergesetBeyondBound = true;
        return;
      }
    }
  }

  private void colour(NextBlock next) {
    int selected = next.selectedParent;
    sizes.clear();
    sizes.put(selected, 0);
    int blues = 1;
    next.blueWork = blocks.blueWork(selected);
    next.blueWorkBeyondBound = false;
    addWork(next, selected);
    for (int i = 0; i < next.mergedCount; i++) {
      int candidate = next.merged[i];
      if (blues <= k && isBlue(next, candidate, i)) {
        blues++;
        addWork(next, candidate);
        sizes.put(candidate, touchedCount);
        for (int j = 0; j < touchedCount; j++) {
          sizes.put(touched[j], touchedSizes[j] + 1);
        }
      } else {
        next.merged[i] = candidate | Blocks.RED;
      }
    }
    next.blueScore = blocks.blueScore[selected] + blues;
    storeSizes(next);
  }

  private void addWork(NextBlock next, int blue) {
    BlueWork sum = next.blueWork.plus(CompactTarget.work(blocks.bits[blue]));
    next.blueWorkBeyondBound |= sum.compareTo(next.blueWork) < 0;
    next.blueWork = sum;
  }

  private void storeSizes(NextBlock next) {
    next.selectedParentSize = sizes.get(next.selectedParent);
    for (int i = 0; i < next.mergedCount; i++) {
      next.mergedSizes[i] = next.merged[i] < 0 ? 0 : sizes.get(next.merged[i]);
    }
    next.extraCount = 0;
    for (int i = 0; i < sizes.size(); i++) {
      int id = sizes.key(i);
      // What is in `seen` as merged is in the lists above; the sizes of others are new to older
      // blocks.
      if (id != next.selectedParent && seen.get(id) != MERGED) {
        next.addExtra(id, sizes.value(i));
      }
    }
  }

  /**
   * Whether the candidate and the blues in its anticone stay within k. Walks the selected chain
   * down from the new block; on success {@link #touched} holds the blues of the anticone with their
   * sizes.
   */
  private boolean isBlue(NextBlock next, int candidate, int candidates) {
    touchedCount = 0;
    int chain = next.selectedParent;
    if (!touch(chain)) { // a parent is never in the past of another one's mergeset
      return false;
    }
    for (int i = 0; i < candidates; i++) {
      int peer = next.merged[i];
      if (peer >= 0 && !reachability.isDagAncestor(peer, candidate) && !touch(peer)) {
        return false;
      }
    }
    while (!reachability.isDagAncestor(chain, candidate)) {
      int peer = blocks.selectedParent[chain];
      if (!reachability.isDagAncestor(peer, candidate) && !touch(peer)) {
        return false;
      }
      int[] record = blocks.record(chain);
      int from = blocks.recordOffset(chain) + Blocks.RECORD_LISTS;
      int to = from + record[from - Blocks.RECORD_LISTS + Blocks.RECORD_MERGED];
      for (int i = from; i < to; i++) {
        peer = record[i];
        if (peer >= 0 && !reachability.isDagAncestor(peer, candidate) && !touch(peer)) {
          return false;
        }
      }
      chain = blocks.selectedParent[chain];
    }
    return haveRoom(next);
  }

  /** Counts a blue of the candidate's anticone; answers whether the candidate stays within k. */
  private boolean touch(int peer) {
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, 2 * touchedCount);
      touchedSizes = Arrays.copyOf(touchedSizes, 2 * touchedCount);
    }
    touched[touchedCount++] = peer;
    return touchedCount <= k;
  }

  /**
   * Whether the blues of the candidate's anticone stay within k too. Asked when the candidate does:
   * to look up their sizes is most of the work, and in vain where a branch is long.
   */
  private boolean haveRoom(NextBlock next) {
    for (int i = 0; i < touchedCount; i++) {
      touchedSizes[i] = anticoneSize(next, touched[i]);
      if (touchedSizes[i] >= k) {
        return false;
      }
    }
    return true;
  }

  /** From the new block's view: the latest size on the selected chain is the one that holds. */
  private int anticoneSize(NextBlock next, int blue) {
    int size = sizes.get(blue);
    int chain = next.selectedParent;
    while (size < 0) {
      size = blocks.anticoneSize(chain, blue);
      chain = blocks.selectedParent[chain];
    }
    return size;
  }
}
