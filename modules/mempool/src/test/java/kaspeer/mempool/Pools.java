package kaspeer.mempool;

import java.util.List;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;

/** Lets a pool do all of a work at once. */
final class Pools {
  private Pools() {}

  static List<Admission> submitAll(
      TransactionPool pool, List<Transaction> transactions, Submission how, VirtualState virtual) {
    return pool.run(pool.submitAll(transactions, how, virtual), virtual);
  }

  static BlockEffect onBlock(
      TransactionPool pool, List<Transaction> transactions, long daaScore, VirtualState virtual) {
    return pool.run(pool.block(transactions, daaScore, virtual), virtual);
  }

  /** The chain accepted some, and others are returned, all at once. */
  static BlockEffect onChainChanged(
      TransactionPool pool,
      List<Transaction> returned,
      List<Hash> acceptedIds,
      VirtualState virtual) {
    boolean returns = !returned.isEmpty();
    BlockEffect chain = pool.run(pool.chain(acceptedIds, returns, virtual), virtual);
    if (!returns) {
      return chain;
    }
    BlockEffect back = pool.run(pool.returned(returned, true, virtual), virtual);
    return new BlockEffect(
        both(chain.included(), back.included()),
        both(chain.conflicting(), back.conflicting()),
        back.returned(),
        chain.redeemed());
  }

  static List<Hash> onRejected(TransactionPool pool, List<Hash> ids, VirtualState virtual) {
    return pool.run(pool.rejected(ids, virtual), virtual);
  }

  private static List<Hash> both(List<Hash> first, List<Hash> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
