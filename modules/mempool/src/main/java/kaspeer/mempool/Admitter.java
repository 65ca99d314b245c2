package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.NotYet;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/**
 * The way into the pool (consensus reference 8): screening, then the check by virtual, in which
 * scripts run, then policy on what the check found, and room.
 */
final class Admitter {
  private final MempoolOptions options;
  private final MassScale scale;
  private final TransactionPolicy policy;
  private final Pool pool;
  private final Orphans orphans;
  private final AcceptedIds accepted;
  private final Screening screening;
  private final Counters counters;

  Admitter(
      Params params,
      MempoolOptions options,
      Pool pool,
      Orphans orphans,
      AcceptedIds accepted,
      Counters counters) {
    this.options = options;
    this.scale = new MassScale(params);
    this.policy = new TransactionPolicy(params, scale, options);
    this.pool = pool;
    this.orphans = orphans;
    this.accepted = accepted;
    this.screening = new Screening(params, options, scale, policy, pool, accepted);
    this.counters = counters;
  }

  /**
   * Takes transactions in, in whatever order they build on each other. Of it comes what became of
   * each, in the order given.
   */
  Admitting submit(
      List<Transaction> transactions, Function<Transaction, Submission> how, VirtualState virtual) {
    List<Attempt> attempts = new ArrayList<>(transactions.size());
    for (Transaction transaction : transactions) {
      attempts.add(Attempt.submitted(transaction, how.apply(transaction)));
    }
    return new Admitting(this, pool, screening, counters, virtual, attempts);
  }

  /**
   * Takes orphans in that found what they waited for. Of it comes what became of them, in order.
   */
  Admitting redeem(List<Orphan> found, VirtualState virtual) {
    return new Admitting(this, pool, screening, counters, virtual, List.of()).redeem(found);
  }

  /** What a check means for an attempt, of which the pool holds all that it was checked with. */
  Admission complete(Attempt attempt, Check check, Admitting admitting, VirtualState virtual) {
    Hash id = attempt.transaction.id();
    return switch (check) {
      case Check.Screened(var refusal) -> refusal;
      case Check.Broken(var rule, var detail, var forNow) ->
          forNow || isForNow(rule) ? new NotYet(id, rule, detail) : new Invalid(id, rule, detail);
      case Check.Missing(var outpoints) -> orphan(attempt, outpoints, virtual);
      case Check.Passed passed -> enter(attempt, passed, admitting, virtual);
    };
  }

  /**
   * A transaction lacks what it spends because virtual has accepted it: its block is still to be
   * told of, or was so long ago, or among so many, that the id is forgotten.
   */
  Known accepted(Hash id, VirtualState virtual) {
    accepted.add(id, virtual.daaScore(), false);
    orphans.remove(id);
    return new Known(id, true);
  }

  /** Whether a transaction that breaks this rule now may be good later, or elsewhere. */
  private static boolean isForNow(Rule rule) {
    return switch (rule) {
      case NOT_FINALIZED,
          MISSING_TX_OUTPOINTS,
          IMMATURE_COINBASE_SPEND,
          SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET,
          UNSUPPORTED_SCRIPT ->
          true;
      default -> false;
    };
  }

  private @Nullable Known known(Hash id) {
    if (pool.get(id) != null) {
      return new Known(id, false);
    }
    return accepted.contains(id) ? new Known(id, true) : null;
  }

  private Admission orphan(Attempt attempt, List<Outpoint> missing, VirtualState virtual) {
    Hash id = attempt.transaction.id();
    Known known = known(id);
    if (known != null) { // it came meanwhile, perhaps with what spends its outputs
      return known;
    }
    if (!attempt.how.orphanAllowed()) {
      return new NonStandard(
          id,
          Policy.ORPHAN_NOT_ALLOWED,
          missing.size() + " of the outputs that it spends are neither in the DAG nor in the pool");
    }
    if (orphans.contains(id)) {
      return new Known(id, false);
    }
    for (Input input : attempt.transaction.inputs()) {
      Hash rival = orphans.spender(input.previous());
      if (rival != null) {
        return new DoubleSpend(id, Policy.ORPHAN_DOUBLE_SPEND, rival, input.previous());
      }
    }
    Orphan before = attempt.orphan;
    long since = before == null ? virtual.daaScore() : before.daaScore;
    List<Hash> evicted = orphans.add(new Orphan(attempt.transaction, attempt.how, missing, since));
    if (evicted == null) {
      return new NonStandard(id, Policy.ORPHANS_FULL, "no room for one more that waits for others");
    }
    counters.count(MempoolCount.ORPHANS_EVICTED, evicted.size());
    return new Orphaned(id, missing);
  }

  private Admission enter(
      Attempt attempt, Check.Passed check, Admitting admitting, VirtualState virtual) {
    Transaction transaction = attempt.transaction;
    Hash id = transaction.id();
    Known known = known(id);
    if (known != null) {
      return known;
    }
    Refusal refusal = policy.ofStorage(transaction, check.storageMass());
    if (refusal != null) {
      return refusal;
    }
    Entry entry =
        new Entry(
            committing(transaction, check.storageMass()),
            scale.price(check),
            attempt.how.isHigh(),
            virtual.daaScore(),
            attempt.parents.size());
    Rivals rivals = Rivals.of(transaction, pool);
    refusal = rivals.refusal(attempt.how.replacement());
    if (refusal == null) {
      refusal = rivals.outbidden(entry.feeRate);
    }
    return refusal != null ? refusal : makeRoom(attempt, entry, rivals, admitting);
  }

  private Admission makeRoom(Attempt attempt, Entry entry, Rivals rivals, Admitting admitting) {
    Hash id = entry.id();
    boolean othersMayGo = !rivals.isEmpty() || !Eviction.hasRoom(pool, options, entry.bytes);
    Set<Entry> ancestors = Set.of();
    if (othersMayGo && !attempt.parents.isEmpty()) {
      ancestors = pool.ancestors(entry.transaction, options.maxAncestorLinks());
      if (ancestors == null) {
        return new NonStandard(
            id,
            Policy.TOO_MANY_ANCESTORS,
            "others would have to go, and it builds on too many that are in no block yet");
      }
    }
    Refusal refusal = rivals.among(ancestors);
    if (refusal != null) {
      return refusal;
    }
    Set<Entry> replaced = rivals.withDescendants(options.maxAncestorLinks());
    if (replaced == null) {
      return rivals.tooMany();
    }
    Set<Entry> victims = Eviction.plan(pool, options, entry, ancestors, replaced);
    if (victims == null) {
      return new Full(id);
    }
    List<Hash> replacedIds = pool.removeAll(replaced);
    List<Hash> evictedIds = pool.removeAll(victims);
    counters.count(MempoolCount.REPLACED, replacedIds.size());
    counters.count(MempoolCount.EVICTED, evictedIds.size());
    pool.add(entry);
    orphans.remove(id);
    admitting.enqueue(orphans.arrived(entry.transaction), attempt.redeemed);
    return new Accepted(id, replacedIds, evictedIds, List.of());
  }

  /**
   * The transaction as a block holds it: the storage mass is no part of the id, and ours to set.
   */
  private static Transaction committing(Transaction transaction, long storageMass) {
    return transaction.storageMass() == storageMass
        ? transaction
        : transaction.withStorageMass(storageMass);
  }
}
