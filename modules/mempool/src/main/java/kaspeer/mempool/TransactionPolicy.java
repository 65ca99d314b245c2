package kaspeer.mempool;

import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.body.LockTimeRules;
import kaspeer.consensus.body.TransactionRules;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.NotYet;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.ScriptClass;
import kaspeer.script.SigOps;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one transaction, apart from the others in the pool (consensus reference 5.3, 5.4
 * and 8). Safe from any thread.
 */
final class TransactionPolicy {
  /** More in one input cannot be checked side by side. */
  private static final long MAX_SIG_OPS = 15;

  private static final int MAX_SCRIPT_VERSION = 0;
  private static final long GRAMS_PER_RELAY_FEE = 1000;

  private final Params params;
  private final TransactionRules rules;
  private final MassScale scale;
  private final boolean acceptNonStandard;
  private final long minimumRelayFee;

  TransactionPolicy(Params params, MassScale scale, MempoolOptions options) {
    this.params = params;
    this.rules = new TransactionRules(params);
    this.scale = scale;
    this.acceptNonStandard = options.acceptNonStandard();
    this.minimumRelayFee = options.minimumRelayFee();
  }

  /**
   * Why a transaction is refused whatever it spends, or null.
   *
   * @param mass the transaction's
   */
  @Nullable Refusal inIsolation(
      Transaction transaction, TransactionMass mass, VirtualState virtual) {
    Hash id = transaction.id();
    if (transaction.isCoinbase()) {
      return new Invalid(id, Rule.MULTIPLE_COINBASES, "a coinbase comes with its block only");
    }
    try {
      rules.validate(transaction);
      checkLimits(transaction, mass);
    } catch (RuleException e) {
      return new Invalid(id, e.rule(), e.detail());
    }
    if (!LockTimeRules.isFinal(transaction, virtual.daaScore(), virtual.pastMedianTime())) {
      // Not invalid: a peer whose DAG is a little ahead of ours may see it unlocked.
      return new NotYet(
          id, Rule.NOT_FINALIZED, "locked until " + Long.toUnsignedString(transaction.lockTime()));
    }
    return acceptNonStandard ? null : ofOutputs(transaction);
  }

  /** A block has room for it, if for nothing else. */
  private void checkLimits(Transaction transaction, TransactionMass mass) throws RuleException {
    requireAtMost(
        Rule.EXCEEDS_GAS_PER_LANE_LIMIT, "gas", transaction.gas(), params.maxGasPerLane());
    requireAtMost(
        Rule.EXCEEDS_COMPUTE_MASS_LIMIT, "compute mass", mass.compute(), params.maxComputeMass());
    requireAtMost(
        Rule.EXCEEDS_TRANSIENT_MASS_LIMIT,
        "transient mass",
        mass.transientStorage(),
        params.maxTransientMass());
  }

  private static void requireAtMost(Rule rule, String what, long value, long limit)
      throws RuleException {
    if (Long.compareUnsigned(value, limit) > 0) {
      throw new RuleException(
          rule, what + " " + Long.toUnsignedString(value) + ", a block has at most " + limit);
    }
  }

  private static @Nullable Refusal ofOutputs(Transaction transaction) {
    for (int i = 0; i < transaction.outputs().size(); i++) {
      ScriptPublicKey script = transaction.outputs().get(i).scriptPublicKey();
      if (script.version() > MAX_SCRIPT_VERSION) {
        return new NonStandard(
            transaction.id(),
            Policy.OUTPUT_SCRIPT_VERSION,
            "output " + i + ": a script of version " + script.version());
      }
      if (ScriptClass.of(script) == ScriptClass.NON_STANDARD) {
        return new NonStandard(
            transaction.id(),
            Policy.OUTPUT_SCRIPT_CLASS,
            "output " + i + ": a script of no standard form");
      }
    }
    return null;
  }

  /**
   * Why no block has room for a transaction of this storage mass, or null.
   *
   * @param storageMass as computed, unsigned
   */
  @Nullable Refusal ofStorage(Transaction transaction, long storageMass) {
    try {
      requireAtMost(
          Rule.EXCEEDS_STORAGE_MASS_LIMIT, "storage mass", storageMass, params.maxStorageMass());
      return null;
    } catch (RuleException e) {
      return new Invalid(transaction.id(), e.rule(), e.detail());
    }
  }

  /**
   * Why a transaction is refused for what it spends or pays, or null.
   *
   * @param spent what its inputs spend, in their order
   */
  @Nullable Refusal inContext(
      Transaction transaction, TransactionMass mass, long fee, List<UtxoEntry> spent) {
    if (acceptNonStandard) {
      return null;
    }
    for (int i = 0; i < spent.size(); i++) {
      Refusal refusal = ofInput(transaction, i, spent.get(i).scriptPublicKey());
      if (refusal != null) {
        return refusal;
      }
    }
    return ofFee(transaction.id(), mass, fee);
  }

  private static @Nullable Refusal ofInput(
      Transaction transaction, int index, ScriptPublicKey spent) {
    switch (ScriptClass.of(spent)) {
      case NON_STANDARD -> {
        return new NonStandard(
            transaction.id(),
            Policy.INPUT_SCRIPT_CLASS,
            "input " + index + " spends a script of no standard form");
      }
      case SCRIPT_HASH -> {
        long sigOps = SigOps.ofRedeemScript(transaction.inputs().get(index).signatureScript());
        if (sigOps > MAX_SIG_OPS) {
          return new NonStandard(
              transaction.id(),
              Policy.TOO_MANY_SIG_OPS,
              "input "
                  + index
                  + ": a redeem script of "
                  + sigOps
                  + " signature operations, at most "
                  + MAX_SIG_OPS);
        }
      }
      case PUB_KEY, PUB_KEY_ECDSA -> {}
    }
    return null;
  }

  /** Storage mass does not count here: growth of the UTXO set is dear enough by itself. */
  private @Nullable Refusal ofFee(Hash id, TransactionMass mass, long fee) {
    long scaled = scale.ofTransient(mass.transientStorage());
    boolean compute = mass.compute() >= scaled;
    long counts = compute ? mass.compute() : scaled;
    long minimum = minimumFee(counts);
    if (fee >= minimum) {
      return null;
    }
    return new NonStandard(
        id,
        compute ? Policy.COMPUTE_FEE_TOO_LOW : Policy.TRANSIENT_FEE_TOO_LOW,
        "a fee of "
            + fee
            + " sompi, at least "
            + minimum
            + " for "
            + (compute ? "compute" : "normalized transient")
            + " mass "
            + counts);
  }

  /**
   * The least fee for so many grams, in sompi.
   *
   * @param mass at most a block's
   */
  long minimumFee(long mass) {
    boolean overflows = Math.unsignedMultiplyHigh(mass, minimumRelayFee) != 0;
    long product = overflows ? -1 : mass * minimumRelayFee;
    long fee = Long.divideUnsigned(product, GRAMS_PER_RELAY_FEE);
    return Math.min(fee == 0 ? minimumRelayFee : fee, Sompi.MAX);
  }
}
