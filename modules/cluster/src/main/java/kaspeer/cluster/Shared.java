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
import kaspeer.engine.NodeEvent;
import kaspeer.flow.PeerInfo;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the actors of a cluster: a member that was put out comes back with new ones, and
 * its engine and its peers notice nothing. Safe from any thread.
 */
final class Shared {
  /** For so long it is known of a permanent peer that it is not wanted any more. */
  private static final long REMEMBERED = 30L * 24 * 3_600_000;

  final ClusterOptions options;
  final UUID memberId = UUID.randomUUID();

  /** Completes with the first id that this member shows to peers. */
  final CompletableFuture<UUID> identity = new CompletableFuture<>();

  final EdgeState edge;
  final ClusterMetrics metrics;

  /** Outbound and inbound peers that are ready, by number. */
  final Map<Long, PeerInfo> peers = new ConcurrentHashMap<>();

  /** Peers that an operator asked for, here or at another member. */
  final Decisions permanent = new Decisions();

  /** Peers that are dialled because another member was asked for them, until they are. */
  final Set<String> heldForOthers = ConcurrentHashMap.newKeySet();

  /** Hosts of the peers of edges that use the DAG here. */
  final RemoteHosts hosts = new RemoteHosts();

  /** Numbers of sessions; none is used twice in a process. */
  final AtomicInteger sessions = new AtomicInteger();

  /** Bans, whoever decided on them. */
  final Decisions bans = new Decisions();

  /** What is yet to happen in the engine because another member decided so. */
  final Set<NodeEvent> echoes = ConcurrentHashMap.newKeySet();

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

  /**
   * Something happened in the engine. It is noted here whether or not there are actors that tell
   * the others.
   */
  void note(NodeEvent event) {
    long now = System.currentTimeMillis();
    switch (event) {
      case NodeEvent.PeerConnected(var peer) -> peers.put(peer.number(), peer);
      case NodeEvent.PeerDisconnected(var peer, var _, var _) -> peers.remove(peer.number());
      case NodeEvent.Banned(var subject, var reason, var length) -> {
        Decision known = bans.get(subject);
        Decision fresh = new Decision(true, now, now + length.toMillis(), reason);
        if (!echoes.remove(event) && !(known != null && known.isLike(fresh))) {
          bans.decide(subject, true, fresh.until(), reason, now);
        }
      }
      case NodeEvent.Unbanned(var subject, var lifted) -> {
        Decision known = bans.get(subject);
        if (!echoes.remove(event) && known != null && known.holds()) {
          if (lifted) {
            bans.decide(subject, false, known.until(), "", now);
          } else if (known.isOver(now)) {
            // Should the clock here be wrong, it is taken over from the others once that is right.
            bans.forget(subject, known);
          }
        }
      }
      default -> {}
    }
  }

  /**
   * An operator asked for a peer, or does not want it any more. Returns whether the others are to
   * hear of it.
   */
  boolean permanent(InetSocketAddress peer, boolean held) {
    String address = NetAddress.of(peer).toString();
    boolean known = permanent.holds(address);
    boolean forOthers = held && heldForOthers.remove(address);
    if (forOthers || held == known || held && (cores.contains(peer) || heldCores.contains(peer))) {
      return false;
    }
    long now = System.currentTimeMillis();
    long until = held ? Long.MAX_VALUE : now + REMEMBERED;
    permanent.decide(address, held, until, "", now);
    return true;
  }
}
