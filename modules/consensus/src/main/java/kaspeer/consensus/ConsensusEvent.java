package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/** What changed in the DAG. By the time it is told, it is stored. */
public sealed interface ConsensusEvent {
  /** A block has its body now. Parents are told before their children. */
  record BlockAdded(Header header, int transactions) implements ConsensusEvent {}

  /** Headers came without bodies. */
  record HeadersAdded(int count, DagState.Tip headersTip) implements ConsensusEvent {}

  /** A block broke a rule that is remembered. */
  record BlockInvalidated(Hash hash, Rule rule) implements ConsensusEvent {}

  /** A block will never be on the selected chain; it stays in the DAG and may be merged. */
  record BlockDisqualified(Hash hash, Rule rule, String detail) implements ConsensusEvent {}

  /**
   * The selected chain cannot go on through a block that this version cannot judge; until the node
   * is replaced by one that can, its chain ends below this block, and it may be on its own. Told
   * once for each such block and again after a restart; {@link DagState#stopped} says whether it is
   * so now.
   */
  record ChainStopped(Hash hash, String detail) implements ConsensusEvent {}

  /**
   * A tip has more work than the sink, and is not followed, as its chain is without the finality
   * point (consensus reference 7.3): most of the work of the network may be on another branch. Told
   * once for each such tip and again after a restart.
   */
  record FinalityViolated(Hash hash) implements ConsensusEvent {}

  /**
   * Blocks left and came to the selected chain. Without UTXO validation this is not told.
   *
   * @param removed from the old sink downwards
   * @param added upwards to the new sink, with the transactions they accepted; if these are very
   *     many, the upper blocks come without (see {@link BlockAcceptance#merged})
   */
  record ChainChanged(List<Hash> removed, List<BlockAcceptance> added) implements ConsensusEvent {
    public ChainChanged {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
    }
  }

  /** Another block is the sink. The new one need not be above the old one. */
  record SinkChanged(DagState.Tip before, DagState.Tip after) implements ConsensusEvent {}

  /** The last event of each commit: the snapshot as of now. */
  record StateChanged(DagState state) implements ConsensusEvent {}

  /**
   * The store failed, or the code did. Nothing is accepted any more; the node should end, and start
   * again.
   */
  record Failed(Throwable cause) implements ConsensusEvent {}
}
