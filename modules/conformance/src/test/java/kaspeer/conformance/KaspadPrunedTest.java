package kaspeer.conformance;

import static kaspeer.conformance.Nodes.SYNC_LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kaspad that has deleted its history, on a network old enough that its pruning point has moved
 * often, beside a node that keeps all.
 */
@Tag("kaspad")
class KaspadPrunedTest {
  private static final int FINALITY_DEPTH = 100;
  private static final int PRUNING_DEPTH = 500;

  /** The pruning point has moved so often by then that kaspad has forgotten genesis as one. */
  private static final int BLOCKS = 1_200;

  /** More than a node fetches as ancestors of one orphan, and less than kaspad prunes. */
  private static final int MISSED = 300;

  private static final String OVERRIDES =
      """
      {
        "blockrate": {
          "target_time_per_block": 100,
          "ghostdag_k": 5,
          "past_median_time_sample_rate": 10,
          "difficulty_sample_rate": 4,
          "max_block_parents": 10,
          "mergeset_size_limit": 30,
          "merge_depth": 60,
          "finality_depth": %d,
          "pruning_depth": %d,
          "coinbase_maturity": 20
        }
      }
      """
          .formatted(FINALITY_DEPTH, PRUNING_DEPTH);

  @TempDir private Path folder = Path.of("");

  private Path binary = Path.of("");
  private Path overrides = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    binary = Nodes.kaspad();
    overrides = Files.writeString(folder.resolve("overrides.json"), OVERRIDES);
  }

  private Kaspad kaspad(String name, KaspeerNode... connect) {
    return Kaspad.start(
        binary,
        folder.resolve(name),
        Arrays.stream(connect).map(KaspeerNode::p2pAddress).toList(),
        "--override-params-file=" + overrides);
  }

  private KaspeerNode node() {
    return Nodes.startAlone(folder.resolve("k"), "--override-params", overrides.toString());
  }

  private static SimnetMiner miner(Kaspad kaspad) {
    return new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1));
  }

  private static void mine(KaspeerNode node) {
    KaspeerMiner miner =
        new KaspeerMiner(node, AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(2));
    for (int i = 0; i < MISSED; i++) {
      miner.mineOne();
    }
  }

  /**
   * Counts and tips are not compared: kaspad counts what it has left, and sees side blocks of ours
   * later. Its pruning point follows its sink after a while.
   */
  private static void awaitSameSink(KaspeerNode node, Kaspad kaspad) {
    Await.until(
        "same sink and pruning point",
        SYNC_LIMIT,
        () -> {
          JsonNode ours = node.get("dag");
          JsonNode theirs = kaspad.rpc().dag();
          return ours.get("sink").equals(theirs.get("sink"))
              && ours.get("pruningPointHash").equals(theirs.get("pruningPointHash"));
        },
        () ->
            node.get("dag")
                + "\n"
                + kaspad.rpc().dag()
                + "\n"
                + Nodes.tail(node.log())
                + "\n"
                + Nodes.tail(kaspad.log()));
  }

  @Test
  void itCatchesUpFromUsAndWeFromItAndAFreshOneHasAllFromUs() {
    try (KaspeerNode node = node()) {
      try (Kaspad kaspad = kaspad("a")) {
        Nodes.connect(node, kaspad.p2pAddress());
        Nodes.awaitPeers(node, 1);
        miner(kaspad).mine(BLOCKS, 1, 3);
        awaitSameSink(node, kaspad);
        assertThat(kaspad.rpc().dag().get("blockCount").asInt()).as("pruned").isLessThan(BLOCKS);
      }
      mine(node);
      try (Kaspad kaspad = kaspad("a", node)) {
        awaitSameSink(node, kaspad);
        assertThat(kaspad.log()).contains("IBD with peer").doesNotContain("flow error");
      }
      try (Kaspad fresh = kaspad("b", node)) {
        awaitSameSink(node, fresh);
      }
    }
    try (Kaspad kaspad = kaspad("a")) {
      miner(kaspad).mine(MISSED, 1, 3);
      try (KaspeerNode node = node()) {
        Nodes.connect(node, kaspad.p2pAddress());
        awaitSameSink(node, kaspad);
      }
    }
  }
}
