package kaspeer.engine.peers;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kaspeer.engine.Neighbours;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.peer.PeerCommand;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.transport.Direction;
import kaspeer.transport.Link;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Decides who may stay of those who say who they are, and sends away whom they replace. Used by the
 * peers actor.
 */
final class Introductions {
  /** A peer that waits to hear whether it may stay, until it is known of its other connection. */
  private record Waiting(long peer, UUID id, ActorRef<Admission> replyTo) {}

  private final PeerRegistry registry;
  private final ConnectedPeers connected;
  private final BanTable bans;
  private final PermanentPeers permanent;
  private final Neighbours neighbours;
  private final InstantSource clock;
  private final LocalNode local;
  private final EngineMetrics metrics;
  private final List<Waiting> waiting = new ArrayList<>(0);

  Introductions(
      PeerRegistry registry,
      ConnectedPeers connected,
      BanTable bans,
      PermanentPeers permanent,
      Neighbours neighbours,
      InstantSource clock,
      LocalNode local,
      EngineMetrics metrics) {
    this.registry = registry;
    this.connected = connected;
    this.bans = bans;
    this.permanent = permanent;
    this.neighbours = neighbours;
    this.clock = clock;
    this.local = local;
    this.metrics = metrics;
  }

  /**
   * Whether a peer that dialled us counts as permanent. On loopback a host says nothing of who
   * somebody is.
   */
  boolean isPermanentHost(Link link) {
    var host = link.remoteAddress().getAddress();
    return !host.isLoopbackAddress() && permanent.containsHost(host);
  }

  /** A connection is there, and who is behind it is to be found out. */
  PeerInfo connecting(Link link, boolean isPermanent) {
    PeerInfo.Direction direction =
        link.direction() == Direction.INBOUND
            ? PeerInfo.Direction.INBOUND
            : PeerInfo.Direction.OUTBOUND;
    PeerInfo info =
        PeerInfo.connecting(
            link.id(), link.remoteAddress(), direction, isPermanent, clock.instant());
    registry.connecting(info);
    return info;
  }

  /** A peer said who it is: answers whether it may stay, now or when that is known. */
  void identify(long peer, UUID id, ActorRef<Admission> replyTo) {
    admission(peer, id)
        .ifPresentOrElse(replyTo::tell, () -> waiting.add(new Waiting(peer, id, replyTo)));
  }

  private Optional<Admission> admission(long peer, UUID id) {
    Optional<PeerInfo> known = registry.entry(peer).map(PeerRegistry.Entry::info);
    if (known.isEmpty()) {
      return Optional.of(Admission.FULL);
    }
    PeerInfo info = known.get();
    // The ban may be younger than the connection.
    if (!info.permanent() && bans.isBanned(info.address().getAddress(), clock.instant())) {
      return Optional.of(Admission.BANNED);
    }
    // Another member calls itself as we do: to us it is somebody else.
    UUID shown =
        neighbours.isMember(info.address())
            ? UUID.nameUUIDFromBytes(info.address().toString().getBytes(StandardCharsets.UTF_8))
            : id;
    UUID told = neighbours.identity(local, info).id();
    return registry.identify(peer, shown, told, info.address().getAddress());
  }

  /** One is ready or gone, for which others may have waited. */
  private void lookAgain() {
    for (Waiting peer : List.copyOf(waiting)) {
      admission(peer.peer, peer.id)
          .ifPresent(
              admission -> {
                waiting.remove(peer);
                peer.replyTo.tell(admission);
              });
    }
  }

  /** A peer is gone. Returns what was known of it. */
  Optional<PeerRegistry.Entry> departed(long peer) {
    Optional<PeerRegistry.Entry> gone = registry.remove(peer);
    lookAgain();
    return gone;
  }

  /**
   * A peer is through with its handshake. Sends away who makes room for it, or itself if nobody
   * can: others may have come in since it said who it is. Returns whether it stays.
   */
  boolean ready(long peer) {
    PeerRegistry.Seating seating = registry.ready(peer);
    if (!seating.seated()) {
      blame(peer, ViolationCode.NO_ROOM, "no free slot");
    }
    seating
        .evicted()
        .ifPresent(
            other -> {
              metrics.evictions().increment();
              connected.tell(
                  other, new PeerCommand.Dismiss("evicted", "made room for another peer"));
            });
    lookAgain();
    return seating.seated();
  }

  private void blame(long peer, ViolationCode code, String detail) {
    connected.tell(peer, new PeerCommand.Blame(new FlowOutcome.Violation(code, detail)));
  }
}
