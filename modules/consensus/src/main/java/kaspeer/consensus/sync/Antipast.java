package kaspeer.consensus.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.consensus.DagReader;
import kaspeer.primitives.Hash;

/** Collects the past of one block without the past of another, walking down from the first. */
final class Antipast {
  /** Blocks looked at in one read. */
  private static final int SLICE = 256;

  private final int block;
  private final int maxBlocks;
  private final ArrayDeque<Integer> queue = new ArrayDeque<>();
  private final Set<Integer> seen = new HashSet<>();
  private final List<Integer> found = new ArrayList<>();

  Antipast(int block, int context, int maxBlocks) {
    this.block = block;
    this.maxBlocks = maxBlocks;
    queue.add(context);
    seen.add(context);
  }

  /** Goes on for a while; returns whether all is found, or too much. */
  boolean slice(DagReader dag) {
    for (int budget = SLICE; budget > 0; budget--) {
      Integer current = queue.poll();
      if (current == null) {
        return true;
      }
      if (dag.isDagAncestor(current, block)) {
        continue;
      }
      found.add(current);
      if (exceeded()) {
        return true;
      }
      for (int parent : dag.parents(current)) {
        if (seen.add(parent)) {
          queue.add(parent);
        }
      }
    }
    return false;
  }

  boolean exceeded() {
    return found.size() > maxBlocks;
  }

  /** What was found, ascending by (blue work, hash). */
  List<Hash> sorted(DagReader dag) {
    found.sort(dag::compareWork);
    return found.stream().map(dag::hash).toList();
  }
}
