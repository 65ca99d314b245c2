package kaspeer.consensus;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.utxo.Scripts;
import kaspeer.consensus.utxo.StoredUtxos;
import kaspeer.consensus.utxo.UtxoChain;
import kaspeer.consensus.utxo.Workers;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Consensus} is put together from.
 *
 * @param utxos null without UTXO validation
 */
record Parts(
    DagMemory memory,
    PipelineMetrics metrics,
    StatelessChecks stateless,
    ExecutorService workers,
    BlockProcessor processor,
    @Nullable Utxos utxos) {
  /** What only UTXO validation needs. */
  record Utxos(
      UtxoState state, VirtualQueries queries, BlockTemplates templates, SideChains tools) {}

  /** Reads the store, and brings state and store up to the blocks that are there. */
  static Parts open(Params params, DagStore store, BodyValidator bodies, ConsensusOptions options) {
    Restorer restored = new Restorer(params, store, options);
    restored.restore();
    ExecutorService workers =
        Executors.newFixedThreadPool(options.workers(), Delivery.threads("kaspeer-dag-worker"));
    try {
      return assemble(restored, store, bodies, options, workers);
    } catch (BlockProcessor.BrokenException broken) {
      workers.close();
      throw broken.getCause() instanceof RuntimeException cause ? cause : broken;
    } catch (RuntimeException | Error failure) {
      workers.close();
      throw failure;
    }
  }

  private static Parts assemble(
      Restorer restored,
      DagStore store,
      BodyValidator bodies,
      ConsensusOptions options,
      ExecutorService workers) {
    Dag dag = restored.dag();
    PipelineMetrics metrics = new PipelineMetrics();
    DagMemory memory =
        new DagMemory(dag, store, restored.invalid(), genesisState(dag), options.caches().bodies());
    StatelessChecks stateless =
        new StatelessChecks(
            memory, new HeaderIsolation(dag.params(), options.clock()), bodies, metrics);
    Scripts scripts = new Scripts(dag.params(), options.caches().signatures());
    Workers spread = new Workers(workers, options.workers());
    UtxoState state = null;
    int finalityPoint = 0;
    if (options.utxoValidation()) {
      StoredUtxos stored = new StoredUtxos(store, options.caches().utxos());
      UtxoChain chain =
          new UtxoChain(dag, dag.calculator(), memory, store, stored, scripts, spread);
      finalityPoint = chain.load();
      state = new UtxoState(chain, stored);
    }
    UtxoChain chain = state == null ? null : state.chain();
    StatePublisher publisher =
        new StatePublisher(
            memory,
            new VirtualResolver(dag, dag.calculator(), chain, finalityPoint),
            chain,
            metrics,
            restored.tips(),
            restored.bodies(),
            !options.listener().equals(ConsensusListener.NONE));
    BlockProcessor processor =
        new BlockProcessor(
            memory, store, dag.calculator(), stateless, bodies, publisher, state, options, metrics);
    Utxos utxos = null;
    if (state != null) {
      BlockTemplates templates = new BlockTemplates(dag, memory, scripts, spread, options.clock());
      utxos =
          new Utxos(
              state,
              new VirtualQueries(dag, memory, store, state, scripts),
              templates,
              new SideChains(dag, dag.calculator(), state.chain(), publisher, templates));
    }
    catchUp(processor, dag, chain, options.rebuildListener());
    return new Parts(memory, metrics, stateless, workers, processor, utxos);
  }

  /** Finds the virtual block for the first time. */
  private static void catchUp(
      BlockProcessor processor, Dag dag, @Nullable UtxoChain chain, RebuildListener listener) {
    if (chain != null) {
      chain.setProgress(
          (position, target) ->
              listener.rebuilding(
                  dag.blocks().blueScore(position), dag.blocks().blueScore(target)));
    }
    processor.flush();
    if (chain != null) {
      chain.setProgress((position, target) -> {});
    }
  }

  private static DagState genesisState(Dag dag) {
    DagState.Tip genesis = DagState.Tip.of(dag, 0);
    List<Hash> only = List.of(genesis.hash());
    return new DagState(
        0,
        0,
        only,
        genesis,
        genesis,
        only,
        0,
        0,
        0,
        genesis.hash(),
        BlueWork.ZERO,
        List.of(),
        null);
  }
}
