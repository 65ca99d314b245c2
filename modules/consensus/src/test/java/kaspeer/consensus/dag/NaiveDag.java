package kaspeer.consensus.dag;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;

/**
 * The definitions of consensus reference 3.2 to 3.6 written down plainly: the whole past of every
 * block as a set, every window from the whole chain, nothing kept from block to block but results.
 * Ids are those of the DAG it is held against.
 */
final class NaiveDag {
  /** One block and what the definitions say about it. */
  static final class Block {
    final int id;
    final Hash hash;
    final long timestamp;
    final int level;
    final List<Integer> parents;
    final BitSet past = new BitSet();
    int selectedParent = -1;

    /** All blues in the past. */
    final BitSet bluePast = new BitSet();

    List<Integer> blues = List.of();
    List<Integer> reds = List.of();
    long blueScore;
    BigInteger blueWork = BigInteger.ZERO;
    long daaScore;
    int bits;
    long pastMedianTime;
    List<Integer> difficultyWindow = List.of();
    int mergeRoot;
    int finalityPoint;
    boolean boundedMergeHolds;
    List<List<Integer>> levels = List.of();

    Block(int id, Hash hash, long timestamp, int level, List<Integer> parents) {
      this.id = id;
      this.hash = hash;
      this.timestamp = timestamp;
      this.level = level;
      this.parents = parents;
    }

    List<Integer> mergeset() {
      List<Integer> all = new ArrayList<>(blues);
      all.addAll(reds);
      return all;
    }
  }

  private final Params params;
  private final List<Block> blocks = new ArrayList<>();

  NaiveDag(Params params, Hash genesisHash) {
    this.params = params;
    Block genesis =
        new Block(
            0,
            genesisHash,
            params.genesis().header().timestamp(),
            params.maxBlockLevel(),
            List.of());
    genesis.daaScore = params.genesis().header().daaScore();
    genesis.bits = params.genesis().header().bits();
    genesis.pastMedianTime = genesis.timestamp;
    blocks.add(genesis);
  }

  Block get(int id) {
    return blocks.get(id);
  }

  int size() {
    return blocks.size();
  }

  Comparator<Integer> byWork() {
    return Comparator.<Integer, BigInteger>comparing(id -> get(id).blueWork)
        .thenComparing(id -> get(id).hash);
  }

  boolean isAncestor(int a, int b) {
    return a == b || get(b).past.get(a);
  }

  boolean isChainAncestor(int a, int b) {
    return b >= 0 && (a == b || isChainAncestor(a, get(b).selectedParent));
  }

  /** The block that follows from these parents; it is not added. */
  Block next(Hash hash, long timestamp, int level, List<Integer> parents) {
    Block block = new Block(blocks.size(), hash, timestamp, level, parents);
    for (int parent : parents) {
      block.past.or(get(parent).past);
      block.past.set(parent);
    }
    block.selectedParent = parents.stream().max(byWork()).orElseThrow();
    colour(block);
    sample(block);
    block.mergeRoot = atDepth(block, params.mergeDepth());
    block.finalityPoint = atDepth(block, params.finalityDepth());
    block.boundedMergeHolds = boundedMergeHolds(block);
    block.levels = levels(block);
    return block;
  }

  void add(Block block) {
    blocks.add(block);
  }

  // --- GHOSTDAG ---------------------------------------------------------------------------------

  /** Adds the candidates in order, each if the blues stay a k-cluster with it. */
  private void colour(Block block) {
    Block selected = get(block.selectedParent);
    BitSet candidates = (BitSet) block.past.clone();
    candidates.andNot(selected.past);
    candidates.clear(selected.id);
    block.bluePast.or(selected.bluePast);
    block.bluePast.set(selected.id);
    List<Integer> blues = new ArrayList<>(List.of(selected.id));
    List<Integer> reds = new ArrayList<>();
    for (int candidate : candidates.stream().boxed().sorted(byWork()).toList()) {
      if (blues.size() <= params.ghostdagK() && staysCluster(block.bluePast, candidate)) {
        blues.add(candidate);
        block.bluePast.set(candidate);
      } else {
        reds.add(candidate);
      }
    }
    block.blues = blues;
    block.reds = reds;
    block.blueScore = selected.blueScore + blues.size();
    block.blueWork = selected.blueWork;
    for (int blue : blues) {
      block.blueWork = block.blueWork.add(CompactTarget.work(get(blue).bits).toBigInteger());
    }
  }

  private boolean staysCluster(BitSet blues, int candidate) {
    List<Integer> anticone = anticone(blues, candidate);
    return anticone.size() <= params.ghostdagK()
        && anticone.stream().allMatch(blue -> anticone(blues, blue).size() < params.ghostdagK());
  }

  private List<Integer> anticone(BitSet blues, int of) {
    return blues.stream()
        .filter(blue -> !isAncestor(blue, of) && !isAncestor(of, blue))
        .boxed()
        .toList();
  }

  // --- windows ----------------------------------------------------------------------------------

  private record Scan(List<Integer> samples, int nonDaa) {}

  private Scan scan(Block block, int rate) {
    long threshold =
        block.blueScore - (long) params.difficultyWindow() * params.difficultySampleRate();
    List<Integer> order = new ArrayList<>(List.of(block.selectedParent));
    block.mergeset().stream()
        .filter(id -> id != block.selectedParent)
        .sorted(byWork().reversed())
        .forEach(order::add);
    List<Integer> samples = new ArrayList<>();
    long index = get(block.selectedParent).daaScore;
    int nonDaa = 0;
    for (int id : order) {
      if (get(id).blueScore < threshold) {
        nonDaa++;
      } else if (++index % rate == 0) {
        samples.add(id);
      }
    }
    return new Scan(samples, nonDaa);
  }

  private List<Integer> window(Block block, int size, int rate) {
    List<Integer> all = new ArrayList<>();
    for (Block chain = block; chain.selectedParent > 0; chain = get(chain.selectedParent)) {
      all.addAll(scan(chain, rate).samples);
    }
    return all.stream().sorted(byWork().reversed()).limit(size).sorted(byWork()).toList();
  }

  private void sample(Block block) {
    Block selected = get(block.selectedParent);
    int nonDaa = selected.id == 0 ? 1 : scan(block, params.difficultySampleRate()).nonDaa;
    block.daaScore = selected.daaScore + block.mergeset().size() - nonDaa;
    block.difficultyWindow =
        window(block, params.difficultyWindow(), params.difficultySampleRate());
    block.bits = bits(block, selected);
    List<Integer> median =
        window(block, params.pastMedianTimeWindow(), params.pastMedianTimeSampleRate());
    List<Long> times = median.stream().map(id -> get(id).timestamp).sorted().toList();
    if (times.isEmpty()) {
      block.pastMedianTime = selected.timestamp;
      return;
    }
    int frame = Math.min(times.size(), 11);
    int end = (times.size() + frame + 1) / 2;
    long sum = times.subList(end - frame, end).stream().mapToLong(Long::longValue).sum();
    block.pastMedianTime = (sum + frame / 2) / frame;
  }

  private int bits(Block block, Block selected) {
    List<Integer> window = block.difficultyWindow;
    if (window.size() < Math.min(params.minDifficultyWindow(), params.difficultyWindow())) {
      return selected.bits;
    }
    List<Integer> byTime =
        window.stream()
            .sorted(
                Comparator.<Integer, Long>comparing(id -> get(id).timestamp)
                    .thenComparing(byWork()))
            .toList();
    List<Integer> rest = byTime.subList(1, byTime.size());
    BigInteger sum = BigInteger.ZERO;
    for (int id : rest) {
      sum = sum.add(CompactTarget.target(get(id).bits));
    }
    long span = Math.max(1, get(byTime.getLast()).timestamp - get(byTime.getFirst()).timestamp);
    long expected = params.targetTimePerBlock() * params.difficultySampleRate() * rest.size();
    BigInteger target =
        sum.divide(BigInteger.valueOf(rest.size()))
            .multiply(BigInteger.valueOf(span))
            .divide(BigInteger.valueOf(expected));
    return CompactTarget.encode(target.min(BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE)));
  }

  // --- depths and levels ------------------------------------------------------------------------

  private int atDepth(Block block, long depth) {
    int point = block.selectedParent;
    while (point > 0 && get(point).blueScore >= block.blueScore - depth) {
      point = get(point).selectedParent;
    }
    return block.blueScore < depth ? 0 : Math.max(0, point);
  }

  private boolean boundedMergeHolds(Block block) {
    return block.reds.stream()
        .allMatch(
            red ->
                isAncestor(block.mergeRoot, red)
                    || block.blues.stream()
                        .anyMatch(
                            blue ->
                                isAncestor(red, blue) && isChainAncestor(block.mergeRoot, blue)));
  }

  /**
   * At each level the blocks of that level or above in the past, but for those in another one's
   * past; level 0 as given.
   */
  private List<List<Integer>> levels(Block block) {
    List<List<Integer>> levels = new ArrayList<>(List.of(block.parents));
    for (int level = 1; level <= params.maxBlockLevel(); level++) {
      int least = level;
      List<Integer> high =
          IntStream.range(0, blocks.size())
              .filter(id -> block.past.get(id) && get(id).level >= least)
              .boxed()
              .toList();
      List<Integer> maximal =
          high.stream()
              .filter(a -> high.stream().noneMatch(b -> !a.equals(b) && isAncestor(a, b)))
              .toList();
      if (maximal.equals(List.of(0))) {
        break;
      }
      levels.add(maximal);
    }
    return levels;
  }
}
