package kaspeer.cluster.core;

/**
 * What is called here that came from elsewhere: origins beside the numbers of connections, and
 * above all of those.
 */
final class Origins {
  /** What other cores pushed: below all peers of edges, for sessions are numbered from 1 on. */
  static final long PUSHED = 1L << 62;

  /** Of the number by which an edge knows its peer, what counts. */
  private static final int PEER_BITS = 40;

  private Origins() {}

  /**
   * A peer of an edge.
   *
   * @param session at least 1
   * @param peer what the edge calls it
   */
  static long of(int session, long peer) {
    return prefix(session) | peer & (1L << PEER_BITS) - 1;
  }

  /** What the edge of a session calls an origin; 0 if it is none of its peers. */
  static long peerOf(int session, long origin) {
    return origin >>> PEER_BITS == prefix(session) >>> PEER_BITS
        ? origin & (1L << PEER_BITS) - 1
        : 0;
  }

  private static long prefix(int session) {
    return PUSHED | (long) session << PEER_BITS;
  }
}
