package kaspeer.consensus.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kaspeer.consensus.BlockBody;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagFile;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/**
 * One node learns a whole DAG from another by these queries, as in a sync (protocol reference 6).
 */
class SyncBetweenNodesTest {
  private static final String FILE = "dag-json/goref_custom_pruning_depth.json.gz";
  private static final int PAGE = 1024;
  private static final int BODIES = 99;

  private static Consensus open(DagFile file) {
    return Consensus.open(
        file.params(),
        new MemoryDagStore(),
        new BodyRules(file.params()),
        ConsensusOptions.defaults().withUtxoValidation(false));
  }

  private static <T> T found(SyncAnswer<T> answer) {
    if (answer instanceof SyncAnswer.Found<T>(T value)) {
      return value;
    }
    throw new AssertionError(answer.toString());
  }

  private static void accepted(List<Verdict> verdicts, int expected) {
    assertThat(verdicts).hasSize(expected).allMatch(verdict -> verdict instanceof Verdict.Accepted);
  }

  private static void fill(Consensus consensus, DagFile file) {
    accepted(consensus.submitHeaders(file.headers()).join(), file.entries().size());
    List<BlockBody> bodies =
        file.entries().stream()
            .map(e -> new BlockBody(e.block().hash(), e.block().transactions()))
            .toList();
    accepted(consensus.submitBodies(bodies).join(), bodies.size());
  }

  /** Asks page after page; hands each page on at once. Returns how many headers there were. */
  private static int copyHeaders(Consensus from, Consensus to, Hash high) {
    SyncQueries queries = new SyncQueries(from);
    Hash low = to.state().headersTip().hash();
    int count = 0;
    boolean last = false;
    while (!last) {
      HashPage page = found(queries.headersBetween(low, high, PAGE));
      assertThat(page.hashes()).hasSizeBetween(1, PAGE).endsWith(page.reached());
      List<Header> headers = new ArrayList<>();
      for (Hash hash : page.hashes()) {
        Header header = from.header(hash);
        assertThat(header).isNotNull();
        headers.add(Objects.requireNonNull(header));
      }
      accepted(to.submitHeaders(headers).join(), headers.size());
      count += headers.size();
      low = page.reached();
      last = page.last();
    }
    return count;
  }

  private static int copyBodies(Consensus from, Consensus to, Hash target) {
    SyncQueries queries = new SyncQueries(to);
    int count = 0;
    HashPage page = found(queries.missingBodies(target, BODIES));
    while (!page.hashes().isEmpty()) {
      assertThat(page.hashes()).hasSizeLessThanOrEqualTo(BODIES);
      List<BlockBody> bodies = new ArrayList<>();
      for (Hash hash : page.hashes()) {
        List<Transaction> body = from.body(hash);
        assertThat(body).isNotNull();
        bodies.add(new BlockBody(hash, Objects.requireNonNull(body)));
      }
      accepted(to.submitBodies(bodies).join(), bodies.size());
      count += bodies.size();
      page = found(queries.missingBodies(target, BODIES));
    }
    return count;
  }

  @Test
  void aNodeLearnsTheWholeDagOfAnother() {
    DagFile file = DagFile.conformance(FILE);
    try (Consensus from = open(file);
        Consensus to = open(file)) {
      fill(from, file);
      Hash sink = from.state().sink().hash();
      int headers = copyHeaders(from, to, sink);
      int bodies = copyBodies(from, to, sink);
      assertThat(bodies).isEqualTo(headers).isGreaterThan(4900);
      assertThat(to.state().sink()).isEqualTo(from.state().sink());
      SyncQueries queries = new SyncQueries(from);
      List<Hash> locator = found(queries.chainLocator(null, null));
      assertThat(locator)
          .startsWith(sink)
          .endsWith(file.params().genesis().hash())
          .hasSizeLessThan(64);
      assertThat(found(new SyncQueries(to).chainLocator(null, null))).isEqualTo(locator);
    }
  }

  @Test
  void antipastsAreDifferencesOfPasts() {
    DagFile file = DagFile.conformance(FILE);
    Map<Hash, Header> headers = new HashMap<>();
    file.headers().forEach(header -> headers.put(header.hash(), header));
    try (Consensus consensus = open(file)) {
      accepted(consensus.submitHeaders(file.headers()).join(), file.headers().size());
      SyncQueries queries = new SyncQueries(consensus);
      for (int at = 400; at < file.headers().size(); at += 311) {
        Hash context = file.headers().get(at).hash();
        Hash block = file.headers().get(at - 17 * (at % 20)).hash();
        Set<Hash> expected = past(headers, context);
        expected.removeAll(past(headers, block));
        assertThat(found(queries.antipast(block, context, 992)))
            .containsExactlyInAnyOrderElementsOf(expected)
            .isSortedAccordingTo(Comparator.comparing(hash -> work(headers, hash)));
      }
    }
  }

  private static BigInteger work(Map<Hash, Header> headers, Hash hash) {
    return Objects.requireNonNull(headers.get(hash)).blueWork().toBigInteger();
  }

  /** A block and all before it, but for genesis. */
  private static Set<Hash> past(Map<Hash, Header> headers, Hash block) {
    Set<Hash> past = new HashSet<>();
    ArrayDeque<Hash> queue = new ArrayDeque<>(List.of(block));
    while (!queue.isEmpty()) {
      Header header = headers.get(queue.remove());
      if (header != null && past.add(header.hash())) {
        queue.addAll(header.directParents());
      }
    }
    return past;
  }
}
