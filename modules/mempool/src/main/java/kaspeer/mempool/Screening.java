package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.mempool.VirtualState.Screen;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a transaction before a script is run. First, by the pool's owner, what the
 * pool's indexes tell; then, by whoever checks, form, scripts of no standard form, fees, and room,
 * from what was seen of the pool. What it tells of fees and room is told again after the check,
 * which knows better.
 */
final class Screening {
  private final Params params;
  private final MempoolOptions options;
  private final MassScale scale;
  private final TransactionPolicy policy;
  private final Pool pool;
  private final AcceptedIds accepted;

  Screening(
      Params params,
      MempoolOptions options,
      MassScale scale,
      TransactionPolicy policy,
      Pool pool,
      AcceptedIds accepted) {
    this.params = params;
    this.options = options;
    this.scale = scale;
    this.policy = policy;
    this.pool = pool;
    this.accepted = accepted;
  }

  /**
   * Why a transaction is not to be checked at all, or null; then its attempt knows what it spends
   * of the pool.
   */
  @Nullable Admission refusal(Attempt attempt) {
    Transaction transaction = attempt.transaction;
    Hash id = transaction.id();
    if (pool.get(id) != null) {
      return new Known(id, false);
    }
    if (accepted.contains(id)) {
      return new Known(id, true);
    }
    Refusal refusal = Rivals.of(transaction, pool).refusal(attempt.how.replacement());
    if (refusal != null) {
      return refusal;
    }
    Outpoint impossible = attempt.resolve(pool);
    return impossible == null
        ? null
        : new NonStandard(
            id,
            Policy.IMPOSSIBLE_OUTPOINT,
            "spends output "
                + Integer.toUnsignedString(impossible.index())
                + " of "
                + impossible.transactionId()
                + ", which has fewer");
  }

  /** What is to be checked of an attempt that was not refused, with all that can be told before. */
  Candidate candidate(Attempt attempt, VirtualState virtual) {
    Rivals rivals = Rivals.of(attempt.transaction, pool);
    double floor =
        rivals.isEmpty()
            ? Eviction.floor(pool, options, Entry.estimatedBytes(attempt.transaction, 0))
            : Double.NEGATIVE_INFINITY;
    Screen screen =
        new Screen() {
          @Override
          public @Nullable Refusal alone() {
            return policy.inIsolation(attempt.transaction, attempt.mass(params), virtual);
          }

          @Override
          public @Nullable Refusal refusal(List<@Nullable UtxoEntry> spent) {
            return screen(attempt, attempt.mass(params), rivals, floor, spent);
          }

          @Override
          public @Nullable Refusal priced(Check.Passed otherwise) {
            return screen(attempt.transaction, otherwise, rivals, floor);
          }
        };
    return new Candidate(attempt.transaction, attempt.unconfirmed::get, screen);
  }

  /**
   * What can be told once all masses are known. Storage mass is dear only if the transaction
   * enters: who is told no for the rate that it makes has paid for no script.
   */
  private @Nullable Refusal screen(
      Transaction transaction, Check.Passed otherwise, Rivals rivals, double floor) {
    Refusal refusal = policy.ofStorage(transaction, otherwise.storageMass());
    if (refusal != null) {
      return refusal;
    }
    double feeRate = scale.price(otherwise).feeRate();
    refusal = rivals.outbidden(feeRate);
    return refusal == null && feeRate < floor ? new Full(transaction.id()) : refusal;
  }

  /**
   * What can be told from what the transaction spends and pays. Where that is not known, or breaks
   * a rule of consensus, the check tells.
   */
  private @Nullable Refusal screen(
      Attempt attempt,
      TransactionMass mass,
      Rivals rivals,
      double floor,
      List<@Nullable UtxoEntry> entries) {
    List<UtxoEntry> spent = new ArrayList<>(entries.size());
    long fee = 0;
    for (UtxoEntry entry : entries) {
      if (entry == null || Long.compareUnsigned(entry.amount(), Sompi.MAX - fee) > 0) {
        return null;
      }
      fee += entry.amount();
      spent.add(entry);
    }
    for (Output output : attempt.transaction.outputs()) {
      fee -= output.value();
    }
    if (fee < 0) {
      return null;
    }
    Refusal refusal = policy.inContext(attempt.transaction, mass, fee, spent);
    if (refusal != null) {
      return refusal;
    }
    double highest = (double) fee / scale.withoutStorage(mass);
    refusal = rivals.outbidden(highest);
    return refusal == null && highest < floor ? new Full(attempt.transaction.id()) : refusal;
  }
}
