package kaspeer.engine.peers;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What the admin endpoint and others may ask of the peers actor. */
public sealed interface Peers {
  record ListPeers(ActorRef<PeerList> replyTo) implements Peers {}

  record GetPeer(long number, ActorRef<Optional<PeerReport>> replyTo) implements Peers {}

  record ListDepartures(ActorRef<DepartureList> replyTo) implements Peers {}

  /** Dials an address; a permanent one again and again until it is removed. */
  record Dial(InetSocketAddress address, boolean permanent, ActorRef<DialReply> replyTo)
      implements Peers {}

  /** A permanent peer is not wanted any more; a connection to it stays. */
  record Forget(InetSocketAddress address) implements Peers {}

  /** Ends a connection. Replies whether there was one. */
  record Disconnect(long number, String reason, ActorRef<Boolean> replyTo) implements Peers {}

  record PeerList(List<PeerReport> peers) {}

  record DepartureList(List<Departure> departures) {}

  /** What became of a request to dial. */
  sealed interface DialReply {
    record Connected(long number) implements DialReply {}

    record AlreadyConnected(long number) implements DialReply {}

    record Failed(String why) implements DialReply {}
  }
}
