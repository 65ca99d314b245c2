package kaspeer.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.LocalNode;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** A running engine, for those who ask it things. */
record EngineHandle(
    LocalNode started,
    Neighbours neighbours,
    EngineStart start,
    EngineActors actors,
    Metrics metrics,
    Optional<InetSocketAddress> listening,
    Supplier<CompletionStage<Done>> stopper)
    implements RunningEngine {
  /** As peers are told of it now: in a cluster the id may change. */
  @Override
  public LocalNode local() {
    return started.withId(neighbours.id(started.id()));
  }

  @Override
  public ActorRef<Dag> dag() {
    return actors.dag();
  }

  @Override
  public ActorRef<Mempool> mempool() {
    return actors.mempool();
  }

  @Override
  public ActorRef<Peers> peers() {
    return Facades.as(Peers.class, actors.peers());
  }

  @Override
  public ActorRef<Sanctions> sanctions() {
    return Facades.as(Sanctions.class, actors.sanctions());
  }

  @Override
  public ActorRef<AddressBook> addresses() {
    return Facades.as(AddressBook.class, actors.addresses());
  }

  @Override
  public ActorRef<SyncControl> sync() {
    return actors.sync();
  }

  @Override
  public DagSnapshot dagSnapshot() {
    return actors.snapshots().get();
  }

  @Override
  public SyncStatus syncStatus() {
    return actors.syncStatus().get();
  }

  @Override
  public List<RegisteredFlow> flows() {
    return start.flows();
  }

  @Override
  public CompletionStage<Done> stop() {
    return stopper.get();
  }
}
