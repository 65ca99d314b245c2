package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of kaspad's own test DAGs (consensus reference 10.3). */
class ConformanceHeadersTest {
  private static final String FOLDER = "dag-json/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "goref-1060-tx-265-blocks",
        "goref-notx-5000-blocks",
        "goref_custom_pruning_depth"
      })
  void everyHeaderIsAcceptedAndEveryFieldOfItIsWhatTheRulesGive(String name) {
    DagFile file = DagFile.conformance(FOLDER + name + ".json.gz");
    List<Header> headers = file.headers();
    try (Consensus consensus = open(file, new MemoryDagStore())) {
      assertThat(consensus.submitHeaders(headers).join())
          .hasSameSizeAs(headers)
          .allMatch(
              verdict ->
                  verdict instanceof Verdict.Accepted(Hash hash, BlockStatus status)
                      && status == BlockStatus.HEADER_ONLY);
      for (Header header : headers) {
        HeaderTemplate template = consensus.template(header.directParents());
        assertThat(template.bits()).as("bits of %s", header).isEqualTo(header.bits());
        assertThat(template.daaScore()).as("DAA score of %s", header).isEqualTo(header.daaScore());
        assertThat(template.blueScore())
            .as("blue score of %s", header)
            .isEqualTo(header.blueScore());
        assertThat(template.blueWork()).as("blue work of %s", header).isEqualTo(header.blueWork());
        assertThat(template.pastMedianTime())
            .as("median time of %s", header)
            .isLessThan(header.timestamp());
        assertThat(template.pruningPoint())
            .as("pruning point of %s", header)
            .isEqualTo(header.pruningPoint());
        assertThat(template.selectedParent())
            .as("selected parent of %s", header)
            .isEqualTo(header.directParents().getFirst());
        assertSameParents(template.parents(), header.parents());
      }
    }
  }

  private static void assertSameParents(ParentsByLevel computed, ParentsByLevel stated) {
    assertThat(computed.levels()).isEqualTo(stated.levels());
    assertThat(computed.direct()).isEqualTo(stated.direct());
    for (int level = 1; level < stated.levels(); level++) {
      assertThat(new HashSet<>(computed.at(level))).isEqualTo(new HashSet<>(stated.at(level)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"goref-1060-tx-265-blocks", "goref_custom_pruning_depth"})
  void aRestartInTheMiddleLeadsToTheSameState(String name) {
    DagFile file = DagFile.conformance(FOLDER + name + ".json.gz");
    int half = file.entries().size() / 2;
    int quarter = half / 2;
    DagState straight;
    try (Consensus consensus = open(file, new MemoryDagStore())) {
      consensus.submitHeaders(file.headers()).join();
      consensus.submitBodies(bodies(file, 0, half)).join();
      straight = consensus.state();
    }
    MemoryDagStore store = new MemoryDagStore();
    DagState before;
    try (Consensus consensus = open(file, store)) {
      consensus.submitHeaders(file.headers().subList(0, half)).join();
      consensus.submitBodies(bodies(file, 0, quarter)).join();
      before = consensus.state();
    }
    try (Consensus consensus = open(file, store)) {
      assertThat(consensus.state()).isEqualTo(before);
      List<Verdict> rest =
          consensus.submitHeaders(file.headers().subList(half, file.entries().size())).join();
      assertThat(rest).allMatch(verdict -> verdict instanceof Verdict.Accepted);
      assertThat(consensus.submitBodies(bodies(file, quarter, half)).join())
          .allMatch(verdict -> verdict instanceof Verdict.Accepted);
      assertThat(consensus.state()).isEqualTo(straight);
    }
    try (Consensus consensus = open(file, store)) {
      assertThat(consensus.state()).isEqualTo(straight);
      assertThat(straight.headerCount()).isEqualTo(file.entries().size());
      assertThat(straight.blockCount()).isEqualTo(half);
    }
  }

  private static List<BlockBody> bodies(DagFile file, int from, int to) {
    return file.entries().subList(from, to).stream()
        .map(entry -> new BlockBody(entry.block().hash(), entry.block().transactions()))
        .toList();
  }

  private static Consensus open(DagFile file, DagStore store) {
    return Consensus.open(
        file.params(),
        store,
        new NoBodyRules(),
        ConsensusOptions.defaults().withUtxoValidation(false));
  }
}
