package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.Verdict;
import kaspeer.engine.TestEngine;
import kaspeer.engine.TestMiner;
import kaspeer.engine.peers.Peers.DialReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

/** Whole nodes over real connections: what one has, another fetches. */
class SyncBetweenEnginesTest {
  private static final int WIDTH = 3;

  /** Hands rounds of parallel blocks to a node, past its relay, and one block above them all. */
  private static List<Block> grow(TestEngine engine, int rounds) {
    TestMiner miner = engine.miner();
    List<Block> all = new ArrayList<>();
    for (int i = 0; i <= rounds; i++) {
      List<Hash> parents = engine.consensus().state().virtualParents();
      for (int j = 0; j < (i < rounds ? WIDTH : 1); j++) {
        Block block = miner.on(parents, (long) i * WIDTH + j);
        assertThat(engine.consensus().submitBlock(block).join())
            .isInstanceOf(Verdict.Accepted.class);
        all.add(block);
      }
    }
    return all;
  }

  private static void give(TestEngine engine, List<Block> blocks) {
    blocks.forEach(block -> engine.consensus().submitBlock(block).join());
  }

  private static void awaitSync(TestEngine from, TestEngine to) {
    to.await(
        "the same sink",
        () ->
            to.consensus().state().sink().equals(from.consensus().state().sink())
                && to.consensus().state().blockCount() == from.consensus().state().blockCount());
    to.await("synced", () -> to.engine().syncStatus().state() == SyncStatus.State.SYNCED);
    assertThat(to.consensus().state().tips())
        .containsExactlyInAnyOrderElementsOf(from.consensus().state().tips());
    assertThat(to.departures()).isEmpty();
  }

  @Test
  void a_fresh_node_fetches_all_headers_and_bodies_of_another() {
    try (TestEngine a = TestEngine.start();
        TestEngine b = TestEngine.start()) {
      grow(a, 500);

      assertThat(b.dial(a)).isInstanceOf(DialReply.Connected.class);

      awaitSync(a, b);
      assertThat(b.engine().syncStatus().stalls()).isZero();
    }
  }

  @Test
  void a_node_that_has_the_first_part_fetches_the_rest_from_two_others() {
    try (TestEngine a = TestEngine.start();
        TestEngine b = TestEngine.start();
        TestEngine c = TestEngine.start()) {
      List<Block> blocks = grow(a, 400);
      give(b, blocks);
      give(c, blocks.subList(0, 300));

      assertThat(c.dial(a)).isInstanceOf(DialReply.Connected.class);
      assertThat(c.dial(b)).isInstanceOf(DialReply.Connected.class);

      awaitSync(a, c);
    }
  }

  @Test
  void a_node_that_is_ahead_syncs_from_nobody() {
    try (TestEngine a = TestEngine.start();
        TestEngine b = TestEngine.start()) {
      List<Block> blocks = grow(a, 100);
      give(b, blocks.subList(0, 30));

      assertThat(a.dial(b)).isInstanceOf(DialReply.Connected.class);

      awaitSync(a, b);
      assertThat(a.engine().syncStatus().stalls()).isZero();
      assertThat(a.consensus().state().blockCount()).isEqualTo(301);
    }
  }
}
