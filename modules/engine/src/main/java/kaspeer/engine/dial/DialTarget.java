package kaspeer.engine.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A peer to hold, as an operator named it. A name is looked up for every attempt: who it stands for
 * may move.
 *
 * @param host a name or an IP address
 * @param port 0 to 65,535
 */
public record DialTarget(String host, int port) {
  public static DialTarget of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    return new DialTarget(
        ip == null ? address.getHostString() : ip.getHostAddress(), address.getPort());
  }

  /** Whether there can be a peer at an address: it is one host's, and has a port. */
  static boolean isOfPeer(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    return ip != null
        && !ip.isMulticastAddress()
        && !ip.isAnyLocalAddress()
        && address.getPort() != 0;
  }

  /** Where it is, if that is what was named; null if it is to be looked up. */
  public @Nullable InetSocketAddress literal() {
    try {
      return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    } catch (IllegalArgumentException name) {
      return null;
    }
  }

  /** {@code host:port}. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
