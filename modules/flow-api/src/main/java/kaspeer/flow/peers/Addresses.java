package kaspeer.flow.peers;

import java.net.InetAddress;
import java.util.List;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;

/** What flows may ask of the address book. */
public sealed interface Addresses {
  /**
   * Addresses a peer told us; kept within the quota of its source, those that cannot be routed
   * dropped.
   */
  record Offer(List<NetAddress> addresses, InetAddress source) implements Addresses {}

  /** Up to {@code max} addresses to tell a peer. */
  record Sample(int max, ActorRef<Sampled> replyTo) implements Addresses {}

  record Sampled(List<NetAddress> addresses) {}
}
