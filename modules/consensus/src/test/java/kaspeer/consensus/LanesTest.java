package kaspeer.consensus;

import static kaspeer.consensus.UtxoFixture.GENESIS;
import static kaspeer.consensus.UtxoFixture.lane;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import kaspeer.crypto.lanes.SequencingCommitment;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Transactions of version 1 in user lanes, with covenants: the lanes and what blocks commit to
 * (consensus reference 6.7), against a replay of the selected chain from genesis.
 */
class LanesTest {
  /** A lane that nothing is accepted in expires after this many blocks. */
  private static final int FINALITY_DEPTH = 12;

  private static final Params PARAMS =
      TestParams.simnet(TestParams.blockRate(3, 4, 12, 10, 10, 8, FINALITY_DEPTH));

  private static UtxoFixture fixture(DagStore store) {
    return new UtxoFixture(store, PARAMS);
  }

  /** The state that is stored, and every commitment on the way, are those of a replay. */
  private static NaiveLanes requireReplayed(UtxoFixture fixture) {
    NaiveUtxos utxos = new NaiveUtxos(fixture.consensus, PARAMS.coinbaseMaturity());
    utxos.replay(fixture.sink());
    assertThat(UtxoFixture.stored(fixture.store)).isEqualTo(utxos.text());
    NaiveLanes naive = new NaiveLanes(fixture.consensus, FINALITY_DEPTH).replay(utxos);
    naive.commitments.forEach(
        (block, commitment) ->
            assertThat(Objects.requireNonNull(fixture.consensus.header(block)))
                .extracting(header -> header.acceptedIdMerkleRoot())
                .as("commitment of %s", block)
                .isEqualTo(commitment));
    assertThat(UtxoFixture.lanes(fixture.store)).isEqualTo(naive.stored());
    return naive;
  }

  @Property(tries = 8)
  void lanesAndCommitmentsAreThoseOfAReplay(@ForAll Random random) {
    MemoryDagStore store = new MemoryDagStore();
    List<kaspeer.primitives.Block> blocks;
    try (UtxoFixture fixture = fixture(store)) {
      RandomDag dag = new RandomDag(fixture, random);
      for (int round = 0; round < 3; round++) {
        dag.grow(25);
        requireReplayed(fixture);
        assertThat(fixture.status(fixture.sink())).isEqualTo(BlockStatus.UTXO_VALID);
      }
      blocks = dag.blocks;
    }
    MemoryDagStore again = new MemoryDagStore();
    for (int from = 0; from < blocks.size(); from += 20) {
      try (UtxoFixture restarted = fixture(again)) {
        blocks.subList(from, Math.min(blocks.size(), from + 20)).forEach(restarted::add);
      }
    }
    assertThat(UtxoFixture.lanes(again)).isEqualTo(UtxoFixture.lanes(store));
    assertThat(UtxoFixture.stored(again)).isEqualTo(UtxoFixture.stored(store));
  }

  /** Spends the coinbase of a block that is mature. */
  private static Transaction spend(UtxoFixture fixture, Hash block, int lane) {
    Outpoint coinbase = fixture.coinbaseOf(block);
    return UtxoFixture.spendV1(
        coinbase, fixture.entry(coinbase), 7, 1, lane(lane), 500, lane % 2 == 0);
  }

  private static boolean isActive(UtxoFixture fixture, int lane) {
    return UtxoFixture.lanes(fixture.store).containsKey(SequencingCommitment.laneKey(lane(lane)));
  }

  @Test
  void aSilentLaneExpiresAndBeginsAnewAndAReorganisationUndoesBoth() {
    try (UtxoFixture fixture = fixture(new MemoryDagStore())) {
      Hash second = fixture.chain(GENESIS, 2);
      Hash third = fixture.mine(second);
      Hash mature = fixture.chain(third, 12);
      Hash fork = fixture.mine(fixture.mine(mature, spend(fixture, second, 1)));
      assertThat(isActive(fixture, 1)).isTrue();
      Hash last = fixture.chain(fork, FINALITY_DEPTH);
      assertThat(isActive(fixture, 1)).isTrue();
      Transaction other = spend(fixture, third, 2);
      Hash silent = fixture.mine(last);
      assertThat(isActive(fixture, 1)).isFalse();
      fixture.chain(fixture.mine(silent, spend(fixture, third, 1)), 2);
      NaiveLanes naive = requireReplayed(fixture);
      assertThat(naive.expired).isEqualTo(1);
      assertThat(naive.returned).isEqualTo(1);
      var before = UtxoFixture.lanes(fixture.store);
      Hash sink = fixture.sink();

      // A heavier branch from before the lane fell silent: on it another lane is touched.
      Hash branch = fixture.mine(last, other);
      fixture.chain(branch, 6);
      boolean moved =
          fixture.consensus.read(dag -> dag.isChainAncestor(dag.id(branch), dag.sink()));
      assertThat(moved).isTrue();
      assertThat(isActive(fixture, 1)).isFalse();
      assertThat(isActive(fixture, 2)).isTrue();
      requireReplayed(fixture);

      fixture.chain(sink, 6);
      assertThat(isActive(fixture, 1)).isTrue();
      assertThat(isActive(fixture, 2)).isFalse();
      requireReplayed(fixture);
      Hash key = SequencingCommitment.laneKey(lane(1));
      assertThat(UtxoFixture.lanes(fixture.store)).containsEntry(key, before.get(key));
    }
  }

  @Test
  void aCovenantGoesOnFromOutputToOutputAndItsIdIsKeptInTheSet() {
    try (UtxoFixture fixture = fixture(new MemoryDagStore())) {
      Hash second = fixture.chain(GENESIS, 2);
      Hash mature = fixture.chain(second, 12);
      Transaction begins = spend(fixture, second, 2);
      fixture.chain(fixture.mine(mature, begins), 1);
      Outpoint begun = new Outpoint(begins.id(), 0);
      Hash id = Objects.requireNonNull(fixture.entry(begun).covenantId());
      Transaction goesOn = UtxoFixture.spendV1(begun, fixture.entry(begun), 7, 2, lane(2), 0, true);
      fixture.chain(fixture.mine(fixture.sink(), goesOn), 1);
      assertThat(fixture.entry(new Outpoint(goesOn.id(), 1)).covenantId()).isEqualTo(id);
      requireReplayed(fixture);
    }
  }
}
