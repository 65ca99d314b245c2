package kaspeer.consensus;

import java.util.List;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Dag;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The DAG at one moment. Immutable; a new one is published after each change.
 *
 * @param headerCount headers, without genesis
 * @param blockCount blocks with bodies, without genesis
 * @param tips blocks with bodies that no other such block has as a parent; if there are more than
 *     256, only those: the ones of most work that can still be merged, then the latest of others
 * @param sink the tip the virtual block selects as its parent
 * @param headersTip the header with the highest blue work, body or not
 * @param virtualParents what a new block would have as parents, the sink first
 * @param virtualDaaScore DAA score of a block on top of the virtual parents
 * @param virtualBits its compact target
 * @param pastMedianTime its past median time, in milliseconds since 1970
 * @param pruningPoint what every new block must have in its past; it rises with the sink, though
 *     nothing is pruned
 * @param mergeDepthRootWork blocks at or below this blue work can no longer be merged; zero if
 *     there is no root
 * @param violatingFinality tips that have more work than the sink and are not followed, because
 *     that would undo what is final; at most 256, those of most work
 * @param stopped why the selected chain ends below the tip it would follow; null if it does not
 */
public record DagState(
    long headerCount,
    long blockCount,
    List<Hash> tips,
    Tip sink,
    Tip headersTip,
    List<Hash> virtualParents,
    long virtualDaaScore,
    int virtualBits,
    long pastMedianTime,
    Hash pruningPoint,
    BlueWork mergeDepthRootWork,
    List<Hash> violatingFinality,
    @Nullable Stop stopped) {
  /**
   * The selected chain cannot go on, through no fault of the block that is known.
   *
   * @param block what this version cannot judge, or what merges such
   * @param why which transaction and what of it
   */
  public record Stop(Hash block, String why) {}

  /** A block and what its header says of its place. */
  public record Tip(Hash hash, long blueScore, BlueWork blueWork, long daaScore, long timestamp) {
    static Tip of(Dag dag, int id) {
      Blocks blocks = dag.blocks();
      return new Tip(
          blocks.hash(id),
          blocks.blueScore(id),
          blocks.blueWork(id),
          blocks.daaScore(id),
          blocks.timestamp(id));
    }
  }

  public DagState {
    tips = List.copyOf(tips);
    virtualParents = List.copyOf(virtualParents);
    violatingFinality = List.copyOf(violatingFinality);
  }
}
