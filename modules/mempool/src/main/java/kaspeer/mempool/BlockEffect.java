package kaspeer.mempool;

import java.util.List;
import kaspeer.primitives.Hash;

/**
 * What a block did to the pool.
 *
 * @param included transactions of the pool that the block holds
 * @param conflicting transactions of the pool that spend what the block spends, and all that build
 *     on them
 */
public record BlockEffect(List<Hash> included, List<Hash> conflicting) {
  public BlockEffect {
    included = List.copyOf(included);
    conflicting = List.copyOf(conflicting);
  }
}
