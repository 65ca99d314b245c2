package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies and the UTXO state of kaspad's own test DAGs (consensus reference 10.3). */
class ConformanceUtxoTest {
  private static final int PIECE = 1000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "goref-1060-tx-265-blocks",
        "goref-notx-5000-blocks",
        "goref_custom_pruning_depth"
      })
  void everyBlockQualifies(String name) {
    DagFile file = DagFile.conformance("dag-json/" + name + ".json.gz");
    try (Consensus consensus =
        Consensus.open(
            file.params(),
            new MemoryDagStore(),
            new BodyRules(file.params()),
            ConsensusOptions.defaults())) {
      assertThat(consensus.submitHeaders(file.headers()).join())
          .allMatch(verdict -> verdict instanceof Verdict.Accepted);
      List<BlockBody> bodies =
          file.entries().stream()
              .map(entry -> new BlockBody(entry.block().hash(), entry.block().transactions()))
              .toList();
      assertThat(consensus.submitBodies(bodies).join())
          .hasSameSizeAs(bodies)
          .allMatch(verdict -> verdict instanceof Verdict.Accepted);
      assertThat(consensus.status(consensus.state().sink().hash()))
          .isEqualTo(BlockStatus.UTXO_VALID);
      assertThat(consensus.qualify(bodies.stream().map(BlockBody::hash).toList()).join())
          .containsOnly(BlockStatus.UTXO_VALID);
    }
  }

  /**
   * In pieces of a thousand blocks, with a restart after each; then the whole set is as it has to
   * be.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "goref-1060-tx-265-blocks",
        "goref-notx-5000-blocks",
        "goref_custom_pruning_depth"
      })
  void theUtxoSetIsTheNaiveOneAfterManyRestarts(String name) {
    DagFile file = DagFile.conformance("dag-json/" + name + ".json.gz");
    MemoryDagStore store = new MemoryDagStore();
    List<DagFile.Entry> rest = file.entries();
    while (!rest.isEmpty()) {
      List<DagFile.Entry> piece = rest.subList(0, Math.min(PIECE, rest.size()));
      rest = rest.subList(piece.size(), rest.size());
      try (Consensus consensus = open(file.params(), store)) {
        for (DagFile.Entry entry : piece) {
          assertThat(consensus.submitHeader(entry.block().header()).join().isHere()).isTrue();
        }
        List<BlockBody> bodies =
            piece.stream()
                .map(entry -> new BlockBody(entry.block().hash(), entry.block().transactions()))
                .toList();
        assertThat(consensus.submitBodies(bodies).join())
            .hasSameSizeAs(bodies)
            .allMatch(verdict -> verdict instanceof Verdict.Accepted);
      }
    }
    try (Consensus consensus = open(file.params(), store)) {
      DagState state = consensus.state();
      assertThat(state.blockCount()).isEqualTo(file.entries().size());
      NaiveUtxos naive = new NaiveUtxos(consensus, file.params().coinbaseMaturity());
      naive.replay(state.sink().hash());
      assertThat(UtxoFixture.stored(store)).isNotEmpty().isEqualTo(naive.text());
      assertThat(consensus.header(state.sink().hash()))
          .extracting(Header::utxoCommitment)
          .isEqualTo(naive.commitment());
    }
  }

  private static Consensus open(Params params, DagStore store) {
    return Consensus.open(params, store, new BodyRules(params), ConsensusOptions.defaults());
  }
}
