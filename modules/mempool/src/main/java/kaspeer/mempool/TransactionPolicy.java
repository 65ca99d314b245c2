package kaspeer.mempool;

import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.body.LockTime;
import kaspeer.consensus.body.TransactionRules;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.TransactionMass;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a transaction without a pool and without UTXO state (consensus reference 5.3,
 * 5.4 and 8). Fees, signatures and the outputs it spends are not looked at. Safe from any thread.
 */
final class TransactionPolicy {
  private final Params params;
  private final TransactionRules rules;
  private final boolean acceptNonStandard;

  TransactionPolicy(Params params, boolean acceptNonStandard) {
    this.params = params;
    this.rules = new TransactionRules(params);
    this.acceptNonStandard = acceptNonStandard;
  }

  /** Why the transaction is refused, or null. */
  @Nullable Admission refusal(Transaction transaction, VirtualTime now) {
    Hash id = transaction.id();
    if (transaction.isCoinbase()) {
      return new Invalid(id, Rule.MULTIPLE_COINBASES, "a coinbase comes with its block only");
    }
    try {
      rules.validate(transaction);
      checkLimits(transaction);
    } catch (RuleException e) {
      return new Invalid(id, e.rule(), e.detail());
    }
    String reason = nonStandard(transaction, now);
    return reason == null ? null : new NonStandard(id, reason);
  }

  /** A block has room for it, if for nothing else. */
  private void checkLimits(Transaction transaction) throws RuleException {
    TransactionMass mass = TransactionMass.of(transaction, params);
    requireAtMost(Rule.EXCEEDS_LANE_GAS_LIMIT, "gas", transaction.gas(), params.maxGasPerLane());
    requireAtMost(
        Rule.EXCEEDS_COMPUTE_MASS_LIMIT, "compute mass", mass.compute(), params.maxComputeMass());
    requireAtMost(
        Rule.EXCEEDS_TRANSIENT_MASS_LIMIT,
        "transient mass",
        mass.transientStorage(),
        params.maxTransientMass());
    requireAtMost(
        Rule.EXCEEDS_STORAGE_MASS_LIMIT,
        "storage mass",
        transaction.storageMass(),
        params.maxStorageMass());
  }

  private static void requireAtMost(Rule rule, String what, long value, long limit)
      throws RuleException {
    if (Long.compareUnsigned(value, limit) > 0) {
      throw new RuleException(
          rule, what + " " + Long.toUnsignedString(value) + ", a block has at most " + limit);
    }
  }

  private @Nullable String nonStandard(Transaction transaction, VirtualTime now) {
    // Not invalid: a peer whose DAG is a little ahead of ours may see it unlocked.
    if (!LockTime.isFinal(transaction, now.daaScore(), now.pastMedianTime())) {
      return "locked until " + Long.toUnsignedString(transaction.lockTime());
    }
    if (acceptNonStandard) {
      return null;
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      Output output = transaction.outputs().get(i);
      if (!StandardScripts.isStandard(output.scriptPublicKey())) {
        return "output " + i + ": a script of no standard form";
      }
    }
    return null;
  }
}
