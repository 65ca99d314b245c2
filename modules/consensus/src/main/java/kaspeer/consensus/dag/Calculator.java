package kaspeer.consensus.dag;

import java.util.Arrays;
import kaspeer.primitives.ParentsByLevel;

/**
 * Computes the block that follows from given parents, step by step so that a validator can stop at
 * the first rule broken. Holds scratch memory: one thread at a time, while nobody changes the DAG.
 */
public final class Calculator {
  /** Beyond this multiple of the mergeset limit a mergeset is not even collected. */
  private static final int MERGESET_BOUND = 16;

  private final Blocks blocks;
  private final NextBlock next = new NextBlock();
  private final Ghostdag ghostdag;
  private final Windows windows;
  private final Depths depths;
  private final LevelParents levels;

  Calculator(Dag dag) {
    int bound = MERGESET_BOUND * dag.params().mergesetSizeLimit();
    this.blocks = dag.blocks();
    this.ghostdag = new Ghostdag(dag.blocks(), dag.reachability(), dag.params().ghostdagK(), bound);
    this.windows = new Windows(dag.params(), dag.blocks(), dag.windowCache());
    this.depths = new Depths(dag.params(), dag.blocks(), dag.reachability());
    this.levels =
        new LevelParents(
            dag.blocks(), dag.reachability(), dag.levelStore(), dag.params().maxBlockLevel());
  }

  /** What has been computed so far. */
  public NextBlock next() {
    return next;
  }

  /**
   * Step 1, GHOSTDAG: of a block with these parents, none of which is in another's past.
   *
   * @param parents ids in the header's order, the first {@code length} of the array, at least one
   */
  public void ghostdag(int[] parents, int length) {
    next.setParents(parents, length);
    ghostdag.compute(next);
  }

  /**
   * Step 1, if such a block merges at most so many, its selected parent among them.
   *
   * @param parents as for {@link #ghostdag(int[], int)}
   * @return whether it does; if not, no step is done
   */
  public boolean ghostdag(int[] parents, int length, int mergesetLimit) {
    next.setParents(parents, length);
    ghostdag.compute(next, mergesetLimit - 1);
    return !next.mergesetBeyondBound();
  }

  /** Step 2: windows, DAA score, bits, past median time. */
  public void windows() {
    windows.compute(next);
  }

  /** Step 3: merge root, finality point, pruning point. */
  public void depths() {
    depths.compute(next);
  }

  /** After step 3: a merged block that breaks the bounded merge rule, or {@link Blocks#NONE}. */
  public int boundedMergeViolation() {
    return depths.boundedMergeViolation(next);
  }

  /** Step 4: the parents of all levels. */
  public void levels() {
    levels.compute(next);
  }

  /** After step 4: whether a header states them. */
  public boolean levelsMatch(ParentsByLevel stated) {
    return levels.matches(next, stated);
  }

  /** After step 4: as a header states them. */
  public ParentsByLevel parentsByLevel() {
    return levels.toParentsByLevel(next);
  }

  /**
   * All steps. Stops after the first if the mergeset is {@linkplain NextBlock#mergesetBeyondBound
   * beyond all bounds}.
   */
  public NextBlock all(int[] parents, int length) {
    ghostdag(parents, length);
    if (!next.mergesetBeyondBound) {
      windows();
      depths();
      levels();
    }
    return next;
  }

  /** After step 3: what the new block merges. */
  public Merge merge() {
    return new Merge(
        next.selectedParent,
        Arrays.copyOf(next.merged, next.mergedCount),
        next.blueScore,
        next.daaScore,
        windows.threshold(next.blueScore),
        next.finalityPoint,
        next.pruningPoint);
  }

  /** What a block in the DAG merges, other than genesis. */
  public Merge merge(int id) {
    int from = blocks.recordOffset(id);
    int[] record = blocks.record(id);
    int lists = from + Blocks.RECORD_LISTS;
    return new Merge(
        blocks.selectedParent(id),
        Arrays.copyOfRange(record, lists, lists + record[from + Blocks.RECORD_MERGED]),
        blocks.blueScore(id),
        blocks.daaScore(id),
        windows.threshold(blocks.blueScore(id)),
        blocks.finalityPoint(id),
        depths.expectedPruningPoint(id));
  }

  int storeLevels() {
    return levels.store(next);
  }
}
