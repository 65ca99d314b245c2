package kaspeer.mempool;

import kaspeer.primitives.Transaction;
import kaspeer.primitives.TransactionMass;

/**
 * A transaction of the pool and what is known of it.
 *
 * @param transaction committing to its storage mass
 * @param fee in sompi
 * @param storageMass in grams
 * @param feeRate sompi for a gram of the mass that counts
 * @param high whether it has high priority
 * @param ready whether it builds on no other in the pool
 * @param daaScore when it came
 * @param bytes estimated bytes of heap
 */
public record PooledTransaction(
    Transaction transaction,
    long fee,
    TransactionMass mass,
    long storageMass,
    double feeRate,
    boolean high,
    boolean ready,
    long daaScore,
    long bytes) {
  static PooledTransaction of(Entry entry) {
    Price price = entry.price;
    return new PooledTransaction(
        entry.transaction,
        price.fee(),
        new TransactionMass(price.compute(), price.transientStorage()),
        price.storage(),
        entry.feeRate,
        entry.high,
        entry.place != null,
        entry.daaScore,
        entry.bytes);
  }
}
