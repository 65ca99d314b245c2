package kaspeer.consensus.dag;

import kaspeer.primitives.Params;

/** Depth points and the bounded merge rule (consensus reference 3.5), and pruning points (7.1). */
final class Depths {
  private final Params params;
  private final Blocks blocks;
  private final Reachability reachability;

  Depths(Params params, Blocks blocks, Reachability reachability) {
    this.params = params;
    this.blocks = blocks;
    this.reachability = reachability;
  }

  /** Fills in merge root, finality point, pruning sample and expected pruning point. */
  void compute(NextBlock next) {
    int parent = next.selectedParent;
    next.mergeRoot = atDepth(next, blocks.mergeRoot[parent], params.mergeDepth());
    next.finalityPoint = atDepth(next, blocks.finalityPoint[parent], params.finalityDepth());
    next.pruningSample = pruningSample(parent);
    next.pruningPoint = expectedPruningPoint(parent, next.blueScore, next.pruningSample);
  }

  /** The pruning point that a stored block has to state if it is to be on the selected chain. */
  int expectedPruningPoint(int id) {
    return expectedPruningPoint(
        blocks.selectedParent[id], blocks.blueScore[id], blocks.pruningSample[id]);
  }

  /**
   * The highest chain block whose blue score is lower than the new one's by more than {@code
   * depth}; genesis if there is none. The search goes up from the selected parent's point: depth
   * points only rise along a chain.
   */
  private int atDepth(NextBlock next, int parentsPoint, long depth) {
    if (next.blueScore < depth) {
      return Blocks.GENESIS;
    }
    long below = next.blueScore - depth;
    int point = parentsPoint;
    while (point != next.selectedParent) {
      int above = reachability.nextOnChain(next.selectedParent, point);
      if (blocks.blueScore[above] >= below) {
        break;
      }
      point = above;
    }
    return point;
  }

  /**
   * A red block that must not be merged: it does not have the merge root in its past, nor is it in
   * the past of a blue one that has the merge root on its selected chain. -1 if there is none.
   */
  int boundedMergeViolation(NextBlock next) {
    for (int i = 0; i < next.mergedCount; i++) {
      if (next.merged[i] < 0) {
        int red = next.merged[i] & ~Blocks.RED;
        if (!reachability.isDagAncestor(next.mergeRoot, red) && !isKosherized(next, red)) {
          return red;
        }
      }
    }
    return Blocks.NONE;
  }

  private boolean isKosherized(NextBlock next, int red) {
    if (reachability.isDagAncestor(red, next.selectedParent)
        && reachability.isChainAncestor(next.mergeRoot, next.selectedParent)) {
      return true;
    }
    for (int i = 0; i < next.mergedCount; i++) {
      int blue = next.merged[i];
      if (blue >= 0
          && reachability.isDagAncestor(red, blue)
          && reachability.isChainAncestor(next.mergeRoot, blue)) {
        return true;
      }
    }
    return false;
  }

  private long epoch(long blueScore) {
    return blueScore / params.finalityDepth();
  }

  /** The latest chain block below the new one that is the first of its epoch. */
  private int pruningSample(int parent) {
    if (parent == Blocks.GENESIS) {
      return Blocks.GENESIS;
    }
    int sample = blocks.pruningSample[parent];
    return epoch(blocks.blueScore[parent]) > epoch(blocks.blueScore[sample]) ? parent : sample;
  }

  private int expectedPruningPoint(int parent, long blueScore, int sample) {
    long stepsToDepth = Math.ceilDiv(params.pruningDepth(), params.finalityDepth());
    boolean isSample = epoch(blueScore) > epoch(blocks.blueScore[parent]);
    int parentsPoint = blocks.pruningPoint[parent];
    int point = sample;
    for (int steps = 1; ; steps++) {
      if (point == Blocks.GENESIS
          || blocks.blueScore[point] + params.pruningDepth() <= blueScore
          || (isSample && steps == stepsToDepth)
          || point == parentsPoint) {
        return point;
      }
      point = blocks.pruningSample[point];
    }
  }
}
