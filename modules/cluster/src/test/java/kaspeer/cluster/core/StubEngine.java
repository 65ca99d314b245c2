package kaspeer.cluster.core;

import java.util.List;
import java.util.function.Supplier;
import kaspeer.engine.Engine;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.LocalNode;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;

/** An engine of which there is nothing but the actors of the DAG and the mempool. */
record StubEngine(
    ActorRef<Dag> dag, ActorRef<Mempool> mempool, List<Hash> tips, Supplier<SyncStatus> status)
    implements Engine {
  private static final Hash SOME = Hash.ofWords(1, 2, 3, 4);

  StubEngine(ActorRef<Dag> dag, ActorRef<Mempool> mempool) {
    this(dag, mempool, List.of(), () -> SyncStatus.WAITING);
  }

  @Override
  public ActorRef<Peers> peers() {
    throw new UnsupportedOperationException("peers");
  }

  @Override
  public ActorRef<Sanctions> sanctions() {
    throw new UnsupportedOperationException("sanctions");
  }

  @Override
  public ActorRef<AddressBook> addresses() {
    throw new UnsupportedOperationException("addresses");
  }

  @Override
  public ActorRef<SyncControl> sync() {
    throw new UnsupportedOperationException("sync");
  }

  @Override
  public LocalNode local() {
    throw new UnsupportedOperationException("local");
  }

  @Override
  public DagSnapshot dagSnapshot() {
    DagSnapshot.Tip tip = new DagSnapshot.Tip(SOME, 1, BlueWork.of(5), 2, 3);
    return new DagSnapshot(1, 1, tips, tip, tip, List.of(SOME), 4, 5, 6, SOME, BlueWork.ZERO);
  }

  @Override
  public SyncStatus syncStatus() {
    return status.get();
  }

  @Override
  public List<RegisteredFlow> flows() {
    return List.of();
  }
}
