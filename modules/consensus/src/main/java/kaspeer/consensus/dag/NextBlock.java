package kaspeer.consensus.dag;

import java.util.Arrays;
import kaspeer.primitives.BlueWork;

/**
 * The block that would follow from given parents: everything the rules fix about it. Filled in
 * steps by a {@link Calculator}, used again for the next one.
 */
public final class NextBlock {
  int[] parents = new int[16];
  int parentCount;

  // GHOSTDAG.
  int selectedParent = Blocks.NONE;

  /** Ascending by (blue work, hash); reds have {@link Blocks#RED} set. */
  int[] merged = new int[32];

  /** Blue anticone sizes of the blues among the merged. */
  int[] mergedSizes = new int[32];

  int mergedCount;
  int selectedParentSize;

  /** Pairs: blue blocks of earlier mergesets and their new blue anticone sizes. */
  int[] extras = new int[32];

  int extraCount;
  boolean mergesetBeyondBound;
  long blueScore;
  BlueWork blueWork = BlueWork.ZERO;
  boolean blueWorkBeyondBound;

  // Windows.
  Window difficultyWindow = Window.EMPTY;
  Window medianTimeWindow = Window.EMPTY;
  long daaScore;
  int bits;
  long pastMedianTime;

  // Depths.
  int mergeRoot;
  int finalityPoint;
  int pruningSample;
  int pruningPoint;

  // Parents of all levels.
  final LevelRuns levels = new LevelRuns();

  NextBlock() {}

  /** Sets the direct parents; a parent that is named twice counts once. */
  void setParents(int[] ids, int length) {
    if (length > parents.length) {
      parents = new int[2 * length];
    }
    parentCount = 0;
    for (int i = 0; i < length; i++) {
      boolean known = false;
      for (int j = 0; j < parentCount && !known; j++) {
        known = parents[j] == ids[i];
      }
      if (!known) {
        parents[parentCount++] = ids[i];
      }
    }
  }

  void addMerged(int id) {
    if (mergedCount == merged.length) {
      merged = Arrays.copyOf(merged, 2 * mergedCount);
      mergedSizes = Arrays.copyOf(mergedSizes, 2 * mergedCount);
    }
    merged[mergedCount++] = id;
  }

  void addExtra(int id, int size) {
    if (2 * extraCount == extras.length) {
      extras = Arrays.copyOf(extras, 2 * extras.length);
    }
    extras[2 * extraCount] = id;
    extras[2 * extraCount + 1] = size;
    extraCount++;
  }

  public int selectedParent() {
    return selectedParent;
  }

  /** Merged blocks with the selected parent. */
  public int mergesetSize() {
    return mergedCount + 1;
  }

  /**
   * Whether the mergeset is so far beyond the limit that its collection was given up; then nothing
   * else is filled in. Such a block can never be valid, but it cannot be said which rule it breaks
   * first.
   */
  public boolean mergesetBeyondBound() {
    return mergesetBeyondBound;
  }

  public long blueScore() {
    return blueScore;
  }

  public BlueWork blueWork() {
    return blueWork;
  }

  /** Whether the blue work has more than 192 bits; {@link #blueWork} is without those beyond. */
  public boolean blueWorkBeyondBound() {
    return blueWorkBeyondBound;
  }

  public long daaScore() {
    return daaScore;
  }

  public int bits() {
    return bits;
  }

  /** What the timestamp must exceed, in milliseconds since 1970. */
  public long pastMedianTime() {
    return pastMedianTime;
  }

  public int mergeRoot() {
    return mergeRoot;
  }

  public int finalityPoint() {
    return finalityPoint;
  }

  /** The pruning point its header has to state if it is to be on the selected chain. */
  public int pruningPoint() {
    return pruningPoint;
  }
}
