package kaspeer.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import kaspeer.admin.HostPort;

/** Finds the addresses of the hosts a node was told of. */
final class Resolver {
  private Resolver() {}

  /**
   * The address of a host. Blocks.
   *
   * @param option where it was named
   * @throws StartException if it has none
   */
  static InetSocketAddress resolve(HostPort host, String option) throws StartException {
    try {
      return new InetSocketAddress(InetAddress.getByName(host.host()), host.port());
    } catch (UnknownHostException e) {
      throw new StartException(option + ": no host is called '" + host.host() + "'", e);
    }
  }
}
