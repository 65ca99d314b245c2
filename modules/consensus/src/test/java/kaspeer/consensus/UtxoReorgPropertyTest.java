package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The UTXO state of random DAGs, against a replay of the selected chain from genesis. */
class UtxoReorgPropertyTest {
  private static final int BLOCKS = 50;

  private static NaiveUtxos replay(UtxoFixture fixture) {
    NaiveUtxos naive = new NaiveUtxos(fixture.consensus, UtxoFixture.PARAMS.coinbaseMaturity());
    naive.replay(fixture.sink());
    return naive;
  }

  private static List<Hash> acceptedBy(UtxoFixture fixture, Hash block) {
    return Objects.requireNonNull(fixture.consensus.acceptance(block)).merged().stream()
        .flatMap(merged -> merged.transactions().stream())
        .toList();
  }

  @Property(tries = 12)
  void theStoredStateIsThatOfAReplayFromGenesis(@ForAll Random random) {
    try (UtxoFixture fixture = new UtxoFixture()) {
      RandomDag dag = new RandomDag(fixture, random).withSpoiltBlocks();
      for (int round = 0; round < 3; round++) {
        dag.grow(BLOCKS / 3);
        NaiveUtxos naive = replay(fixture);
        assertThat(UtxoFixture.stored(fixture.store)).isEqualTo(naive.text());
        assertThat(
                Objects.requireNonNull(fixture.consensus.header(fixture.sink())).utxoCommitment())
            .isEqualTo(naive.commitment());
        naive.accepted.forEach(
            (block, ids) -> assertThat(acceptedBy(fixture, block)).isEqualTo(ids));
        assertThat(fixture.status(fixture.sink())).isEqualTo(BlockStatus.UTXO_VALID);
      }
    }
  }

  @Property(tries = 8)
  void anotherOrderAndRestartsLeadToTheSameState(@ForAll Random random) {
    List<Block> blocks;
    DagState state;
    MemoryDagStore first = new MemoryDagStore();
    try (UtxoFixture fixture = new UtxoFixture(first)) {
      RandomDag dag = new RandomDag(fixture, random).withSpoiltBlocks();
      dag.grow(BLOCKS);
      blocks = dag.blocks;
      state = fixture.consensus.state();
    }
    MemoryDagStore second = new MemoryDagStore();
    List<Block> rest = new ArrayList<>(blocks);
    while (!rest.isEmpty()) {
      try (UtxoFixture fixture = new UtxoFixture(second)) {
        for (int i = random.nextInt(20); i >= 0 && !rest.isEmpty(); i--) {
          Block next = nextOf(rest, fixture, random);
          rest.remove(next);
          fixture.add(next);
        }
      }
    }
    try (UtxoFixture fixture = new UtxoFixture(second)) {
      DagState again = fixture.consensus.state();
      assertThat(again.sink()).isEqualTo(state.sink());
      assertThat(again.tips()).containsExactlyInAnyOrderElementsOf(state.tips());
      assertThat(UtxoFixture.stored(second)).isEqualTo(UtxoFixture.stored(first));
      assertThat(UtxoFixture.lanes(second)).isEqualTo(UtxoFixture.lanes(first));
    }
  }

  /** Any block whose parents are there. */
  private static Block nextOf(List<Block> rest, UtxoFixture fixture, Random random) {
    List<Block> ready =
        rest.stream()
            .filter(
                block ->
                    block.header().directParents().stream()
                        .allMatch(parent -> fixture.status(parent).hasBody()))
            .toList();
    return ready.get(random.nextInt(ready.size()));
  }

  @Property(tries = 8)
  void eventsOfTheChainAddUpToTheSelectedChain(@ForAll Random random) {
    List<Hash> chain = new ArrayList<>();
    UtxoFixture fixture = new UtxoFixture();
    NaiveUtxos naive;
    try (fixture) {
      new RandomDag(fixture, random).withSpoiltBlocks().grow(BLOCKS);
      naive = replay(fixture);
    }
    for (ConsensusEvent.ChainChanged change : fixture.eventsOf(ConsensusEvent.ChainChanged.class)) {
      for (Hash removed : change.removed()) {
        assertThat(chain.removeLast()).isEqualTo(removed);
      }
      for (BlockAcceptance added : change.added()) {
        chain.add(added.hash());
        List<Hash> told =
            added.merged().stream().flatMap(merged -> merged.transactions().stream()).toList();
        List<Hash> expected = naive.accepted.get(added.hash());
        assertThat(told).isEqualTo(expected == null ? told : expected);
      }
    }
    assertThat(chain).containsExactlyInAnyOrderElementsOf(naive.accepted.keySet());
  }
}
