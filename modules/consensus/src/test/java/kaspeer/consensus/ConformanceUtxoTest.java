package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.BlockStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies and the UTXO state of kaspad's own test DAGs (consensus reference 10.3). */
class ConformanceUtxoTest {
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
      List<BodyOf> bodies =
          file.entries().stream()
              .map(entry -> new BodyOf(entry.block().hash(), entry.block().transactions()))
              .toList();
      assertThat(consensus.submitBodies(bodies).join())
          .hasSameSizeAs(bodies)
          .allMatch(verdict -> verdict instanceof Verdict.Accepted);
      assertThat(consensus.status(consensus.state().sink().hash()))
          .isEqualTo(BlockStatus.UTXO_VALID);
      assertThat(consensus.qualify(bodies.stream().map(BodyOf::hash).toList()).join())
          .containsOnly(BlockStatus.UTXO_VALID);
    }
  }
}
