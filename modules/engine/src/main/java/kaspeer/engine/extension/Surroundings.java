package kaspeer.engine.extension;

import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.LocalNode;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.Policy;
import org.apache.pekko.actor.typed.ActorRef;

/** What flows of plug-ins may reach of the engine. */
public record Surroundings(
    FlowSettings settings,
    LocalNode local,
    Supplier<Policy> policy,
    Supplier<DagSnapshot> dagSnapshot,
    InstantSource clock,
    RandomGenerator random,
    Actors actors) {

  /** The actors that all peers share. */
  public record Actors(
      ActorRef<Dag> dag,
      ActorRef<Mempool> mempool,
      ActorRef<Relay> relay,
      ActorRef<Sync> sync,
      ActorRef<Addresses> addresses) {}
}
