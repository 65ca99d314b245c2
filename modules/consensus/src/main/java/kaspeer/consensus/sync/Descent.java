package kaspeer.consensus.sync;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagReader;
import kaspeer.primitives.Hash;

/**
 * Collects a block locator while walking down a selected chain, in blue-score steps 1, 2, 4 and so
 * on.
 */
final class Descent {
  /** Blocks looked at in one read. */
  private static final int SLICE = 2048;

  private final long lowScore;
  private final int limit;
  private final List<Hash> found = new ArrayList<>();
  private int taken;
  private int current;

  /** The blue score to go down to before the next block is taken. */
  private long target;

  private long step = 1;

  Descent(DagReader dag, int low, int high, int limit) {
    this.lowScore = dag.blueScore(low);
    this.limit = limit;
    this.current = high;
    this.target = dag.blueScore(high);
  }

  List<Hash> found() {
    return found;
  }

  /** Goes on for a while; returns whether the locator is complete. */
  boolean slice(DagReader dag) {
    int budget = SLICE;
    while (true) {
      budget -= descend(dag, budget);
      if (budget <= 0) {
        return false;
      }
      // Where blue scores leap, a step may lead nowhere: it counts, and the block is not repeated.
      Hash hash = dag.hash(current);
      if (found.isEmpty() || !found.getLast().equals(hash)) {
        found.add(hash);
      }
      long score = dag.blueScore(current);
      if (++taken == limit || score <= lowScore) {
        return true;
      }
      target = score - step < lowScore ? lowScore : score - step;
      step *= 2;
    }
  }

  /**
   * Moves down to the lowest chain block whose blue score is not below the target, in at most
   * {@code budget} steps; returns how many it took.
   */
  private int descend(DagReader dag, int budget) {
    for (int steps = 0; steps < budget; steps++) {
      long position = dag.chainPosition(current);
      if (position >= 0) {
        current = lowestFrom(dag, position);
        return steps;
      }
      int below = dag.selectedParent(current);
      if (below == DagReader.NONE || dag.blueScore(below) < target) {
        return steps;
      }
      current = below;
    }
    return budget;
  }

  /** On the sink's chain, where blue scores rise with the position, no step by step is needed. */
  private int lowestFrom(DagReader dag, long position) {
    long below = -1;
    long lowest = position;
    while (below + 1 < lowest) {
      long middle = (below + lowest) >>> 1;
      if (dag.blueScore(dag.chainBlock(middle)) >= target) {
        lowest = middle;
      } else {
        below = middle;
      }
    }
    return dag.chainBlock(lowest);
  }
}
