package kaspeer.consensus.sync;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagReader;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;

/**
 * Collects a page of blocks while walking up a selected chain. Each chain block brings its
 * mergeset, then itself: together all blocks between, once each, parents before children.
 */
final class ChainWalk {
  /** Blocks looked at in one read. */
  static final int SLICE = 512;

  private final int high;
  private final List<Hash> hashes = new ArrayList<>();
  private boolean skippingBodies;
  private boolean onlyMissingBodies;
  private int maxBlocks;
  private int reached;

  /**
   * @param low a chain ancestor of high
   * @param skipBodies whether to begin with the highest chain block that has a body, low or above
   */
  ChainWalk(int low, int high, boolean skipBodies) {
    this.reached = low;
    this.high = high;
    this.skippingBodies = skipBodies;
  }

  /** What the page is to hold. */
  void collect(int max, boolean onlyMissing) {
    this.maxBlocks = max;
    this.onlyMissingBodies = onlyMissing;
  }

  /** Goes on for a while; returns whether the page is complete. */
  boolean slice(DagReader dag) {
    // Either the whole way is on the sink's chain, where positions lead up, or each step looks
    // through the children.
    boolean indexed = dag.chainPosition(high) >= 0;
    int budget = SLICE;
    while (reached != high) {
      if (budget <= 0) {
        return false;
      }
      int next =
          indexed
              ? dag.chainBlock(dag.chainPosition(reached) + 1)
              : nextTowards(dag, reached, high);
      if (skippingBodies && dag.status(next).hasBody()) {
        reached = next;
        budget--;
        continue;
      }
      skippingBodies = false;
      int[] mergeset = dag.mergeset(next);
      if (!add(dag, mergeset, next)) {
        return true;
      }
      reached = next;
      budget -= mergeset.length + 1;
    }
    return true;
  }

  HashPage page(DagReader dag) {
    return new HashPage(hashes, dag.hash(reached), reached == high);
  }

  /** Adds a chain block with its mergeset, unless the page has no room for all of them. */
  private boolean add(DagReader dag, int[] mergeset, int chainBlock) {
    int before = hashes.size();
    for (int merged : mergeset) {
      addOne(dag, merged);
    }
    addOne(dag, chainBlock);
    if (before > 0 && hashes.size() > maxBlocks) {
      hashes.subList(before, hashes.size()).clear();
      return false;
    }
    return true;
  }

  private void addOne(DagReader dag, int id) {
    if (!onlyMissingBodies || dag.status(id) == BlockStatus.HEADER_ONLY) {
      hashes.add(dag.hash(id));
    }
  }

  private static int nextTowards(DagReader dag, int from, int to) {
    for (int child : dag.children(from)) {
      if (dag.selectedParent(child) == from && dag.isChainAncestor(child, to)) {
        return child;
      }
    }
    throw new IllegalStateException("block " + from + " is not a chain ancestor of " + to);
  }
}
