package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;

/**
 * A block that lacks only its proof of work.
 *
 * @param block with nonce 0
 * @param rejected ids of transactions that were offered and cannot be in it
 * @param invalid those of them that are not valid by themselves; the others do not fit, or spend
 *     what one before spends
 */
public record BlockTemplate(Block block, List<Hash> rejected, List<Hash> invalid) {
  public BlockTemplate {
    rejected = List.copyOf(rejected);
    invalid = List.copyOf(invalid);
  }
}
