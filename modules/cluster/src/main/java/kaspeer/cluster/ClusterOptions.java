package kaspeer.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.primitives.Network;
import kaspeer.wire.NetAddress;

/**
 * How a process is a member of a cluster.
 *
 * @param listen where other members reach this one; an address, not a name
 * @param join members to join through; none: the first of a new cluster
 * @param tls directory with {@code tls.key}, {@code tls.crt} and {@code ca.crt} (PEM); empty: no
 *     encryption, which is for loopback only
 * @param times how fast a member judges the others
 */
public record ClusterOptions(
    Network network,
    Set<Role> roles,
    InetSocketAddress listen,
    List<Contact> join,
    Optional<Path> tls,
    Times times) {
  public ClusterOptions {
    roles = Set.copyOf(roles);
    join = List.copyOf(join);
  }

  /** What a member is there for. */
  public enum Role {
    /** Has a DAG and a mempool, and lets edges use them. */
    CORE,
    /** Holds peers. One that is no core uses the DAG of one. */
    EDGE
  }

  /**
   * A member, or several: all addresses of a name are asked.
   *
   * @param host an address or a DNS name
   */
  public record Contact(String host, int port) {}

  /**
   * Times by which members judge each other.
   *
   * @param beat between two reports of a member to all others
   * @param silence of a core after which its edges look for another
   * @param slow age of an unanswered question after which an edge looks for another core
   * @param grace how long an edge keeps its peers without any core
   * @param downAfter how long others are unreachable before the greater part puts them out
   */
  public record Times(
      Duration beat, Duration silence, Duration slow, Duration grace, Duration downAfter) {
    public static final Times DEFAULT =
        new Times(
            Duration.ofMillis(250),
            Duration.ofMillis(1250),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
  }

  public boolean isCore() {
    return roles.contains(Role.CORE);
  }

  /** {@code host:port} of {@link #listen}, by which members know each other. */
  public String address() {
    return NetAddress.of(listen).toString();
  }

  /** A host as it stands before a port, and in addresses of actors: IPv6 has brackets. */
  static String host(InetAddress address) {
    String host = address.getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
