package kaspeer.consensus;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.NextBlock;
import kaspeer.consensus.dag.Reachability;
import kaspeer.consensus.utxo.NextState;
import kaspeer.consensus.utxo.UtxoChain;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The virtual block (consensus reference 6.1): which tip is the sink, what a new block would have
 * as parents, and what would follow for it. With UTXO validation the UTXO state goes where the
 * search goes, and ends at the sink. The committer's.
 */
final class VirtualResolver {
  /** How often a parent beside the sink is tried, as a multiple of the parents a block may have. */
  private static final int TRIES_PER_PARENT = 3;

  private final Dag dag;
  private final Blocks blocks;
  private final Reachability reachability;
  private final Calculator calculator;
  private final @Nullable UtxoChain chain;
  private int finalityPoint;
  private int usedFinalityPoint;

  /**
   * @param chain moves with the sink; null if the chain follows headers alone
   * @param finalityPoint what the selected chain has to contain at first
   */
  VirtualResolver(Dag dag, Calculator calculator, @Nullable UtxoChain chain, int finalityPoint) {
    this.dag = dag;
    this.blocks = dag.blocks();
    this.reachability = dag.reachability();
    this.calculator = calculator;
    this.chain = chain;
    this.finalityPoint = finalityPoint;
    this.usedFinalityPoint = finalityPoint;
  }

  /** What the selected chain has to contain when the sink is next searched for. */
  int finalityPoint() {
    return finalityPoint;
  }

  /** What the selected chain had to contain when the sink was last searched for. */
  int usedFinalityPoint() {
    return usedFinalityPoint;
  }

  /**
   * Those of some tips that only finality kept from being the sink when it was last searched for.
   */
  int[] violatingFinality(int[] tips, int sink) {
    return Arrays.stream(tips)
        .filter(tip -> blocks.compareWork(tip, sink) > 0)
        .filter(tip -> !reachability.isChainAncestor(usedFinalityPoint, tip))
        .toArray();
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
      int place = blocks.placeByWork(ids, size, id);
      System.arraycopy(ids, place, ids, place + 1, size - place);
      ids[place] = id;
      size++;
    }
  }

  /**
   * The virtual block on top of a sink.
   *
   * @param next what it does to the UTXO state; null without UTXO validation
   * @param stopped what kept the sink from being higher, if it cannot be judged here
   */
  record Virtual(
      int sink,
      List<Hash> parents,
      long daaScore,
      int bits,
      long pastMedianTime,
      BlueWork mergeRootWork,
      @Nullable NextState next,
      UtxoChain.@Nullable Disqualification stopped) {}

  /** Finds sink and parents among the tips. */
  Virtual resolve(int[] tips) {
    usedFinalityPoint = finalityPoint;
    Candidates candidates = new Candidates(tips);
    int sink = findSink(candidates);
    int[] parents = chooseParents(sink, candidates);
    NextBlock virtual = calculator.all(parents, parents.length);
    NextState next = null;
    if (chain != null) {
      next = chain.next(calculator.merge());
      if (next == null) { // of the others one merges what cannot be judged here
        parents = new int[] {sink};
        virtual = calculator.all(parents, 1);
        next = Objects.requireNonNull(chain.next(calculator.merge()));
      }
    }
    finalityPoint = virtual.finalityPoint();
    int mergeRoot = virtual.mergeRoot();
    return new Virtual(
        sink,
        IntStream.of(parents).mapToObj(blocks::hash).toList(),
        virtual.daaScore(),
        virtual.bits(),
        virtual.pastMedianTime(),
        mergeRoot == Blocks.GENESIS ? BlueWork.ZERO : blocks.blueWork(mergeRoot),
        next,
        chain == null ? null : chain.stopped());
  }

  /**
   * The highest block on the finality point's chain that qualifies; the finality point itself did.
   * The search also ends where it meets a block that cannot be judged here: going another way could
   * be wrong.
   */
  private int findSink(Candidates candidates) {
    while (!candidates.isEmpty()) {
      int candidate = candidates.takeHighest();
      if (reachability.isChainAncestor(finalityPoint, candidate)) {
        if (chain == null || chain.moveTo(candidate)) {
          return candidate;
        }
        if (chain.stopped() != null) {
          return chain.position();
        }
      }
      for (int parent : blocks.parents(candidate)) {
        if (reachability.isDagAncestor(finalityPoint, parent)) {
          candidates.add(parent);
        }
      }
    }
    if (chain != null && !chain.moveTo(finalityPoint)) {
      throw new IllegalStateException("the finality point no longer qualifies");
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
      // One above the sink would become the selected parent.
      if (blocks.compareWork(candidate, sink) > 0 || isInPastOf(candidate, parents, count)) {
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
    if (!calculator.ghostdag(parents, count, dag.params().mergesetSizeLimit())) {
      return false;
    }
    calculator.depths();
    return calculator.boundedMergeViolation() == Blocks.NONE;
  }
}
