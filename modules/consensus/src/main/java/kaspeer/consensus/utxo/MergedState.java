package kaspeer.consensus.utxo;

import java.util.List;
import kaspeer.consensus.dag.Merge;
import kaspeer.crypto.MuHash;
import org.jspecify.annotations.Nullable;

/**
 * What merging does to the UTXO state of the selected parent (consensus reference 6.3). Does not
 * change once the scripts it rests on are checked; what follows from it is computed on first use,
 * by any thread.
 */
final class MergedState {
  private final Merge merge;
  private final List<MergedBlock> blocks;
  private final UtxoDiff diff;
  private final Sequencing sequencing;
  private @Nullable MuHash multisetChange;

  /**
   * @param blocks in the order of the merge
   * @param diff from the selected parent's UTXO set; not changed any more
   */
  MergedState(Merge merge, List<MergedBlock> blocks, UtxoDiff diff, Sequencing sequencing) {
    this.merge = merge;
    this.blocks = blocks;
    this.diff = diff;
    this.sequencing = sequencing;
  }

  Merge merge() {
    return merge;
  }

  /** The merged block at an index of the merge. */
  MergedBlock block(int index) {
    return blocks.get(index);
  }

  List<MergedBlock> blocks() {
    return blocks;
  }

  UtxoDiff diff() {
    return diff;
  }

  /** What the sequencing commitment takes from it. */
  Sequencing sequencing() {
    return sequencing;
  }

  /** What it multiplies the multiset by. */
  synchronized MuHash multisetChange(Workers workers) {
    MuHash change = multisetChange;
    if (change == null) {
      MultisetChange parts = new MultisetChange(diff);
      workers.run(parts.parts());
      change = parts.result();
      multisetChange = change;
    }
    return change;
  }

  synchronized boolean hasMultisetChange() {
    return multisetChange != null;
  }

  synchronized void setMultisetChange(MuHash change) {
    multisetChange = change;
  }
}
