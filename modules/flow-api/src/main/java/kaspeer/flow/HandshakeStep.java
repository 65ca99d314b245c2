package kaspeer.flow;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What the handshake flow reports to its supervisor, in this order. */
public sealed interface HandshakeStep {
  /**
   * Who the peer says it is. The supervisor registers it with the peers actor and replies; only an
   * admitted peer may go on.
   */
  record Identify(UUID id, ActorRef<Admission> replyTo) implements HandshakeStep {}

  /**
   * Versions and veracks are exchanged and all checks passed: routes of this version open now,
   * before Ready goes out.
   */
  record OpenRoutes(PeerInfo peer) implements HandshakeStep {}

  /**
   * Both sides are ready: the flows start, and the handshake flow is stopped.
   *
   * @param claimedAddress the address the peer says it can be reached at, unverified
   */
  record Ready(@Nullable InetSocketAddress claimedAddress) implements HandshakeStep {}

  /** Whether a peer of this id may stay. */
  enum Admission {
    ADMITTED,
    /** The id is our own. */
    LOOPBACK,
    /** The same id and address are connected already. */
    DUPLICATE,
    /** The last slot went to somebody else meanwhile. */
    FULL,
    /** Its address was banned while it shook hands. */
    BANNED
  }
}
