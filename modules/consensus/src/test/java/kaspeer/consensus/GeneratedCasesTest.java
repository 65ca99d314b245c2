package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random DAGs with blocks that each break one rule, as the oracle's {@code make_cases.py} writes
 * them: every block gets the verdict that is stated for it. Three of them are here; the property
 * {@code kaspeer.cases} names a file or a folder of more.
 */
class GeneratedCasesTest {
  static List<Path> files() throws IOException, URISyntaxException {
    List<Path> found = new ArrayList<>(in(cases()));
    String more = System.getProperty("kaspeer.cases");
    if (more != null) {
      found.addAll(in(Path.of(more)));
    }
    return found;
  }

  /** The folder with the cases that are always run. */
  static Path cases() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(GeneratedCasesTest.class.getResource("/cases")).toURI());
  }

  private static List<Path> in(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      List<Path> found = files.filter(Files::isRegularFile).sorted().toList();
      assertThat(found).as("cases in %s", place).isNotEmpty();
      return found;
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyBlockGetsItsVerdict(Path path) {
    DagFile file = DagFile.read(path);
    List<ConsensusEvent> events = Collections.synchronizedList(new ArrayList<>());
    List<Hash> valid = new ArrayList<>();
    Map<Hash, String> disqualified = new HashMap<>();
    try (Consensus consensus =
        Consensus.open(
            file.params(),
            new MemoryDagStore(),
            new BodyRules(file.params()),
            ConsensusOptions.defaults().withListener(events::addAll))) {
      Map<String, Integer> broken = new HashMap<>();
      for (DagFile.Entry entry : file.entries()) {
        Header header = entry.block().header();
        Verdict verdict = consensus.submitBlock(entry.block()).join();
        String rule = entry.rule();
        if (rule == null || Objects.equals(entry.stage(), "chain")) {
          assertThat(verdict).isEqualTo(new Verdict.Accepted(header.hash(), BlockStatus.BODY));
          if (rule == null) {
            valid.add(header.hash());
          } else {
            disqualified.put(header.hash(), constant(rule));
          }
          continue;
        }
        broken.merge(entry.stage(), 1, Integer::sum);
        assertThat(ruleOf(verdict)).as("%s: %s", rule, verdict).isIn(names(rule));
        BlockStatus forgotten =
            Objects.equals(entry.stage(), "header") ? BlockStatus.UNKNOWN : BlockStatus.HEADER_ONLY;
        boolean remembered =
            Objects.equals(entry.fate(), "invalid") && !rule.equals("NoTransactions");
        assertThat(consensus.status(header.hash()))
            .isEqualTo(remembered ? BlockStatus.INVALID : forgotten);
      }
      assertThat(broken).containsOnlyKeys("header", "body");
      assertThat(consensus.qualify(valid).join()).containsOnly(BlockStatus.UTXO_VALID);
      assertThat(consensus.qualify(List.copyOf(disqualified.keySet())).join())
          .containsOnly(BlockStatus.DISQUALIFIED_FROM_CHAIN);
    }
    assertThat(disqualifiedIn(events)).isEqualTo(disqualified);
  }

  private static Map<Hash, String> disqualifiedIn(List<ConsensusEvent> events) {
    Map<Hash, String> rules = new HashMap<>();
    for (ConsensusEvent event : events) {
      if (event instanceof ConsensusEvent.BlockDisqualified(Hash hash, Rule rule, String detail)) {
        rules.put(hash, rule.name());
      }
    }
    return rules;
  }

  /**
   * The oracle has one name for some of our rules. That there are no transactions is not what the
   * hash says.
   */
  private static List<String> names(String rule) {
    return switch (rule) {
      case "TxInIsolationValidationFailed" -> List.of("NO_TX_INPUTS", "TX_OUT_ZERO");
      default -> List.of(constant(rule));
    };
  }

  private static String ruleOf(Verdict verdict) {
    return verdict instanceof Verdict.Invalid invalid
        ? invalid.rule().name()
        : constant(verdict.getClass().getSimpleName());
  }

  private static String constant(String camelCase) {
    return camelCase
        .replaceAll("([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])", "$1$3_$2")
        .toUpperCase(Locale.ROOT);
  }
}
