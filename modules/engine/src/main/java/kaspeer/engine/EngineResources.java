package kaspeer.engine;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import kaspeer.consensus.Consensus;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.metrics.Metrics;

/**
 * What an engine is given to work with.
 *
 * @param flows the built-in ones
 * @param random safe from any thread; hard to predict, for buckets and nonces depend on it
 * @param lookUp finds the addresses of a DNS name; may block, returns none if it fails
 * @param onFatal told when a part failed that the node cannot go on without
 * @param neighbours what a cluster adds
 */
public record EngineResources(
    DagHome home,
    Persistence persistence,
    List<FlowCatalogue.Registration> flows,
    Metrics metrics,
    InstantSource clock,
    RandomGenerator random,
    NameLookUp lookUp,
    Consumer<Throwable> onFatal,
    Neighbours neighbours) {
  /** Finds addresses of a name. */
  public interface NameLookUp {
    List<InetAddress> addressesOf(String host);
  }

  public EngineResources {
    flows = List.copyOf(flows);
  }

  /**
   * Of an engine on its own.
   *
   * @param consensus stays the caller's, to be closed after the engine has stopped
   * @param events the listener that the consensus was opened with
   */
  public EngineResources(
      Consensus consensus,
      ConsensusEvents events,
      Persistence persistence,
      List<FlowCatalogue.Registration> flows,
      Metrics metrics,
      InstantSource clock,
      RandomGenerator random,
      NameLookUp lookUp,
      Consumer<Throwable> onFatal) {
    this(
        new DagHome.Here(consensus, events),
        persistence,
        flows,
        metrics,
        clock,
        random,
        lookUp,
        onFatal,
        Neighbours.NONE);
  }
}
