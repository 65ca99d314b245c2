package kaspeer.consensus;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.NextBlock;
import kaspeer.consensus.dag.Reachability;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;

/**
 * The virtual block (consensus reference 6.1, but for its UTXO state): which tip is the sink, what
 * a new block would have as parents, and what would follow for it. The committer's.
 */
final class VirtualResolver {
  private static final int GENESIS = 0;

  /** How often a parent beside the sink is tried, as a multiple of the parents a block may have. */
  private static final int TRIES_PER_PARENT = 3;

  private final Dag dag;
  private final Blocks blocks;
  private final Reachability reachability;
  private final Calculator calculator;
  private final IntPredicate qualifies;
  private int finalityPoint = GENESIS;

  VirtualResolver(Dag dag, Calculator calculator, IntPredicate qualifies) {
    this.dag = dag;
    this.blocks = dag.blocks();
    this.reachability = dag.reachability();
    this.calculator = calculator;
    this.qualifies = qualifies;
  }

  /** Candidates descending by (blue work, hash), none in another's past. */
  private final class Candidates {
    /** Ascending. */
    private int[] ids;

    private int size;

    /** Those of some tips that have the finality point in their past. */
    Candidates(int[] tips) {
      ids =
          Arrays.stream(tips)
              .filter(tip -> reachability.isDagAncestor(finalityPoint, tip))
              .toArray();
      size = ids.length;
      blocks.sortByWork(ids, size);
    }

    boolean isEmpty() {
      return size == 0;
    }

    int takeHighest() {
      return ids[--size];
    }

    /** Adds a block unless it is in the past of one that is here. */
    void add(int id) {
      for (int i = 0; i < size; i++) {
        if (reachability.isDagAncestor(id, ids[i])) {
          return;
        }
      }
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size + 16);
      }
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (blocks.compareWork(ids[middle], id) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      System.arraycopy(ids, low, ids, low + 1, size - low);
      ids[low] = id;
      size++;
    }
  }

  /** The virtual block on top of a sink. */
  record Virtual(
      int sink,
      List<Hash> parents,
      long daaScore,
      int bits,
      long pastMedianTime,
      BlueWork mergeRootWork) {}

  /** Finds sink and parents among the tips. */
  Virtual resolve(int[] tips) {
    Candidates candidates = new Candidates(tips);
    int sink = findSink(candidates);
    int[] parents = chooseParents(sink, candidates);
    NextBlock virtual = calculator.all(parents, parents.length);
    finalityPoint = virtual.finalityPoint();
    int mergeRoot = virtual.mergeRoot();
    return new Virtual(
        sink,
        IntStream.of(parents).mapToObj(blocks::hash).toList(),
        virtual.daaScore(),
        virtual.bits(),
        virtual.pastMedianTime(),
        mergeRoot == GENESIS ? BlueWork.ZERO : blocks.blueWork(mergeRoot));
  }

  /**
   * The highest block on the finality point's chain that qualifies; the finality point itself did.
   */
  private int findSink(Candidates candidates) {
    while (!candidates.isEmpty()) {
      int candidate = candidates.takeHighest();
      if (candidate == finalityPoint
          || (reachability.isChainAncestor(finalityPoint, candidate)
              && qualifies.test(candidate))) {
        return candidate;
      }
      for (int parent : blocks.parents(candidate)) {
        if (reachability.isDagAncestor(finalityPoint, parent)) {
          candidates.add(parent);
        }
      }
    }
    return finalityPoint;
  }

  /**
   * The sink, and of the other candidates those of most work with which mergeset and merge depth
   * stay within their limits. In place of one that goes beyond, its parents are tried: a long side
   * branch is merged piece by piece.
   */
  private int[] chooseParents(int sink, Candidates candidates) {
    int[] parents = new int[dag.params().maxBlockParents()];
    parents[0] = sink;
    int count = 1;
    int tries = TRIES_PER_PARENT * parents.length;
    while (count < parents.length && !candidates.isEmpty() && tries-- > 0) {
      int candidate = candidates.takeHighest();
      if (isInPastOf(candidate, parents, count)) {
        continue;
      }
      parents[count] = candidate;
      if (isMergeable(parents, count + 1)) {
        count++;
      } else {
        for (int parent : blocks.parents(candidate)) {
          candidates.add(parent);
        }
      }
    }
    return Arrays.copyOf(parents, count);
  }

  private boolean isInPastOf(int id, int[] others, int count) {
    for (int i = 0; i < count; i++) {
      if (reachability.isDagAncestor(id, others[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean isMergeable(int[] parents, int count) {
    calculator.ghostdag(parents, count);
    NextBlock next = calculator.next();
    if (next.mergesetBeyondBound() || next.mergesetSize() > dag.params().mergesetSizeLimit()) {
      return false;
    }
    calculator.depths();
    return calculator.boundedMergeViolation() == Blocks.NONE;
  }
}
