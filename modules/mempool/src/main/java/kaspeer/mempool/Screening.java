package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.body.TransactionRules;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a transaction before a script is run, the cheapest first: form, double
 * spends, scripts of no standard form, fees, room. What it tells of fees and room is told again
 * after the check, which knows better.
 */
final class Screening {
  private final MempoolOptions options;
  private final MassScale scale;
  private final TransactionPolicy policy;
  private final Pool pool;
  private final AcceptedIds accepted;

  Screening(
      MempoolOptions options,
      MassScale scale,
      TransactionPolicy policy,
      Pool pool,
      AcceptedIds accepted) {
    this.options = options;
    this.scale = scale;
    this.policy = policy;
    this.pool = pool;
    this.accepted = accepted;
  }

  /**
   * Why a transaction is not to be checked any further, or null; then its attempt knows what it
   * spends of the pool.
   */
  @Nullable Admission refusal(Attempt attempt, VirtualState virtual) {
    Transaction transaction = attempt.transaction;
    Hash id = transaction.id();
    if (pool.get(id) != null) {
      return new Known(id, false);
    }
    if (accepted.contains(id)) {
      return new Known(id, true);
    }
    Refusal refusal = policy.inIsolation(transaction, attempt.mass, virtual);
    if (refusal != null) {
      return refusal;
    }
    Rivals rivals = Rivals.of(transaction, pool);
    refusal = rivals.refusal(attempt.how.replacement());
    if (refusal != null) {
      return refusal;
    }
    Outpoint impossible = attempt.resolve(pool);
    if (impossible != null) {
      return new NonStandard(
          id,
          Policy.IMPOSSIBLE_OUTPOINT,
          "spends output "
              + Integer.toUnsignedString(impossible.index())
              + " of "
              + impossible.transactionId()
              + ", which has fewer");
    }
    return screen(attempt, rivals, virtual);
  }

  /**
   * What can be told from what the transaction spends and pays. Where that is not known, or breaks
   * a rule of consensus, the check tells.
   */
  private @Nullable Refusal screen(Attempt attempt, Rivals rivals, VirtualState virtual) {
    Transaction transaction = attempt.transaction;
    List<UtxoEntry> spent = new ArrayList<>(transaction.inputs().size());
    long fee = 0;
    for (Input input : transaction.inputs()) {
      UtxoEntry entry = attempt.unconfirmed.get(input.previous());
      if (entry == null) {
        entry = virtual.utxo(input.previous());
      }
      if (entry == null
          || Long.compareUnsigned(entry.amount(), TransactionRules.MAX_SOMPI - fee) > 0) {
        return null;
      }
      fee += entry.amount();
      spent.add(entry);
    }
    for (Output output : transaction.outputs()) {
      fee -= output.value();
    }
    if (fee < 0) {
      return null;
    }
    Refusal refusal = policy.inContext(transaction, attempt.mass, fee, spent);
    if (refusal != null) {
      return refusal;
    }
    double highest = (double) fee / scale.withoutStorage(attempt.mass);
    if (!rivals.isEmpty()) {
      return rivals.outbidden(highest);
    }
    long bytes = Entry.estimatedBytes(transaction);
    return Eviction.isHopeless(pool, options, bytes, highest) ? new Full(transaction.id()) : null;
  }
}
