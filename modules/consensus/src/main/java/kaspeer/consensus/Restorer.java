package kaspeer.consensus;

import java.util.List;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Dag;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;

/** Makes the DAG in memory from what a store holds; puts genesis into an empty store. */
final class Restorer {
  /** Blocks after which it is looked for tips that are of no use any more. */
  private static final int TIPS_LOOKED_AT = 64;

  private final Params params;
  private final DagStore store;
  private final Dag dag;
  private final Dag.Loader loader;
  private final InvalidHashes invalid;
  private final boolean utxoValidation;
  private final Tips tips = new Tips();
  private int next;
  private long bodies;

  Restorer(Params params, DagStore store, ConsensusOptions options) {
    this.params = params;
    this.store = store;
    this.dag = new Dag(params, options.caches().windows());
    this.loader = dag.loader();
    this.utxoValidation = options.utxoValidation();
    this.invalid = new InvalidHashes(options.maxRememberedInvalid());
  }

  /**
   * Reads the store.
   *
   * @throws ForeignStoreException if it is of another network
   * @throws IllegalArgumentException if what it holds is damaged
   */
  void restore() {
    store.forEachHeader(this::visit);
    if (next == 0) {
      Block genesis = params.genesis();
      store.commit(
          List.of(
              new DagStore.Change.HeaderAdded(Blocks.GENESIS, genesis.header(), new byte[0]),
              new DagStore.Change.BodyAdded(Blocks.GENESIS, genesis.transactions())));
    } else {
      loader.finish();
    }
    dag.setStatus(Blocks.GENESIS, utxoValidation ? BlockStatus.UTXO_VALID : BlockStatus.BODY);
    for (Hash hash : store.invalidHashes()) {
      int id = dag.find(hash);
      if (id >= 0) {
        dag.setStatus(id, BlockStatus.INVALID);
      } else {
        invalid.add(hash);
      }
    }
  }

  private void visit(DagStore.StoredHeader stored) {
    if (stored.id() != next) {
      throw new IllegalArgumentException(
          "header " + stored.id() + " is stored where " + next + " should be");
    }
    Hash genesis = params.genesis().hash();
    if (next == Blocks.GENESIS && !stored.header().hash().equals(genesis)) {
      throw new ForeignStoreException(stored.header().hash(), genesis);
    }
    if (next > Blocks.GENESIS) {
      try {
        loader.add(stored.header(), stored.dagData());
      } catch (IllegalArgumentException e) {
        throw store.damaged("header " + next + ": " + e.getMessage());
      }
      if (stored.hasBody()) {
        dag.setStatus(next, utxoValidation ? stored.status() : BlockStatus.BODY);
        tips.add(next, dag.blocks().parents(next));
        bodies++;
        if (bodies % TIPS_LOOKED_AT == 0) {
          // So that each block does not cost a look at all that ever came too late. What is laid
          // aside wrongly is taken back when the virtual block is first found.
          int finalityPoint = dag.blocks().finalityPoint(next);
          tips.layAside(tip -> dag.blocks().compareWork(tip, finalityPoint) < 0);
        }
      }
    }
    next++;
  }

  Dag dag() {
    return dag;
  }

  InvalidHashes invalid() {
    return invalid;
  }

  Tips tips() {
    return tips;
  }

  /** Blocks with bodies, without genesis. */
  long bodies() {
    return bodies;
  }
}
