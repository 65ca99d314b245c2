package kaspeer.testkit.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class ChainBuilderTest {
  @Test
  void anotherNodeTakesEveryBlockOfAWideDag() {
    try (ChainBuilder chain = ChainBuilder.simnet(1);
        Consensus other =
            Consensus.open(
                chain.params(),
                new MemoryDagStore(),
                new BodyRules(chain.params()),
                ConsensusOptions.defaults())) {
      List<Block> made = chain.widen(1_000, 4);
      for (Block block : made) {
        assertThat(other.submitBlock(block).join()).isInstanceOf(Verdict.Accepted.class);
      }
      assertThat(other.state().sink()).isEqualTo(chain.consensus().state().sink());
      assertThat(other.state().blockCount()).isEqualTo(1_000);
      assertThat(
              made.stream()
                  .collect(Collectors.averagingInt(b -> b.header().directParents().size())))
          .as("parents a block")
          .isBetween(2.0, 4.0);
    }
  }

  @Test
  void aBranchGrowsFromWhereItIsToldTo() {
    try (ChainBuilder chain = ChainBuilder.simnet(2)) {
      chain.extend(5);
      Hash tip = chain.last().hash();
      Block side = chain.branch(chain.genesis(), 2).getLast();
      assertThat(chain.consensus().state().tips()).containsExactlyInAnyOrder(tip, side.hash());
      assertThat(chain.extend().header().directParents()).containsExactly(tip, side.hash());
    }
  }

  @Test
  void aBlockThatBreaksARuleIsNotAdded() {
    try (ChainBuilder chain = ChainBuilder.simnet(3)) {
      chain.extend();
      Block flawed = Flaw.WRONG_BLUE_SCORE.on(chain);
      assertThatThrownBy(() -> chain.add(flawed))
          .hasMessageContaining("UNEXPECTED_HEADER_BLUE_SCORE");
      assertThat(chain.blocks()).hasSize(1);
    }
  }
}
