package kaspeer.flow.dag;

import kaspeer.primitives.Header;

/** What subscribers of the DAG hear. */
public sealed interface DagEvent {
  /**
   * A block with its body was added.
   *
   * @param origin number of the peer's connection it came from, or {@link Dag#LOCAL}
   * @param announce whether peers are to hear of it: false in a sync and below the merge depth
   */
  record BlockAdded(Header header, int transactions, long origin, boolean announce)
      implements DagEvent {}

  /** The DAG's state changed; sent at most a few times a second. */
  record StateChanged(DagSnapshot snapshot) implements DagEvent {}
}
