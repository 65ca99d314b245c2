package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * What a block merges: its selected parent, then the rest of its mergeset ascending by (blue work,
 * hash), the order of acceptance. Of a block in the DAG or of one that could follow, such as the
 * virtual block. Two are equal if they merge the same with the same DAA score: then they also do
 * the same to the UTXO set. Immutable.
 */
public final class Merge {
  private final int selectedParent;

  /** Without the selected parent; reds have {@link Blocks#RED} set. */
  private final int[] merged;

  private final long blueScore;
  private final long daaScore;
  private final long daaThreshold;
  private final int finalityPoint;
  private final int pruningPoint;

  Merge(
      int selectedParent,
      int[] merged,
      long blueScore,
      long daaScore,
      long daaThreshold,
      int finalityPoint,
      int pruningPoint) {
    this.selectedParent = selectedParent;
    this.merged = merged;
    this.blueScore = blueScore;
    this.daaScore = daaScore;
    this.daaThreshold = daaThreshold;
    this.finalityPoint = finalityPoint;
    this.pruningPoint = pruningPoint;
  }

  public int selectedParent() {
    return selectedParent;
  }

  /** Merged blocks, with the selected parent. */
  public int size() {
    return merged.length + 1;
  }

  /** The merged block at an index; the selected parent is at 0. */
  public int block(int index) {
    return index == 0 ? selectedParent : merged[index - 1] & ~Blocks.RED;
  }

  /** Whether the merged block at an index is red. */
  public boolean isRed(int index) {
    return index > 0 && merged[index - 1] < 0;
  }

  /**
   * Whether the merged block at an index is outside the difficulty window, so that it earns no
   * subsidy (consensus reference 3.4, 6.5).
   *
   * @param blocks where the merged blocks are
   */
  public boolean isOutsideWindow(int index, Blocks blocks) {
    int block = block(index);
    return block == Blocks.GENESIS || blocks.blueScore(block) < daaThreshold;
  }

  public long blueScore() {
    return blueScore;
  }

  /** DAA score of the merging block: from where it sees the transactions. */
  public long daaScore() {
    return daaScore;
  }

  /**
   * The highest chain block whose blue score is lower than the merging block's by more than the
   * finality depth; genesis if there is none.
   */
  public int finalityPoint() {
    return finalityPoint;
  }

  /** The pruning point the merging block has to state (consensus reference 7.1). */
  public int pruningPoint() {
    return pruningPoint;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Merge other
        && selectedParent == other.selectedParent
        && daaScore == other.daaScore
        && Arrays.equals(merged, other.merged);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(merged) + selectedParent;
  }
}
