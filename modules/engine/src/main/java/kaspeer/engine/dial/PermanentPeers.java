package kaspeer.engine.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import kaspeer.engine.net.IpRange;
import kaspeer.flow.PeerInfo;

/**
 * Peers that an operator asked for. Never banned, never evicted, dialled for ever. Safe from any
 * thread.
 */
public final class PermanentPeers {
  private final Set<InetSocketAddress> addresses = ConcurrentHashMap.newKeySet();

  /** Returns whether it is new here. */
  public boolean add(InetSocketAddress address) {
    return addresses.add(address);
  }

  public boolean remove(InetSocketAddress address) {
    return addresses.remove(address);
  }

  /** Whether a connection from this address may be from one of them, from whatever port. */
  public boolean containsHost(InetAddress host) {
    return addresses.stream().anyMatch(address -> host.equals(address.getAddress()));
  }

  /**
   * Whether a ban of this range would be one of a permanent peer's host. On loopback it is not:
   * there everybody is of one host, so the peer alone is spared, by its port.
   */
  public boolean protects(IpRange range) {
    return addresses.stream()
        .map(InetSocketAddress::getAddress)
        .anyMatch(host -> host != null && !host.isLoopbackAddress() && range.contains(host));
  }

  /**
   * What is dialled for the sake of a connected peer. Of one that dialled us only its host is
   * known, not where it would be dialled: then it is whoever is held there.
   */
  public Set<InetSocketAddress> heldFor(PeerInfo peer) {
    return peer.isOutbound()
        ? Set.of(peer.address())
        : addresses.stream()
            .filter(address -> peer.address().getAddress().equals(address.getAddress()))
            .collect(Collectors.toSet());
  }

  Set<InetSocketAddress> all() {
    return Set.copyOf(addresses);
  }
}
