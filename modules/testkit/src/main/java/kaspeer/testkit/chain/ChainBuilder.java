package kaspeer.testkit.chain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;

/**
 * Makes a DAG, block by block, with a consensus of its own to say what each header must state.
 * Every block may be on the selected chain; coinbases pay anyone who takes the coins. Not for use
 * by two threads at once.
 */
public final class ChainBuilder implements AutoCloseable {
  private final Params params;
  private final Consensus consensus;
  private final SplittableRandom random;
  private final List<Block> blocks = new ArrayList<>();
  private final long blockTime;
  private long clock;

  /**
   * A DAG of nothing but genesis, whose blocks will seem to have been made from some time ago on.
   *
   * @param start milliseconds since 1970 that the first block states
   * @param seed of all that is random
   */
  public ChainBuilder(Params params, long start, long seed) {
    this.params = params;
    this.clock = start;
    this.blockTime = params.targetTimePerBlock();
    this.random = new SplittableRandom(seed);
    consensus =
        Consensus.open(
            params,
            new MemoryDagStore(),
            new BodyRules(params),
            ConsensusOptions.defaults().withWorkers(1));
  }

  /** A simnet DAG that begins ten minutes ago. */
  public static ChainBuilder simnet(long seed) {
    return new ChainBuilder(Params.of(Network.SIMNET), System.currentTimeMillis() - 600_000, seed);
  }

  public Params params() {
    return params;
  }

  /** What it asks; reads of it answer any question about the DAG. */
  public Consensus consensus() {
    return consensus;
  }

  public Hash genesis() {
    return params.genesis().hash();
  }

  public Hash sink() {
    return consensus.state().sink().hash();
  }

  /** All blocks but genesis, in the order they were added: parents before children. */
  public List<Block> blocks() {
    return List.copyOf(blocks);
  }

  public Block last() {
    return blocks.getLast();
  }

  // --- growing --------------------------------------------------------------------------------

  /** Adds a block on all tips. */
  public Block extend() {
    return add(draft().make());
  }

  /** Adds blocks, each on all tips: a chain, if there was one tip. */
  public List<Block> extend(int count) {
    List<Block> added = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      added.add(extend());
    }
    return added;
  }

  /** Adds a chain of blocks from one block on. */
  public List<Block> branch(Hash from, int count) {
    List<Block> added = new ArrayList<>(count);
    Hash tip = from;
    for (int i = 0; i < count; i++) {
      Block block = add(draft(List.of(tip)).make());
      added.add(block);
      tip = block.hash();
    }
    return added;
  }

  /**
   * Adds blocks whose makers hear of each other's late, so that about {@code width} are parallel.
   *
   * @param width 1 for a chain
   */
  public List<Block> widen(int count, int width) {
    List<Block> added = new ArrayList<>(count);
    Set<Hash> heard = new LinkedHashSet<>(consensus.state().tips());
    Deque<Block> unheard = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      while (unheard.size() >= width || (!unheard.isEmpty() && random.nextInt(2 * width) == 0)) {
        Block news = unheard.remove();
        news.header().directParents().forEach(heard::remove);
        heard.add(news.hash());
      }
      Block block = add(draft(ordered(heard)).make());
      added.add(block);
      unheard.add(block);
    }
    return added;
  }

  /**
   * Adds a block.
   *
   * @throws IllegalArgumentException if a rule refuses it
   */
  public Block add(Block block) {
    Verdict verdict = consensus.submitBlock(block).join();
    if (!verdict.isHere()) {
      throw new IllegalArgumentException("refused: " + verdict);
    }
    blocks.add(block);
    return block;
  }

  // --- drafting -------------------------------------------------------------------------------

  /** The start of a block on all tips, or as many of them as a block may have. */
  public BlockDraft draft() {
    return draft(ordered(consensus.state().tips()));
  }

  /** The start of a block on these, whose headers must be here. */
  public BlockDraft draft(List<Hash> parents) {
    long earliest = consensus.template(parents).pastMedianTime() + 1;
    clock = Math.max(clock + random.nextLong(2 * blockTime), earliest);
    long unique = random.nextLong();
    Block template =
        consensus
            .blockTemplate(parents, BlockDraft.MINER, BlockDraft.extraData(unique), List.of())
            .join()
            .block();
    return new BlockDraft(params, template, clock, unique);
  }

  /** The selected parent first. */
  private List<Hash> ordered(Collection<Hash> hashes) {
    return consensus.read(
        dag ->
            hashes.stream()
                .sorted((a, b) -> dag.compareWork(dag.id(b), dag.id(a)))
                .limit(params.maxBlockParents())
                .toList());
  }

  @Override
  public void close() {
    consensus.close();
  }
}
