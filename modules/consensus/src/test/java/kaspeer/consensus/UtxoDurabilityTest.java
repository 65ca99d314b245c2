package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a death between any two commits leaves, and how stores without UTXO state are taken over.
 */
@Timeout(120)
class UtxoDurabilityTest {
  private static List<Block> grow(MemoryDagStore store, int count) {
    try (UtxoFixture fixture = new UtxoFixture(store)) {
      RandomDag dag = new RandomDag(fixture, new Random(20_261_123));
      dag.grow(count);
      return dag.blocks;
    }
  }

  /**
   * Hands in blocks until the store refuses; answers whether it did.
   *
   * @param toldEarly whether somebody waits for each to be stored
   */
  private static boolean feed(DagStore store, List<Block> blocks, boolean toldEarly) {
    try (Consensus consensus = open(store, true)) {
      for (Block block : blocks) {
        consensus.submitBlock(block, toldEarly ? () -> {} : null).join();
      }
      return false;
    } catch (CompletionException refused) {
      assertThat(refused).hasRootCauseMessage("the disk is full");
      return true;
    }
  }

  private static Consensus open(DagStore store, boolean utxoValidation) {
    return Consensus.open(
        UtxoFixture.PARAMS,
        store,
        new BodyRules(UtxoFixture.PARAMS),
        ConsensusOptions.defaults().withWorkers(1).withUtxoValidation(utxoValidation));
  }

  private static void assertSame(DagStore store, MemoryDagStore twin) {
    assertThat(UtxoFixture.stored(store)).isEqualTo(UtxoFixture.stored(twin));
    assertThat(UtxoFixture.lanes(store)).isEqualTo(UtxoFixture.lanes(twin));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterADeathAtAnyCommitTheStateIsThatOfABlockAndGoesOnToThatOfATwin(boolean toldEarly) {
    MemoryDagStore twin = new MemoryDagStore();
    List<Block> blocks = grow(twin, 30);
    Hash sink;
    try (Consensus consensus = open(twin, true)) {
      sink = consensus.state().sink().hash();
    }
    int cut = 1;
    boolean refused = true;
    while (refused) {
      FaultyStore store = new FaultyStore();
      store.failAfter(cut++);
      refused = feed(store, blocks, toldEarly);
      store.failAfter(Integer.MAX_VALUE);
      try (Consensus consensus = open(store, true)) {
        Hash at = consensus.state().sink().hash();
        NaiveUtxos naive = new NaiveUtxos(consensus, UtxoFixture.PARAMS.coinbaseMaturity());
        naive.replay(at);
        assertThat(UtxoFixture.stored(store)).isEqualTo(naive.text());
        for (Block block : blocks) {
          assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
        }
        assertThat(consensus.state().sink().hash()).isEqualTo(sink);
      }
      assertSame(store, twin);
    }
    assertThat(cut).isGreaterThan(20);
  }

  @Test
  void aBlockIsStoredAndToldOfBeforeTheStateThatFollowsFromIt() {
    Block block = grow(new MemoryDagStore(), 1).getFirst();
    FaultyStore store = new FaultyStore();
    List<Hash> told = new CopyOnWriteArrayList<>();
    try (Consensus consensus = open(store, true)) {
      store.failAfter(1);
      CompletableFuture<Verdict> verdict =
          consensus.submitBlock(block, () -> told.add(block.hash()));
      assertThatThrownBy(verdict::join).hasRootCauseMessage("the disk is full");
      assertThat(consensus.state().sink().hash()).isNotEqualTo(block.hash());
    }
    assertThat(told).containsExactly(block.hash());
    store.failAfter(Integer.MAX_VALUE);
    try (Consensus consensus = open(store, true)) {
      assertThat(consensus.state().sink().hash()).isEqualTo(block.hash());
    }
  }

  @Test
  void nobodyIsToldOfABlockThatIsNotTakenOrWasThere() {
    List<Block> blocks = grow(new MemoryDagStore(), 2);
    List<Hash> told = new CopyOnWriteArrayList<>();
    try (Consensus consensus = open(new MemoryDagStore(), true)) {
      for (Block block : List.of(blocks.get(1), blocks.get(0), blocks.get(0))) {
        consensus.submitBlock(block, () -> told.add(block.hash())).join();
      }
    }
    assertThat(told).containsExactly(blocks.get(0).hash());
  }

  @Test
  void aStoreWithoutUtxoStateGetsItWhenItIsOpened() {
    MemoryDagStore twin = new MemoryDagStore();
    List<Block> blocks = grow(twin, 60);
    MemoryDagStore old = new MemoryDagStore();
    try (Consensus consensus = open(old, false)) {
      for (Block block : blocks) {
        assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
      }
    }
    assertThat(old.position()).isNull();
    List<Long> heard = new ArrayList<>();
    Consensus.open(
            UtxoFixture.PARAMS,
            old,
            new BodyRules(UtxoFixture.PARAMS),
            ConsensusOptions.defaults()
                .withRebuildListener(
                    (at, target) -> {
                      assertThat(at).isLessThanOrEqualTo(target);
                      heard.add(at);
                    }))
        .close();
    assertThat(heard).isNotEmpty().isSorted();
    assertSame(old, twin);
  }

  @Test
  void whoWaitsForAStateThatWillNeverComeIsTold() throws Exception {
    FaultyStore store = new FaultyStore();
    ConsensusOptions options = ConsensusOptions.defaults().withWorkers(1);
    Parts parts = Parts.open(UtxoFixture.PARAMS, store, new BodyRules(UtxoFixture.PARAMS), options);
    UtxoState state = Objects.requireNonNull(parts.utxos()).state();
    List<Throwable> broken = new CopyOnWriteArrayList<>();
    Committer committer =
        new Committer(
            parts.processor(), new Delivery(ConsensusListener.NONE, 1 << 20), broken::add);
    // In the middle of a move, which is rare, a part of it is stored, and the disk is full.
    store.failing.set(true);
    CompletableFuture<Void> moved = new CompletableFuture<>();
    committer.add(new Committer.Task(() -> state.checkpoint(List.of(), store), moved));
    Thread thread = Thread.ofPlatform().start(committer);
    thread.join();
    assertThat(broken)
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo("the disk is full");
    CompletableFuture<Object> read =
        CompletableFuture.supplyAsync(() -> state.read(snapshot -> snapshot));
    assertThatThrownBy(() -> read.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConsensusUnavailableException.class);
    parts.workers().close();
  }

  @Test
  void aDamagedPositionIsRefused() {
    MemoryDagStore store = new MemoryDagStore();
    grow(store, 3);
    store.commit(
        List.of(
            new DagStore.Change.Moved(
                new DagStore.Position(77, 0),
                new kaspeer.consensus.utxo.UtxoDiff(),
                List.of(),
                List.of())));
    assertThatThrownBy(() -> open(store, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }
}
