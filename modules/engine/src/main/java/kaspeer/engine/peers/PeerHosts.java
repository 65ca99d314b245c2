package kaspeer.engine.peers;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import kaspeer.engine.net.IpRange;

/**
 * The hosts that connections come from, by number. Safe from any thread; written by the peers
 * actor.
 */
public final class PeerHosts {
  private final Map<Long, String> hosts = new ConcurrentHashMap<>();

  void connected(long peer, InetAddress address) {
    hosts.put(peer, name(address));
  }

  void left(long peer) {
    hosts.remove(peer);
  }

  /**
   * What a peer's host is called.
   *
   * @param others what to call one that is not connected here
   */
  public String of(long peer, LongFunction<String> others) {
    String host = hosts.get(peer);
    return host == null ? others.apply(peer) : host;
  }

  /** What a host is called. */
  public static String name(InetAddress address) {
    return IpRange.hostOf(address).toString();
  }
}
