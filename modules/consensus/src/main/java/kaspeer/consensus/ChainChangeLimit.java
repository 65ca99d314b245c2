package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import kaspeer.primitives.Hash;

/** How many ids of transactions a change of the selected chain is told with. */
final class ChainChangeLimit {
  /**
   * Ids in one event, some 100 bytes of heap each. More than one commit of a sync brings, whose
   * bodies are bounded in bytes. A reorganisation as deep as finality allows may have hundreds of
   * times as many, which would all be held at once, by each who hears of it.
   */
  static final int MAX = 250_000;

  private ChainChangeLimit() {}

  /**
   * What blocks accepted, in their order. When {@code most} ids are reached, the blocks after that
   * come without.
   *
   * @param acceptance may be slow; not asked for more than is told
   */
  static List<BlockAcceptance> of(
      int[] blocks, IntFunction<Hash> hash, IntFunction<BlockAcceptance> acceptance, int most) {
    List<BlockAcceptance> told = new ArrayList<>(blocks.length);
    int ids = 0;
    for (int block : blocks) {
      if (ids >= most) {
        told.add(BlockAcceptance.untold(hash.apply(block)));
        continue;
      }
      BlockAcceptance accepted = acceptance.apply(block);
      for (BlockAcceptance.Merged merged : accepted.merged()) {
        ids += merged.transactions().size();
      }
      told.add(accepted);
    }
    return told;
  }
}
