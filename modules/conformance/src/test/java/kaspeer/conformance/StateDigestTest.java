package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.body.BodyRules;
import kaspeer.consensus.utxo.UtxoDiff;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.storage.RocksDagStore;
import kaspeer.storage.StoreOptions;
import kaspeer.testkit.kill.StateDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDigestTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final ScriptPublicKey ANYONE = new ScriptPublicKey(0, new byte[] {0x51});

  @TempDir private Path folder = Path.of("");

  private RocksDagStore open(String name) {
    return RocksDagStore.open(StoreOptions.of(folder.resolve(name), PARAMS));
  }

  private static Consensus consensus(DagStore store) {
    return Consensus.open(PARAMS, store, new BodyRules(PARAMS), ConsensusOptions.defaults());
  }

  private static Block add(Consensus consensus, List<Hash> parents, int mark) {
    Block block =
        consensus
            .blockTemplate(parents, ANYONE, new byte[] {(byte) mark}, List.of())
            .join()
            .block();
    assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
    return block;
  }

  /** Some blocks on each other, two beside them in between. */
  private List<Block> mine(String name) {
    List<Block> blocks = new ArrayList<>();
    try (RocksDagStore store = open(name);
        Consensus consensus = consensus(store)) {
      for (int i = 0; i < 4; i++) {
        List<Hash> parents = consensus.state().virtualParents();
        blocks.add(add(consensus, parents, 2 * i));
        blocks.add(add(consensus, parents, 2 * i + 1));
      }
    }
    return blocks;
  }

  @Test
  void theSameBlocksInAnotherOrderGiveTheSame() {
    List<Block> blocks = mine("a");
    try (RocksDagStore store = open("b");
        Consensus consensus = consensus(store)) {
      for (int i = 0; i < blocks.size(); i++) {
        assertThat(consensus.submitBlock(blocks.get(i ^ 1)).join().isHere()).isTrue();
      }
    }
    StateDigest digest = StateDigest.of(folder.resolve("a"), PARAMS).assertSound();
    assertThat(digest.utxoCount()).isPositive();
    assertThat(digest.lanes()).isNotEmpty();
    assertThat(digest.tips()).hasSize(2).contains(digest.sink());
    assertThat(StateDigest.of(folder.resolve("b"), PARAMS).assertSound()).isEqualTo(digest);
  }

  @Test
  void aLostEntryIsSeen() {
    mine("a");
    try (RocksDagStore store = open("a")) {
      UtxoDiff diff = new UtxoDiff();
      store.forEachUtxo(
          (outpoint, entry) -> {
            if (diff.isEmpty()) {
              diff.remove(outpoint, entry);
            }
          });
      DagStore.Position same = Objects.requireNonNull(store.position());
      store.commit(List.of(new DagStore.Change.Moved(same, diff, List.of(), List.of())));
    }
    StateDigest digest = StateDigest.of(folder.resolve("a"), PARAMS);
    assertThatThrownBy(digest::assertSound).hasMessageContaining("entries after " + digest.sink());
  }
}
