package kaspeer.engine.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kaspeer.engine.dial.DialCommand;
import kaspeer.engine.dial.DialPurpose;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.transport.Link;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** What the peers actor takes, besides {@link Peers}. */
public sealed interface PeersCommand {
  record Outside(Peers request) implements PeersCommand {}

  /** A peer dialled us. */
  record Accepted(Link link) implements PeersCommand {}

  /** We dialled a peer. @param replyTo hears how the handshake ended */
  record Dialled(Link link, DialPurpose purpose, ActorRef<DialCommand> replyTo)
      implements PeersCommand {}

  record Identify(long peer, UUID id, ActorRef<Admission> replyTo) implements PeersCommand {}

  record Introduced(PeerInfo info) implements PeersCommand {}

  record Ready(long peer, Optional<InetSocketAddress> claimed) implements PeersCommand {}

  record Pinged(long peer, Duration roundTrip) implements PeersCommand {}

  record Departed(Departure departure) implements PeersCommand {}

  record Stopped(long peer) implements PeersCommand {}

  /**
   * Transactions that peers are to hear of.
   *
   * @param again whether also those are that have heard of them, as they may have forgotten
   */
  record Announce(List<Hash> transactions, boolean again) implements PeersCommand {}

  /** Something that a peer brought turned out bad after its flow had done with it. */
  record Blame(long peer, ViolationCode code, String detail) implements PeersCommand {}

  /** Ends all connections; others may come. */
  record SendAway(String reason, String detail) implements PeersCommand {}

  /** Ends all connections, then says so. */
  record Shutdown(ActorRef<Done> replyTo) implements PeersCommand {}

  record DagChanged(DagEvent event) implements PeersCommand {}

  record Banned(String subject, String reason) implements PeersCommand {}

  /** What is done by the clock. */
  enum Tick implements PeersCommand {
    TRANSACTIONS,
    SINK,
    SHUTDOWN_LATE
  }
}
