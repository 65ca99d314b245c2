package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.Test;

/** The pruning point of a node rises with its sink (consensus reference 7.2). */
class PruningPointTest {
  private static final int FINALITY = 8;
  private static final int DEPTH = 3 * FINALITY;

  /** With k = 0 a merged branch adds nothing to the blue score, so that depths are lengths. */
  private static final Params PARAMS =
      TestParams.simnet(TestParams.blockRate(0, 4, 12, 10, 10, FINALITY, FINALITY));

  private static Hash point(UtxoFixture fixture) {
    return fixture.consensus.state().pruningPoint();
  }

  @Test
  void itIsWhatTheSinkStatesOnceThatIsDeepEnough() {
    try (UtxoFixture fixture = new UtxoFixture(new MemoryDagStore(), PARAMS)) {
      List<Hash> chain = new ArrayList<>(List.of(UtxoFixture.GENESIS));
      for (int i = 0; i < 3 * DEPTH; i++) {
        chain.add(fixture.mine(chain.getLast()));
        Hash stated =
            Objects.requireNonNull(fixture.consensus.header(fixture.sink())).pruningPoint();
        assertThat(point(fixture)).as("on %d blocks", i + 1).isEqualTo(stated);
      }
      assertThat(chain.indexOf(point(fixture))).isEqualTo(2 * DEPTH);
    }
  }

  @Test
  void aBlockThatDoesNotHaveItInItsPastIsInvalidAlsoAfterAStart() {
    MemoryDagStore store = new MemoryDagStore();
    Block late;
    Hash point;
    try (UtxoFixture fixture = new UtxoFixture(store, PARAMS)) {
      late = fixture.make(List.of(UtxoFixture.GENESIS));
      Hash tip = UtxoFixture.GENESIS;
      for (int i = 0; i < DEPTH + FINALITY - 1; i++) {
        tip = fixture.mine(tip);
      }
      assertThat(point(fixture)).isEqualTo(UtxoFixture.GENESIS);
      fixture.mine(tip);
      point = point(fixture);
      assertThat(point).isNotEqualTo(UtxoFixture.GENESIS);
      assertIsRefused(fixture, late);
    }
    try (UtxoFixture again = new UtxoFixture(store, PARAMS)) {
      assertThat(point(again)).isEqualTo(point);
      assertIsRefused(again, late);
    }
  }

  private static void assertIsRefused(UtxoFixture fixture, Block block) {
    assertThat(fixture.consensus.submitBlock(block).join())
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            invalid -> assertThat(invalid.rule()).isEqualTo(Rule.PRUNING_VIOLATION));
  }
}
