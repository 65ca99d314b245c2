package kaspeer.engine.peers;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peer.PeerReport;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What the admin endpoint and others may ask of the peers actor. */
public sealed interface Peers {
  record ListPeers(ActorRef<PeerList> replyTo) implements Peers {}

  record GetPeer(long number, ActorRef<Optional<PeerReport>> replyTo) implements Peers {}

  record ListDepartures(ActorRef<DepartureList> replyTo) implements Peers {}

  /**
   * Dials an address; a permanent one again and again until it is removed, and however often that
   * is asked for.
   */
  record Dial(InetSocketAddress address, boolean permanent, ActorRef<DialReply> replyTo)
      implements Peers {}

  /**
   * An operator's order to hold a peer: dialled now, and again and again until it is removed. A
   * name is looked up for each attempt. Refused if it is held already.
   */
  record Hold(DialTarget target, ActorRef<DialReply> replyTo) implements Peers {}

  /** A permanent peer is not wanted any more; a connection to it stays. */
  record Forget(InetSocketAddress address) implements Peers {}

  /** Ends a connection. Replies whether there was one. */
  record Disconnect(long number, String reason, ActorRef<Boolean> replyTo) implements Peers {}

  /** Who is held, connected or not. */
  record ListPermanent(ActorRef<PermanentList> replyTo) implements Peers {}

  /**
   * Holds a peer no longer, and ends the connection to it. Replies whether it was held.
   *
   * @param target as it was named, or where it was last found
   */
  record ForgetPermanent(DialTarget target, ActorRef<Boolean> replyTo) implements Peers {}

  record ListLimits(ActorRef<LimitList> replyTo) implements Peers {}

  /** Another limit from now on, until the node ends; whoever is above it has to leave. */
  record SetLimit(LiveLimits.Limit limit, int value, ActorRef<LimitReply> replyTo)
      implements Peers {}

  record PermanentList(List<Permanent> peers) {}

  /**
   * A peer that is held.
   *
   * @param target as it was named
   * @param address where it was last found, null before that
   * @param failures attempts that failed since it was last connected
   */
  record Permanent(
      DialTarget target, @Nullable InetSocketAddress address, boolean connected, int failures) {}

  record LimitList(List<LimitReport> limits) {}

  /**
   * A limit.
   *
   * @param configured what the node was started with
   */
  record LimitReport(LiveLimits.Limit limit, int value, int configured) {}

  /** What became of another limit. */
  sealed interface LimitReply {
    /**
     * @param dismissed connections that were above it and end now
     */
    record Changed(LiveLimits.Limit limit, int before, int after, int dismissed)
        implements LimitReply {}

    /** Everything is as it was. */
    record Refused(String why) implements LimitReply {}
  }

  record PeerList(List<PeerReport> peers) {}

  record DepartureList(List<Departure> departures) {}

  /** What became of a request to dial. */
  sealed interface DialReply {
    record Connected(long number) implements DialReply {}

    record AlreadyConnected(long number) implements DialReply {}

    /** There is no connection for now; one that is to be held is held all the same. */
    record Failed(String why) implements DialReply {}

    /** A peer is not held by this order. */
    record NotHeld(String why) implements DialReply {}
  }
}
