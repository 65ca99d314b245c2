package kaspeer.engine;

import java.util.List;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.LocalNode;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The doors of a running engine, for those who ask it things: the admin endpoint, the command line,
 * tests.
 */
public interface Engine {
  ActorRef<Dag> dag();

  ActorRef<Mempool> mempool();

  ActorRef<Peers> peers();

  ActorRef<Sanctions> sanctions();

  ActorRef<AddressBook> addresses();

  ActorRef<SyncControl> sync();

  LocalNode local();

  /** The latest published state of the DAG. */
  DagSnapshot dagSnapshot();

  /** The latest published state of the sync. */
  SyncStatus syncStatus();

  /** Every registered flow with where it came from: {@code built-in} or a plug-in's file. */
  List<RegisteredFlow> flows();

  /** A registered flow. */
  record RegisteredFlow(FlowDescriptor descriptor, String origin) {}
}
