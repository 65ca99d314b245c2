package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.mempool.Admission.NotYet;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;

/**
 * The way into the pool (consensus reference 8): screening, then the check by virtual, in which
 * scripts run, then policy on what the check found, and room.
 */
final class Admitter {
  private final Params params;
  private final MempoolOptions options;
  private final MassScale scale;
  private final TransactionPolicy policy;
  private final Pool pool;
  private final Orphans orphans;
  private final Screening screening;
  private final Counters counters;

  /** Orphans that found what they waited for, not yet seen to. */
  private List<Attempt> ready = new ArrayList<>();

  Admitter(
      Params params,
      MempoolOptions options,
      Pool pool,
      Orphans orphans,
      AcceptedIds accepted,
      Counters counters) {
    this.params = params;
    this.options = options;
    this.scale = new MassScale(params);
    this.policy = new TransactionPolicy(params, scale, options);
    this.pool = pool;
    this.orphans = orphans;
    this.screening = new Screening(options, scale, policy, pool, accepted);
    this.counters = counters;
  }

  /**
   * Takes transactions in, in whatever order they build on each other.
   *
   * @return what became of each, in the order given
   */
  List<Admission> submit(
      List<Transaction> transactions, Function<Transaction, Submission> how, VirtualState virtual) {
    List<Attempt> attempts = new ArrayList<>(transactions.size());
    for (Transaction transaction : transactions) {
      TransactionMass mass = TransactionMass.of(transaction, params);
      attempts.add(Attempt.submitted(transaction, how.apply(transaction), mass));
    }
    for (List<Integer> layer : Layers.of(transactions)) {
      admit(layer.stream().map(attempts::get).toList(), virtual);
      admitReady(virtual);
    }
    List<Admission> outcomes = new ArrayList<>(attempts.size());
    for (Attempt attempt : attempts) {
      Admission outcome = attempt.outcome();
      counters.count(outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  /** Takes orphans in that found what they waited for; returns what became of them, in order. */
  List<Admission> redeem(List<Orphan> found, VirtualState virtual) {
    List<Admission> outcomes = new ArrayList<>(0);
    isReady(found, outcomes);
    admitReady(virtual);
    return outcomes;
  }

  private void isReady(List<Orphan> found, List<Admission> outcomes) {
    for (Orphan orphan : found) {
      ready.add(Attempt.redeemed(orphan, TransactionMass.of(orphan.transaction, params), outcomes));
    }
  }

  private void admitReady(VirtualState virtual) {
    while (!ready.isEmpty()) {
      List<Attempt> attempts = ready;
      ready = new ArrayList<>();
      admit(attempts, virtual);
      for (Attempt attempt : attempts) {
        if (!attempt.isOrphanAgain()) {
          counters.count(MempoolCount.REDEEMED, 1);
          counters.count(attempt.outcome());
          attempt.redeemed.add(attempt.outcome());
        }
      }
    }
  }

  /** Attempts that do not build on each other. */
  private void admit(List<Attempt> attempts, VirtualState virtual) {
    List<Attempt> open = new ArrayList<>(attempts.size());
    List<Candidate> candidates = new ArrayList<>(attempts.size());
    for (Attempt attempt : attempts) {
      Admission refusal = screening.refusal(attempt, virtual);
      if (refusal == null) {
        open.add(attempt);
        candidates.add(attempt.candidate());
      } else {
        attempt.is(refusal);
      }
    }
    List<Check> checks = virtual.checkAll(candidates);
    for (int i = 0; i < open.size(); i++) {
      Attempt attempt = open.get(i);
      attempt.is(
          attempt.isResolvedIn(pool)
              ? complete(attempt, checks.get(i), virtual)
              : admitAlone(attempt, virtual));
    }
  }

  /** One whose parents went to make room for another since it was checked. */
  private Admission admitAlone(Attempt attempt, VirtualState virtual) {
    Admission refusal = screening.refusal(attempt, virtual);
    return refusal != null
        ? refusal
        : complete(attempt, virtual.check(attempt.transaction, attempt.unconfirmed::get), virtual);
  }

  private Admission complete(Attempt attempt, Check check, VirtualState virtual) {
    Hash id = attempt.transaction.id();
    return switch (check) {
      case Check.Broken(var rule, var detail) ->
          isForNow(rule) ? new NotYet(id, rule, detail) : new Invalid(id, rule, detail);
      case Check.Missing(var outpoints) -> orphan(attempt, outpoints, virtual);
      case Check.Passed passed -> enter(attempt, passed, virtual);
    };
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

  private Admission orphan(Attempt attempt, List<Outpoint> missing, VirtualState virtual) {
    Hash id = attempt.transaction.id();
    if (!attempt.how.orphanAllowed()) {
      return new NonStandard(
          id,
          Policy.ORPHAN_NOT_ALLOWED,
          missing.size() + " of the outputs that it spends are neither in the DAG nor in the pool");
    }
    if (orphans.contains(id)) {
      return new Known(id, false);
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

  private Admission enter(Attempt attempt, Check.Passed check, VirtualState virtual) {
    Transaction transaction = attempt.transaction;
    Hash id = transaction.id();
    if (pool.get(id) != null) {
      return new Known(id, false);
    }
    Refusal refusal = policy.ofStorage(transaction, check.storageMass());
    if (refusal == null) {
      refusal = policy.inContext(transaction, attempt.mass, check.fee(), check.spent());
    }
    if (refusal != null) {
      return refusal;
    }
    Price price =
        scale.price(check.fee(), check.computeMass(), check.transientMass(), check.storageMass());
    Entry entry =
        new Entry(
            committing(transaction, check.storageMass()),
            price,
            attempt.how.isHigh(),
            virtual.daaScore());
    Rivals rivals = Rivals.of(transaction, pool);
    refusal = rivals.refusal(attempt.how.replacement());
    if (refusal == null) {
      refusal = rivals.outbidden(entry.feeRate);
    }
    return refusal != null ? refusal : makeRoom(attempt, entry, rivals);
  }

  private Admission makeRoom(Attempt attempt, Entry entry, Rivals rivals) {
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
    Set<Entry> replaced = rivals.withDescendants();
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
    isReady(orphans.arrived(entry.transaction), attempt.redeemed);
    return new Accepted(id, replacedIds, evictedIds, List.of());
  }

  /**
   * The transaction as a block holds it: the storage mass is no part of the id, and ours to set.
   */
  private static Transaction committing(Transaction transaction, long storageMass) {
    return transaction.storageMass() == storageMass
        ? transaction
        : new Transaction(
            transaction.version(),
            transaction.inputs(),
            transaction.outputs(),
            transaction.lockTime(),
            transaction.subnetworkId(),
            transaction.gas(),
            transaction.payload(),
            storageMass);
  }
}
