package kaspeer.cluster.core;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.engine.Neighbours;

/**
 * The hosts of the peers of all edges, by what those peers are called here: so that a host has one
 * share of the mempool, through whatever door it comes, and takes nothing of the share of others.
 * Bounded by the peers that a session knows. Safe from any thread.
 */
public final class RemoteHosts {
  /** Longer than any address. */
  private static final int LONGEST = 64;

  private final Map<Long, String> hosts = new ConcurrentHashMap<>();

  /**
   * A peer brought something.
   *
   * @param host empty if its edge does not know it
   */
  void brought(long origin, String host) {
    String name = host.isEmpty() ? "peer " + Long.toHexString(origin) : host;
    hosts.put(origin, name.substring(0, Math.min(name.length(), LONGEST)));
  }

  void left(long origin) {
    hosts.remove(origin);
  }

  /** What the host of an origin is called; all that have left are called the same. */
  public String of(long origin) {
    return hosts.getOrDefault(origin, Neighbours.GONE);
  }
}
