package kaspeer.engine.dag;

import kaspeer.primitives.Hash;

/**
 * Hears what follows elsewhere from what the DAG found out about blocks. Called on the DAG's
 * thread: must not block.
 */
public interface DagListener {
  /** What came under this hash was bad, though the hash may be good: somebody else may be asked. */
  void spoilt(Hash hash);

  /** There is a verdict on what came under this hash, and nobody else need be asked for it. */
  void decided(Hash hash);

  /** An orphan that this peer brought broke a rule when its turn came. */
  void badOrphan(long origin, String detail);

  /**
   * A block that this peer brought was refused for its time alone, which is too far in the future
   * by our clock.
   *
   * @param timestamp the header's, in milliseconds since 1970, unsigned
   */
  void fromTheFuture(long origin, long timestamp);

  /** The consensus can decide nothing any more: the node must end. */
  void broken(Throwable cause);
}
