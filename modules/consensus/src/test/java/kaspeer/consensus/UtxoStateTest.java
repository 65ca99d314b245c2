package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Supplier;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.utxo.BlockSource;
import kaspeer.consensus.utxo.Scripts;
import kaspeer.consensus.utxo.StoredUtxos;
import kaspeer.consensus.utxo.UtxoChain;
import kaspeer.consensus.utxo.Workers;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** Who may read when the store refuses. */
class UtxoStateTest {
  private final FaultyStore store = new FaultyStore();
  private final UtxoState state = state();

  private UtxoState state() {
    Dag dag = new Dag(UtxoFixture.PARAMS, 1 << 20);
    StoredUtxos stored = new StoredUtxos(store, 0);
    return new UtxoState(
        new UtxoChain(
            dag,
            dag.calculator(),
            new NoBlocks(),
            store,
            stored,
            new Scripts(UtxoFixture.PARAMS, 1 << 16),
            new Workers(Runnable::run, 0)),
        stored);
  }

  /** Nobody asks for any. */
  private static final class NoBlocks implements BlockSource {
    @Override
    public Hash hash(int id) {
      throw new AssertionError();
    }

    @Override
    public Header header(int id) {
      throw new AssertionError();
    }

    @Override
    public List<Transaction> body(int id) {
      throw new AssertionError();
    }

    @Override
    public <T> T read(Supplier<T> query) {
      throw new AssertionError();
    }

    @Override
    public void setStatus(int id, BlockStatus status) {
      throw new AssertionError();
    }
  }

  @Test
  void nobodyReadsWhatIsStoredOfAMoveThatWasNeverFinished() {
    state.checkpoint(List.of(), store);
    store.failAfter(0);
    assertThatThrownBy(
            () ->
                state.commit(
                    List.of(new DagStore.Change.Disqualified(0)),
                    store,
                    new VirtualResolver.Virtual(0, List.of(), 0, 0, 0, BlueWork.ZERO, null, null)))
        .hasMessage("the disk is full");
    state.end();
    assertThatThrownBy(() -> state.read(snapshot -> snapshot))
        .isInstanceOf(ConsensusUnavailableException.class);
  }
}
