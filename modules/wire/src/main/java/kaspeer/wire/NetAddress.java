package kaspeer.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;

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
