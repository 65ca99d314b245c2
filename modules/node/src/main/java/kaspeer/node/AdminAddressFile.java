package kaspeer.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kaspeer.admin.HostPort;

/**
 * Where a running node's admin endpoint is, left in its data directory for the command line client.
 */
public final class AdminAddressFile {
  /** Its name in the data directory. */
  public static final String NAME = "admin-address";

  private AdminAddressFile() {}

  /** Notes where the endpoint listens. */
  static void write(Path dataDir, InetSocketAddress listening) throws IOException {
    Files.writeString(dataDir.resolve(NAME), reach(listening) + "\n");
  }

  /**
   * How whoever is on this machine reaches it: an address that stands for all of the machine's is
   * reached by loopback.
   */
  public static HostPort reach(InetSocketAddress listening) {
    InetAddress address = listening.getAddress();
    return new HostPort(
        address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress(), listening.getPort());
  }

  /** The same of an address as it was written. */
  public static HostPort reach(HostPort named) {
    boolean isAny = List.of("0.0.0.0", "::").contains(named.host());
    return isAny ? new HostPort("127.0.0.1", named.port()) : named;
  }

  static void remove(Path dataDir) throws IOException {
    Files.deleteIfExists(dataDir.resolve(NAME));
  }

  /**
   * Where the endpoint was said to listen.
   *
   * @throws IllegalArgumentException if the file holds something else
   */
  public static HostPort read(Path file) throws IOException {
    return HostPort.parse(Files.readString(file).strip(), -1);
  }
}
