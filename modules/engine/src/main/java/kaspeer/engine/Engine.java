package kaspeer.engine;

import java.util.List;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.extension.FlowHealth;
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
import org.jspecify.annotations.Nullable;

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

  /**
   * A registered flow.
   *
   * @param health how a plug-in's flow does; null for one that is built in
   */
  record RegisteredFlow(
      FlowDescriptor descriptor, String origin, FlowHealth.@Nullable Report health) {
    /** A flow that is built in. */
    public RegisteredFlow(FlowDescriptor descriptor, String origin) {
      this(descriptor, origin, null);
    }
  }
}
