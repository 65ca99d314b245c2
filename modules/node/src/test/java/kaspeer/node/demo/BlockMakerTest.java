package kaspeer.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.mempool.Admission;
import kaspeer.mempool.Mempool;
import kaspeer.mempool.MempoolOptions;
import kaspeer.mempool.VirtualTime;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.Test;

class BlockMakerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private final Params params = Params.of(Network.SIMNET);

  @Test
  void whatItMakesPassesEveryRule() {
    ConsensusOptions options =
        ConsensusOptions.defaults().withClock(InstantSource.fixed(NOW)).withWorkers(1);
    try (Consensus consensus =
        Consensus.open(params, new MemoryDagStore(), new BodyRules(params), options)) {
      BlockMaker maker = new BlockMaker(consensus, params, new SplittableRandom(1));
      for (int round = 0; round < 20; round++) {
        List<Block> siblings =
            maker.make(
                3, List.of(maker.transaction(), maker.transaction()), NOW.toEpochMilli() + round);
        for (Block block : siblings) {
          Verdict verdict = consensus.submitBlock(block).join();
          assertThat(verdict).isEqualTo(new Verdict.Accepted(block.hash(), BlockStatus.BODY));
        }
      }
      assertThat(consensus.state().blockCount()).isEqualTo(60);
      assertThat(consensus.state().tips()).hasSize(3);
    }
  }

  @Test
  void itsTransactionsAreRelayed() {
    ConsensusOptions options = ConsensusOptions.defaults().withWorkers(1);
    try (Consensus consensus =
        Consensus.open(params, new MemoryDagStore(), new BodyRules(params), options)) {
      BlockMaker maker = new BlockMaker(consensus, params, new SplittableRandom(1));
      Mempool mempool = new Mempool(params, MempoolOptions.ofBytes(1 << 20));
      assertThat(
              mempool.submit(
                  maker.transaction(), Mempool.LOCAL, new VirtualTime(1, NOW.toEpochMilli())))
          .isInstanceOf(Admission.Accepted.class);
    }
  }
}
