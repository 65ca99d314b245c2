package kaspeer.mempool;

import java.util.List;
import kaspeer.primitives.Hash;

/**
 * What a block, or another selected chain, did to the pool.
 *
 * @param included transactions that left the pool because virtual has accepted them
 * @param conflicting transactions that left it because virtual has accepted others that spend the
 *     same, and those that built on them
 * @param returned what became of transactions that are in virtual's past no more
 * @param redeemed what became of orphans that had waited for any of this
 */
public record BlockEffect(
    List<Hash> included,
    List<Hash> conflicting,
    List<Admission> returned,
    List<Admission> redeemed) {
  public BlockEffect {
    included = List.copyOf(included);
    conflicting = List.copyOf(conflicting);
    returned = List.copyOf(returned);
    redeemed = List.copyOf(redeemed);
  }
}
