package kaspeer.engine.dag;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;

/**
 * What some blocks wait for, for one question to the DAG. Whoever fills the pool with small orphans
 * of many parents and then asks again and again must not make the DAG walk them all each time: a
 * question looks at so many orphans, and answers so many hashes, whatever it asks about, and what
 * one block of it was found to wait for is not said of the next again.
 *
 * <p>Where the search ends early the orphans it would have looked at next stand for what is below
 * them. Who asks about those goes on from there, so that the end of a chain of any length is
 * reached in steps.
 */
final class RootSearch {
  /** Orphans that are looked at for one question, besides those asked about. */
  static final int MAX_VISITED = 256;

  /** Hashes in the answer to one question; those beyond are found again through descendants. */
  static final int MAX_ROOTS = 256;

  private final OrphanPool orphans;
  private final Set<Hash> seen = new HashSet<>();
  private int visited;
  private int roots;

  RootSearch(OrphanPool orphans) {
    this.orphans = orphans;
  }

  /**
   * What a block may wait for, nearest first: ancestors that are not in the pool, then those in it
   * at which the search ended. Needs no more than the pool.
   */
  List<Hash> candidates(Block block) {
    seen.add(block.hash());
    List<Hash> outside = new ArrayList<>();
    Deque<Hash> inside = new ArrayDeque<>();
    visit(block, outside, inside);
    while (!inside.isEmpty() && visited < MAX_VISITED) {
      Block orphan = orphans.block(inside.remove());
      if (orphan != null) {
        visited++;
        visit(orphan, outside, inside);
      }
    }
    outside.addAll(inside);
    return outside;
  }

  private void visit(Block block, List<Hash> outside, Deque<Hash> inside) {
    for (Hash parent : block.header().directParents()) {
      if (seen.add(parent)) {
        if (orphans.contains(parent)) {
          inside.add(parent);
        } else {
          outside.add(parent);
        }
      }
    }
  }

  /**
   * Those of the candidates that are missing indeed, as many as still fit into the answer.
   *
   * @param isHere whether a block is in the DAG with its body, or on its way into it
   */
  List<Hash> missing(List<Hash> candidates, Predicate<Hash> isHere) {
    List<Hash> missing = new ArrayList<>();
    for (Hash candidate : candidates) {
      if (roots == MAX_ROOTS) {
        break;
      }
      if (!isHere.test(candidate)) {
        missing.add(candidate);
        roots++;
      }
    }
    return List.copyOf(missing);
  }

  /** Orphans looked at so far, besides those asked about. */
  int visited() {
    return visited;
  }
}
