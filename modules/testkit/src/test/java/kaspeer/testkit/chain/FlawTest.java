package kaspeer.testkit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import kaspeer.consensus.Rule;
import kaspeer.consensus.Verdict;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlawTest {
  private static final Params WITH_WORK =
      ParamsOverride.parse("{\"skip_proof_of_work\": false}").apply(Params.of(Network.SIMNET));

  @ParameterizedTest
  @EnumSource
  void aFlawedBlockBreaksItsRuleAndNoOtherBefore(Flaw flaw) {
    try (ChainBuilder chain = new ChainBuilder(WITH_WORK, System.currentTimeMillis() - 60_000, 1)) {
      chain.widen(8, 2);
      Block block = flaw.on(chain);
      Verdict verdict = chain.consensus().submitBlock(block).join();
      assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
      assertThat(((Verdict.Invalid) verdict).rule()).isEqualTo(flaw.rule());
      if (flaw.rule().remembered()) {
        assertThat(chain.consensus().submitBlock(block).join())
            .isInstanceOfSatisfying(
                Verdict.Invalid.class,
                again -> assertThat(again.rule()).isEqualTo(Rule.KNOWN_INVALID));
      }
    }
  }
}
