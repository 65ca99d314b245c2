package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.cluster.core.RemoteHosts;
import kaspeer.cluster.edge.EdgeProxy;
import kaspeer.cluster.edge.EdgeState;
import kaspeer.engine.Engine;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the actors of a cluster: a member that was put out comes back with new ones, and
 * its engine and its peers notice nothing. Safe from any thread.
 */
final class Shared {
  final ClusterOptions options;
  final UUID memberId = UUID.randomUUID();

  /** Completes with the first id that this member shows to peers. */
  final CompletableFuture<UUID> identity = new CompletableFuture<>();

  final EdgeState edge;
  final ClusterMetrics metrics;

  /** Outbound and inbound peers that are ready, by number. */
  final Map<Long, PeerInfo> peers = new ConcurrentHashMap<>();

  /** Peers that an operator asked for, here or at another member. */
  final Set<String> permanent = ConcurrentHashMap.newKeySet();

  /** Hosts of the peers of edges that use the DAG here. */
  final RemoteHosts hosts = new RemoteHosts();

  /** Numbers of sessions; none is used twice in a process. */
  final AtomicInteger sessions = new AtomicInteger();

  /** Bans that were applied here, with their ends in milliseconds since 1970. */
  final Map<String, Long> bans = new ConcurrentHashMap<>();

  /** The id shown to peers now: another one, once this member has come into another cluster. */
  volatile @Nullable UUID shown;

  volatile @Nullable Engine engine;
  volatile String p2pAddress = "";
  volatile @Nullable ActorRef<EdgeProxy.Command> proxy;
  volatile ClusterView view = new ClusterView(List.of());

  /** Members through whom to join again. */
  final KnownMembers known = new KnownMembers();

  /** Where other cores accept peers. */
  volatile Set<InetSocketAddress> cores = Set.of();

  /** Cores that are held as permanent peers because they are cores. */
  final Set<InetSocketAddress> heldCores = ConcurrentHashMap.newKeySet();

  /** Peers of edges that this core dials too. */
  final Hints hints = new Hints();

  /** Outbound connections of all members: the peer's address, and the member that holds it. */
  volatile Map<String, String> dials = Map.of();

  volatile Set<String> members = Set.of();

  /** What the other members call themselves towards each other. */
  volatile Set<UUID> memberIds = Set.of();

  /** Edges that use the DAG here. */
  volatile int edgesServed;

  volatile boolean joined;
  volatile boolean leaving;

  Shared(ClusterOptions options, EdgeState edge, ClusterMetrics metrics) {
    this.options = options;
    this.edge = edge;
    this.metrics = metrics;
  }
}
