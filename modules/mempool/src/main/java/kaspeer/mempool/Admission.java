package kaspeer.mempool;

import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;

/** What became of a transaction that was handed in. */
public sealed interface Admission {
  /** The id of the transaction. */
  Hash id();

  /**
   * It is in the pool.
   *
   * @param evicted what had to go to make room
   */
  record Accepted(Hash id, List<Hash> evicted) implements Admission {
    public Accepted {
      evicted = List.copyOf(evicted);
    }
  }

  /** It is in the pool already, or ({@code inBlock}) a block held it lately. */
  record Known(Hash id, boolean inBlock) implements Admission {}

  /** A transaction of the pool, which came first, spends the same output. */
  record DoubleSpend(Hash id, Hash conflict, Outpoint outpoint) implements Admission {}

  /** No block may ever hold it. */
  record Invalid(Hash id, Rule rule, String detail) implements Admission {}

  /** Our policy does not take it, or not now; consensus may. */
  record NonStandard(Hash id, String reason) implements Admission {}

  /** There is no room for it, in its source's share or in the pool. */
  record Full(Hash id) implements Admission {}
}
