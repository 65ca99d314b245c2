package kaspeer.flow;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A connected peer.
 *
 * @param number of the connection, unique in this process; the peer's actor is called {@code
 *     peer-<number>}
 * @param id what it calls itself, random per start of its process; all zero until the handshake
 *     told
 * @param address the remote end of the connection
 * @param userAgent what it calls its program: at most 256 bytes, without control characters; empty
 *     until the handshake told
 * @param protocolVersion the version that applies on this connection; 0 until the handshake told
 * @param advertisedVersion the highest version that it speaks, by its own word
 * @param timeOffset our clock minus the peer's, when its version message came
 * @param relaysTransactions whether it wants to hear of transactions
 * @param permanent whether an operator asked for it
 * @param connectedAt by the wall clock
 */
public record PeerInfo(
    long number,
    UUID id,
    InetSocketAddress address,
    Direction direction,
    String userAgent,
    int protocolVersion,
    int advertisedVersion,
    Duration timeOffset,
    boolean relaysTransactions,
    boolean permanent,
    Instant connectedAt) {

  /** The id before the handshake. */
  public static final UUID NO_ID = new UUID(0, 0);

  /** Who dialled. */
  public enum Direction {
    INBOUND,
    OUTBOUND
  }

  /** A peer of which only the connection is known. */
  public static PeerInfo connecting(
      long number, InetSocketAddress address, Direction direction, boolean permanent, Instant now) {
    return new PeerInfo(
        number, NO_ID, address, direction, "", 0, 0, Duration.ZERO, true, permanent, now);
  }

  /**
   * The peer as its version message tells of it.
   *
   * @param protocolVersion the version that applies now
   */
  public PeerInfo identified(
      UUID as,
      String agent,
      int protocolVersion,
      int advertisedVersion,
      Duration timeOffset,
      boolean relaysTransactions) {
    return new PeerInfo(
        number,
        as,
        address,
        direction,
        agent,
        protocolVersion,
        advertisedVersion,
        timeOffset,
        relaysTransactions,
        permanent,
        connectedAt);
  }

  /**
   * Whether the peer is on this machine: exempt from caps per address. It can be banned unless it
   * is permanent.
   */
  public boolean isLoopback() {
    return address.getAddress() != null && address.getAddress().isLoopbackAddress();
  }

  /** Whether the peer's user agent names this tag of a plug-in's messages. */
  public boolean speaks(String tag) {
    return userAgent.contains("/" + tag + "/");
  }

  public boolean isOutbound() {
    return direction == Direction.OUTBOUND;
  }
}
