package kaspeer.flow.dag;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/** What subscribers of the DAG hear. */
public sealed interface DagEvent {
  /**
   * A block with its body was added and is stored. Of one that was relayed or submitted this is
   * told at once: what follows from it for the state comes a moment later.
   *
   * @param origin number of the peer's connection it came from, or {@link Dag#LOCAL}
   * @param announce whether peers are to hear of it: false in a sync and below the merge depth
   */
  record BlockAdded(Header header, int transactions, long origin, boolean announce)
      implements DagEvent {}

  /**
   * What follows from a block that was added is found: virtual has seen it. This comes once for
   * each block with a body, after the change of the chain that it led to.
   */
  record BlockSettled(Hash hash, int transactions) implements DagEvent {}

  /**
   * Blocks left and came to the selected chain.
   *
   * @param removed from the old sink downwards
   * @param added upwards to the new sink, with what they accepted; if that are some hundred
   *     thousand transactions, the upper blocks come without (see {@link AcceptedBlock#merged})
   */
  record ChainChanged(List<Hash> removed, List<AcceptedBlock> added) implements DagEvent {
    public ChainChanged {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
    }
  }

  /**
   * A block will never be on the selected chain; it stays in the DAG and may be merged.
   *
   * @param rule name of the consensus rule
   */
  record BlockDisqualified(Hash hash, String rule, String detail) implements DagEvent {}

  /**
   * The selected chain cannot go on through a block that this version of the node cannot judge: it
   * may be on its own from here on.
   */
  record ChainStopped(Hash hash, String detail) implements DagEvent {}

  /** A tip has more work than the sink and is not followed: that would undo what is final. */
  record FinalityViolated(Hash tip) implements DagEvent {}

  /** The DAG's state changed; sent at most a few times a second. */
  record StateChanged(DagSnapshot snapshot) implements DagEvent {}
}
