package kaspeer.engine.peers;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.engine.sanctions.Scores;

/**
 * The hosts that connections come from, by number. Safe from any thread; written by the peers
 * actor.
 */
public final class PeerHosts {
  private final Map<Long, String> hosts = new ConcurrentHashMap<>();

  void connected(long peer, InetAddress address) {
    hosts.put(peer, Scores.hostOf(address).toString());
  }

  void left(long peer) {
    hosts.remove(peer);
  }

  /** What a peer's host is called; all that are gone are called the same. */
  public String of(long peer) {
    return hosts.getOrDefault(peer, "gone");
  }
}
