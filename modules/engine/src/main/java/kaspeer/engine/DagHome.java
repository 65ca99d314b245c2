package kaspeer.engine;

import java.util.function.Consumer;
import java.util.function.Supplier;
import kaspeer.consensus.Consensus;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Sync;
import org.apache.pekko.actor.typed.ActorRef;

/** Where the DAG and the mempool of an engine are. */
public sealed interface DagHome {
  /**
   * In this process.
   *
   * @param consensus stays the caller's, to be closed after the engine has stopped
   * @param events the listener that the consensus was opened with
   */
  record Here(Consensus consensus, ConsensusEvents events) implements DagHome {}

  /**
   * On another machine, spoken to through these.
   *
   * @param left hears of peers that are gone
   * @param connect called once, when those are there whom the far DAG has something to tell
   */
  record Elsewhere(
      ActorRef<Dag> dag,
      ActorRef<Mempool> mempool,
      ActorRef<Sync> sync,
      ActorRef<DagActor.Command> left,
      Supplier<DagSnapshot> snapshots,
      Supplier<SyncStatus> syncStatus,
      Consumer<Listeners> connect)
      implements DagHome {}

  /** Who hears of what became of blocks and transactions besides those who asked. */
  record Listeners(ActorRef<RelayActor.Command> relay, ActorRef<PeersCommand> peers) {}
}
