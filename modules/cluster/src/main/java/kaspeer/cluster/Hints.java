package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Peers of edges that a core dials itself, to sync from them, though another member holds them. To
 * these it shows an id of its own, or they would take it for that member and refuse it. Bounded.
 * Written by the agent; read from any thread.
 */
final class Hints {
  /** Most of them at a time. */
  static final int MAX = 8;

  /** For so long a peer may be dialled that is not connected. */
  static final Duration TIME = Duration.ofMinutes(1);

  private final Map<InetSocketAddress, Long> since = new ConcurrentHashMap<>();

  /** Returns whether this peer is to be dialled. */
  boolean take(InetSocketAddress peer, long nowNanos) {
    return since.size() < MAX && since.putIfAbsent(peer, nowNanos) == null;
  }

  boolean contains(InetSocketAddress peer) {
    return since.containsKey(peer);
  }

  /**
   * Forgets those that had their time and are not connected.
   *
   * @param connected addresses of outbound peers
   */
  void tidy(Set<InetSocketAddress> connected, long nowNanos) {
    since
        .entrySet()
        .removeIf(
            entry ->
                nowNanos - entry.getValue() > TIME.toNanos()
                    && !connected.contains(entry.getKey()));
  }
}
