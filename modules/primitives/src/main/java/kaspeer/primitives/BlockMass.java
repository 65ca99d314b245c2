package kaspeer.primitives;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the transactions of a block take of its limits (consensus reference 5.4). Masses are in
 * grams; all 64-bit numbers are unsigned, and their sums stop at 2^64 - 1.
 *
 * @param compute sum of compute masses
 * @param transientStorage sum of transient masses
 * @param storage sum of the storage masses the transactions commit to
 * @param lanes distinct subnetwork ids besides the coinbase's
 * @param maxLaneGas the largest sum of gas of one lane
 */
public record BlockMass(
    long compute, long transientStorage, long storage, int lanes, long maxLaneGas) {
  /** The sums over these transactions. */
  public static BlockMass of(List<Transaction> transactions, Params params) {
    long compute = 0;
    long transientStorage = 0;
    long storage = 0;
    Map<SubnetworkId, Long> gasByLane = new HashMap<>();
    for (Transaction transaction : transactions) {
      TransactionMass mass = TransactionMass.of(transaction, params);
      compute = add(compute, mass.compute());
      transientStorage = add(transientStorage, mass.transientStorage());
      storage = add(storage, transaction.storageMass());
      if (!transaction.isCoinbase()) {
        gasByLane.merge(transaction.subnetworkId(), transaction.gas(), BlockMass::add);
      }
    }
    long maxLaneGas = gasByLane.values().stream().max(Long::compareUnsigned).orElse(0L);
    return new BlockMass(compute, transientStorage, storage, gasByLane.size(), maxLaneGas);
  }

  private static long add(long a, long b) {
    long sum = a + b;
    return Long.compareUnsigned(sum, a) < 0 ? -1 : sum;
  }
}
