package kaspeer.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a node listens.
 *
 * @param ip IPv4-mapped IPv6 addresses are IPv4 ones, as {@link InetAddress} folds them
 * @param port 0 to 65,535
 */
public record NetAddress(InetAddress ip, int port) {
  /**
   * @throws IllegalArgumentException if the port is out of range
   */
  public NetAddress {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /**
   * The address of a socket.
   *
   * @throws IllegalArgumentException if it is not resolved
   */
  public static NetAddress of(InetSocketAddress socket) {
    if (socket.isUnresolved()) {
      throw new IllegalArgumentException(socket + " is not resolved");
    }
    return new NetAddress(socket.getAddress(), socket.getPort());
  }

  /** What {@link #toString} writes. Empty if the text is none. */
  public static Optional<NetAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    try {
      String host = text.substring(0, colon).replace("[", "").replace("]", "");
      return Optional.of(
          new NetAddress(InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1))));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  public InetSocketAddress toSocket() {
    return new InetSocketAddress(ip, port);
  }

  /** {@code 1.2.3.4:16111}, or {@code [2001:db8::1]:16111}. */
  @Override
  public String toString() {
    String host = ip.getHostAddress();
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
