package kaspeer.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import kaspeer.consensus.BodyValidator;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.HeaderTemplate;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;

/**
 * Two branches of the DAG that do not know of each other, each growing on: how long a block takes
 * until it is decided about, of which the virtual block, whose parents are chosen anew for each.
 * Every line is the mean of a stretch of blocks at that length of the branches.
 */
public final class SideBranches {
  private static final int LENGTH = 1_200;
  private static final int STRETCH = 100;

  private static final BodyValidator ANY_BODY =
      new BodyValidator() {
        @Override
        public void validateInIsolation(Header header, List<Transaction> transactions) {}

        @Override
        public void validateInContext(
            Header header, List<Transaction> transactions, long pastMedianTime) {}
      };

  private final SplittableRandom random = new SplittableRandom(1);
  private long clock;

  private SideBranches() {}

  /**
   * @param args none
   */
  public static void main(String[] args) {
    new SideBranches().run(Params.of(Network.SIMNET));
  }

  private void run(Params params) {
    clock = params.genesis().header().timestamp();
    try (Consensus consensus =
        Consensus.open(
            params,
            new MemoryDagStore(),
            ANY_BODY,
            ConsensusOptions.defaults().withUtxoValidation(false))) {
      Hash[] tips = new Hash[2];
      Arrays.fill(tips, params.genesis().hash());
      for (int length = 0; length < LENGTH; length += STRETCH) {
        long virtualBefore = consensus.metrics().virtualNanos();
        long start = System.nanoTime();
        for (int i = 0; i < STRETCH; i++) {
          for (int branch = 0; branch < tips.length; branch++) {
            tips[branch] = add(consensus, tips[branch]);
          }
        }
        int blocks = tips.length * STRETCH;
        System.out.printf(
            Locale.ROOT,
            "branches of %,5d blocks: %.2f ms a block, %.2f ms of them for the virtual block%n",
            length + STRETCH,
            (System.nanoTime() - start) / 1e6 / blocks,
            (consensus.metrics().virtualNanos() - virtualBefore) / 1e6 / blocks);
      }
    }
  }

  private Hash add(Consensus consensus, Hash parent) {
    HeaderTemplate template = consensus.template(List.of(parent));
    clock = Math.max(clock + 33, template.pastMedianTime() + 1);
    Hash any =
        Hash.ofWords(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    Header header = template.header(any, any, any, clock, random.nextLong());
    Verdict verdict = consensus.submitBlock(new Block(header, List.of())).join();
    if (!(verdict instanceof Verdict.Accepted)) {
      throw new IllegalStateException("a block was refused: " + verdict);
    }
    return header.hash();
  }
}
