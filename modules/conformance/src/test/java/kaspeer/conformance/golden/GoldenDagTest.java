package kaspeer.conformance.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagState;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.Verdict;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.BlockMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random DAGs as kaspad 2.1.0 (crate {@code kaspa-consensus}) saw them grow: branches, payments,
 * double spends, lanes, and before many a good block some that break one rule.
 *
 * <p>A line is one of
 *
 * <ul>
 *   <li>{@code P}, parameters to lay over simnet's;
 *   <li>{@code B}, a block as on the wire, what became of it and its status then;
 *   <li>{@code S}, the state after that: sink, virtual parents, DAA score, bits and past median
 *       time, number of tips, pruning point. kaspad draws some of the virtual parents by lot: where
 *       it drew others than we choose, they and what hangs on them are left out.
 * </ul>
 */
class GoldenDagTest {
  private static final String UNSAID = "-";

  /** A Consensus that is judged line by line. */
  private record Replay(Consensus consensus) implements AutoCloseable {
    static Replay of(String parameters) {
      Params params = ParamsOverride.parse(parameters).apply(Params.of(Network.SIMNET));
      return new Replay(
          Consensus.open(
              params, new MemoryDagStore(), new BodyRules(params), ConsensusOptions.defaults()));
    }

    void line(String line) throws IOException, ConversionException {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "B" -> block(words[1], words[2], words[3]);
        case "S" -> state(words);
        default -> throw new IllegalArgumentException(line);
      }
    }

    private void block(String hex, String outcome, String status)
        throws IOException, ConversionException {
      Block block = Blocks.fromWire(BlockMessage.parseFrom(HexFormat.of().parseHex(hex)));
      Verdict verdict =
          block.transactions().isEmpty()
              ? consensus.submitHeader(block.header()).join()
              : consensus.submitBlock(block).join();
      String name = "block " + block.hash();
      assertThat(outcome(verdict)).as(name).isEqualTo(outcome);
      BlockStatus ours = consensus.status(block.hash());
      // Whether a block beside the chain qualifies each finds out when it has to.
      if (ours != BlockStatus.BODY && !status.equals(status(BlockStatus.BODY))) {
        assertThat(status(ours)).as(name).isEqualTo(status);
      }
    }

    private static String outcome(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Accepted _, Verdict.Known _ -> "OK";
        case Verdict.MissingParents _ -> "ERR:MissingParents";
        case Verdict.Invalid(var _, var rule, var _) -> "ERR:" + camelCase(rule.name());
        case Verdict.Busy busy -> busy.toString();
      };
    }

    private static String camelCase(String name) {
      StringBuilder words = new StringBuilder();
      for (String word : name.split("_")) {
        words.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
      }
      return words.toString();
    }

    private static String status(BlockStatus status) {
      return switch (status) {
        case UNKNOWN -> UNSAID;
        case INVALID -> "StatusInvalid";
        case HEADER_ONLY -> "StatusHeaderOnly";
        case BODY -> "StatusUTXOPendingVerification";
        case UTXO_VALID -> "StatusUTXOValid";
        case DISQUALIFIED_FROM_CHAIN -> "StatusDisqualifiedFromChain";
      };
    }

    private void state(String[] words) {
      DagState state = consensus.state();
      assertThat(state.sink().hash()).hasToString(words[1]);
      if (!words[2].equals(UNSAID)) {
        assertThat(sorted(state.virtualParents())).isEqualTo(words[2]);
        assertThat(state.virtualDaaScore()).isEqualTo(Long.parseLong(words[3]));
        assertThat(state.virtualBits()).isEqualTo(Integer.parseUnsignedInt(words[4], 16));
        assertThat(state.pastMedianTime()).isEqualTo(Long.parseLong(words[5]));
      }
      if (!words[6].equals(UNSAID)) {
        assertThat(state.tips()).hasSize(Integer.parseInt(words[6]));
      }
      assertThat(state.pruningPoint()).hasToString(words[7]);
    }

    private static String sorted(Collection<Hash> hashes) {
      return hashes.stream().map(Hash::toString).sorted().collect(Collectors.joining(","));
    }

    @Override
    public void close() {
      consensus.close();
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(GoldenDagTest.class.getResourceAsStream(name), name);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
      return lines.lines().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void eachBlockHasKaspadsVerdictAndLeadsToItsState(int number)
      throws IOException, ConversionException {
    List<String> lines = lines("/golden-dags/dag-" + number + ".txt.gz");
    assertThat(lines).hasSizeGreaterThan(400);
    try (Replay replay = Replay.of(lines.getFirst().substring(2))) {
      for (String line : lines.subList(1, lines.size())) {
        replay.line(line);
      }
    }
  }
}
