package kaspeer.consensus;

import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/** What changed in the DAG. By the time it is told, it is stored. */
public sealed interface DagEvent {
  /** A block has its body now. Parents are told before their children. */
  record BlockAdded(Header header) implements DagEvent {}

  /** Headers came without bodies. */
  record HeadersAdded(int count, DagState.Tip headersTip) implements DagEvent {}

  /** A block broke a rule that is remembered. */
  record BlockInvalidated(Hash hash, Rule rule) implements DagEvent {}

  /** Another block is the sink. The new one need not be above the old one. */
  record SinkChanged(DagState.Tip before, DagState.Tip after) implements DagEvent {}

  /** The last event of each commit: the snapshot as of now. */
  record StateChanged(DagState state) implements DagEvent {}

  /**
   * The store failed, or the code did. Nothing is accepted any more; the node should end, and start
   * again.
   */
  record Failed(Throwable cause) implements DagEvent {}
}
