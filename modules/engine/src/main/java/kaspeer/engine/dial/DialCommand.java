package kaspeer.engine.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.Link;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What the dialler takes. */
public sealed interface DialCommand {
  /**
   * An operator wants a peer. @param replyTo null if it is connected already and only to be kept
   * from now on
   */
  record Order(
      InetSocketAddress address, boolean permanent, @Nullable ActorRef<Peers.DialReply> replyTo)
      implements DialCommand {}

  /** An operator wants a peer to be held. */
  record Hold(DialTarget target, ActorRef<Peers.DialReply> replyTo) implements DialCommand {}

  /** A permanent peer is not wanted any more. */
  record Forget(InetSocketAddress address) implements DialCommand {}

  record ListHeld(ActorRef<Peers.PermanentList> replyTo) implements DialCommand {}

  /** A permanent peer is not wanted any more, nor its connection. Replies whether it was held. */
  record Release(DialTarget target, ActorRef<Boolean> replyTo) implements DialCommand {}

  /** A dialled peer is ready. */
  record Connected(PeerInfo info) implements DialCommand {}

  /** An address that was dialled only for that is through with its handshake. */
  record Answered(InetSocketAddress address) implements DialCommand {}

  /** A dialled peer did not get through its handshake. */
  record Refused(Departure departure) implements DialCommand {}

  /** An outbound peer that was ready is gone. */
  record Lost(PeerInfo info, Instant at) implements DialCommand {}

  record Linked(InetSocketAddress address, Link link) implements DialCommand {}

  record Failed(InetSocketAddress address, String why) implements DialCommand {}

  record Offered(List<NetAddress> addresses) implements DialCommand {}

  /** An address to dial only to see whether it answers. */
  record Feel(NetAddress address) implements DialCommand {}

  /** What a seeder's name stands for. */
  record Resolved(String host, List<InetAddress> addresses) implements DialCommand {}

  /** What a permanent peer's name stands for; nothing if that cannot be found out. */
  record Found(DialTarget target, List<InetAddress> addresses) implements DialCommand {}

  /** Time to see whom to dial. */
  enum Tick implements DialCommand {
    LOOK
  }

  /** The end: nobody is dialled any more. */
  enum Stop implements DialCommand {
    NOW
  }
}
