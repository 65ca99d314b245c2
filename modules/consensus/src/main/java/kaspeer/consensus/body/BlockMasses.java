package kaspeer.consensus.body;

import java.util.HashMap;
import java.util.Map;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.TransactionMass;

/**
 * What the transactions of a block take of its limits (consensus reference 5.1, step 5). All limits
 * are looked at after each transaction, so that of several which are exceeded in the end the one
 * exceeded first gives the rule its name. Masses are in grams; all 64-bit numbers are unsigned, and
 * their sums stop at 2^64 - 1.
 */
final class BlockMasses {
  private final Params params;
  private final Map<SubnetworkId, Long> gasByLane = new HashMap<>();
  private long compute;
  private long transientStorage;
  private long storage;

  BlockMasses(Params params) {
    this.params = params;
  }

  /**
   * Adds a transaction, whatever numbers it claims.
   *
   * @throws RuleException for the first limit that is exceeded then
   */
  void add(Transaction transaction) throws RuleException {
    TransactionMass mass = TransactionMass.of(transaction, params);
    compute = sum(compute, mass.compute());
    transientStorage = sum(transientStorage, mass.transientStorage());
    storage = sum(storage, transaction.storageMass());
    requireAtMost(
        Rule.EXCEEDS_COMPUTE_MASS_LIMIT, "compute mass", compute, params.maxComputeMass());
    requireAtMost(
        Rule.EXCEEDS_TRANSIENT_MASS_LIMIT,
        "transient mass",
        transientStorage,
        params.maxTransientMass());
    requireAtMost(
        Rule.EXCEEDS_STORAGE_MASS_LIMIT, "storage mass", storage, params.maxStorageMass());
    if (!transaction.isCoinbase()) {
      long gas = gasByLane.merge(transaction.subnetworkId(), transaction.gas(), BlockMasses::sum);
      requireAtMost(
          Rule.EXCEEDS_LANES_PER_BLOCK_LIMIT,
          "number of lanes",
          gasByLane.size(),
          params.maxLanesPerBlock());
      if (Long.compareUnsigned(gas, params.maxGasPerLane()) > 0) {
        throw broken(
            Rule.EXCEEDS_GAS_PER_LANE_LIMIT,
            "gas of lane " + transaction.subnetworkId(),
            gas,
            params.maxGasPerLane());
      }
    }
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return Long.compareUnsigned(sum, a) < 0 ? -1 : sum;
  }

  private static void requireAtMost(Rule rule, String what, long value, long limit)
      throws RuleException {
    if (Long.compareUnsigned(value, limit) > 0) {
      throw broken(rule, what, value, limit);
    }
  }

  private static RuleException broken(Rule rule, String what, long value, long limit) {
    return new RuleException(
        rule, what + " " + Long.toUnsignedString(value) + ", at most " + limit);
  }
}
