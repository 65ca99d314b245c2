package kaspeer.engine.peer;

import java.time.InstantSource;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import kaspeer.engine.Neighbours;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.extension.Extensions;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sanctions.SanctionsActor;
import kaspeer.engine.sanctions.Scores;
import kaspeer.engine.sync.SyncStatus;
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
import org.jspecify.annotations.Nullable;

/**
 * All that supervisors of peers share.
 *
 * @param policy in force now
 * @param admitsAgent whether an operator's rules let in a peer of this user agent
 * @param inboxBytes most bytes of messages that may wait for the flows of one peer, besides one
 *     message
 * @param extensions flows of plug-ins; null if there are none
 */
public record PeerEnvironment(
    FlowCatalogue catalogue,
    FlowSettings settings,
    LocalNode local,
    Supplier<Policy> policy,
    Scores scores,
    Predicate<String> admitsAgent,
    long inboxBytes,
    ActorRef<Dag> dag,
    Supplier<DagSnapshot> dagSnapshot,
    ActorRef<Mempool> mempool,
    ActorRef<RelayActor.Command> relayActor,
    ActorRef<Relay> relay,
    ActorRef<Sync> sync,
    Supplier<SyncStatus> syncStatus,
    ActorRef<Addresses> addresses,
    ActorRef<SanctionsActor.Command> sanctions,
    InstantSource clock,
    RandomGenerator random,
    EngineMetrics metrics,
    PayloadCounters counters,
    PeerLog lines,
    Neighbours neighbours,
    @Nullable Extensions extensions) {}
