package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.ParentsByLevel.Run;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.Flaw;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A block of each invalid kind, handed to kaspad and to us on the same DAG: the same rule refuses
 * it (consensus reference 3.1, 5). The network is a simnet that asks for proof of work, so that its
 * rule can be broken, and with limits on merging that a test can reach.
 *
 * <p>Not compared, for no block that can be handed in breaks it: the rule on compute commitments
 * that do not fit their version, which kaspad's RPC drops while it reads, and the rule on pruned
 * history, which takes a node that has pruned.
 */
@Tag("kaspad")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KaspadInvalidBlocksTest {
  private static final int MERGE_DEPTH = 40;
  private static final int MERGESET_LIMIT = 30;
  private static final String OVERRIDES =
      """
      {
        "skip_proof_of_work": false,
        "blockrate": {
          "target_time_per_block": 100,
          "ghostdag_k": 10,
          "past_median_time_sample_rate": 100,
          "difficulty_sample_rate": 40,
          "max_block_parents": 64,
          "mergeset_size_limit": %d,
          "merge_depth": %d,
          "finality_depth": 2000,
          "pruning_depth": 20000,
          "coinbase_maturity": 1000
        }
      }
      """
          .formatted(MERGESET_LIMIT, MERGE_DEPTH);
  private static final Params PARAMS =
      ParamsOverride.parse(OVERRIDES).apply(Params.of(Network.SIMNET));

  @TempDir private static Path folder = Path.of("");

  private Pair pair;

  /** The nodes, and the chain that both have. */
  private record Pair(ChainBuilder chain, Kaspad kaspad, KaspeerNode node) {
    BlockVerdicts verdicts() {
      return new BlockVerdicts(kaspad, node);
    }
  }

  @BeforeAll
  void start() throws IOException {
    Path binary = Nodes.kaspad();
    Path overrides = Files.writeString(folder.resolve("overrides.json"), OVERRIDES);
    Kaspad kaspad =
        Kaspad.start(binary, folder.resolve("a"), List.of(), "--override-params-file=" + overrides);
    KaspeerNode node =
        Nodes.startAlone(folder.resolve("k"), "--override-params", overrides.toString());
    long start = System.currentTimeMillis() - 600_000;
    pair = new Pair(new ChainBuilder(PARAMS, start, 1), kaspad, node);
    pair.chain.widen(30, 3).forEach(pair.verdicts()::accept);
  }

  @AfterAll
  void stop() {
    if (pair != null) {
      pair.node.close();
      pair.kaspad.close();
      pair.chain.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlawedBlockIsRefusedForTheSameRule(Flaw flaw) {
    Block bad = flaw.on(pair.chain);
    assertThat(pair.verdicts().sameRefusal(flaw.name(), bad)).isEqualTo(flaw.rule().name());
    String later = (flaw.rule().remembered() ? Rule.KNOWN_INVALID : flaw.rule()).name();
    if (flaw == Flaw.COVENANT_IN_OLD_VERSION) {
      // The hash does not commit to such a covenant. kaspad marks the hash invalid all the same, so
      // that a good block can be spoiled by a disfigured copy; we do not.
      assertThat(pair.verdicts().refusalOfKaspad(bad)).contains("known to be invalid");
      assertThat(pair.verdicts().ofNode(bad)).isEqualTo(later);
    } else {
      assertThat(pair.verdicts().sameRefusal(flaw.name() + " again", bad)).isEqualTo(later);
    }
  }

  @Test
  void aChildOfAStrangerIsNotTakenYet() {
    Block orphan = childOf(Hash.ofWords(1, 2, 3, 4));
    assertThat(pair.verdicts().sameRefusal("child of a stranger", orphan))
        .isEqualTo("missing parents");
  }

  @Test
  void aChildOfAnInvalidBlockIsRefused() {
    Block bad = Flaw.WRONG_BLUE_WORK.on(pair.chain);
    pair.verdicts().sameRefusal("parent", bad);
    assertThat(pair.verdicts().sameRefusal("child of an invalid block", childOf(bad.hash())))
        .isEqualTo(Rule.INVALID_PARENT.name());
  }

  private Block childOf(Hash parent) {
    return pair.chain
        .draft()
        .parents(parents -> new ParentsByLevel(List.of(new Run(250, List.of(parent)))))
        .make();
  }

  /** The last, for its side chain is a tip that no later block could merge. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aMergesetBeyondTheLimitAndOneFromBelowTheMergeRootAreRefused() {
    Hash fork = pair.chain.extend().hash();
    pair.verdicts().accept(pair.chain.last());
    List<Block> main = pair.chain.branch(fork, MERGE_DEPTH + 5);
    List<Block> side = pair.chain.branch(fork, MERGESET_LIMIT);
    main.forEach(pair.verdicts()::accept);
    side.forEach(pair.verdicts()::accept);
    Hash tip = main.getLast().hash();
    assertThat(
            pair.verdicts().sameRefusal("mergeset", pair.chain.draft(parents(tip, side, 0)).make()))
        .isEqualTo(Rule.MERGE_SET_TOO_BIG.name());
    assertThat(
            pair.verdicts()
                .sameRefusal(
                    "merge depth", pair.chain.draft(parents(tip, side, side.size() - 3)).make()))
        .isEqualTo(Rule.VIOLATING_BOUNDED_MERGE_DEPTH.name());
  }

  private static List<Hash> parents(Hash tip, List<Block> side, int fromItsEnd) {
    return List.of(tip, side.get(side.size() - 1 - fromItsEnd).hash());
  }
}
