package kaspeer.engine.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.FeeBucket;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.mempool.Admission;
import kaspeer.mempool.FeeEstimate;
import kaspeer.mempool.MempoolInfo;
import kaspeer.mempool.PooledTransaction;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;

/** What the pool says, for those who may not import it. */
final class Replies {
  private Replies() {}

  static Result result(Admission admission, kaspeer.mempool.TransactionPool pool) {
    return switch (admission) {
      case Admission.Accepted(var id, var replaced, var _, var _) ->
          new Result.Accepted(fee(id, pool), replaced);
      case Admission.Orphaned(var _, var missing) -> new Result.Orphaned(missing);
      case Admission.Known(var _, var inBlock) -> new Result.Known(inBlock);
      case Admission.Invalid(var _, var rule, var detail) ->
          new Result.Invalid(rule.name(), detail);
      case Admission.NotYet(var _, var rule, var detail) -> new Result.NotYet(rule.name(), detail);
      case Admission.NonStandard(var _, var policy, var detail) ->
          new Result.NonStandard(policy.name(), detail);
      case Admission.DoubleSpend refusal ->
          new Result.DoubleSpend(refusal.conflict(), refusal.reason(), refusal.detail());
      case Admission.Full full -> new Result.Full(full.reason());
    };
  }

  /** None of these is looked at, for too many wait. */
  static Mempool.Results full(List<Transaction> transactions) {
    Map<Hash, Result> results = new HashMap<>();
    transactions.forEach(tx -> results.put(tx.id(), new Result.Full(Result.Full.BUSY)));
    return new Mempool.Results(results);
  }

  static Mempool.Found found(List<Hash> ids, kaspeer.mempool.TransactionPool pool) {
    Map<Hash, Transaction> found = new HashMap<>();
    for (Hash id : ids) {
      Transaction transaction = pool.get(id);
      if (transaction != null) {
        found.put(id, transaction);
      }
    }
    return new Mempool.Found(found);
  }

  /** One that was accepted may be gone again: pushed out by another of the same batch. */
  private static long fee(Hash id, kaspeer.mempool.TransactionPool pool) {
    PooledTransaction pooled = pool.describe(id);
    return pooled == null ? 0 : pooled.fee();
  }

  static Optional<Mempool.Description> description(Hash id, kaspeer.mempool.TransactionPool pool) {
    PooledTransaction pooled = pool.describe(id);
    return pooled == null
        ? Optional.ofNullable(pool.orphan(id)).map(orphan -> new Mempool.Description(orphan, null))
        : Optional.of(new Mempool.Description(pooled.transaction(), price(pooled)));
  }

  private static Mempool.Price price(PooledTransaction pooled) {
    return new Mempool.Price(
        pooled.fee(),
        pooled.feeRate(),
        pooled.mass().compute(),
        pooled.mass().transientStorage(),
        pooled.storageMass(),
        pooled.ready(),
        pooled.daaScore(),
        pooled.bytes());
  }

  /** The ids of all that came into the pool. */
  static List<Hash> accepted(List<Admission> admissions) {
    return ids(Admission.Accepted.class, admissions);
  }

  /** The ids of all that no block may hold. */
  static List<Hash> invalid(List<Admission> admissions) {
    return ids(Admission.Invalid.class, admissions);
  }

  private static List<Hash> ids(Class<? extends Admission> kind, List<Admission> admissions) {
    List<Hash> ids = new ArrayList<>();
    for (Admission admission : admissions) {
      if (kind.isInstance(admission)) {
        ids.add(admission.id());
      }
      if (admission instanceof Admission.Accepted accepted) {
        // What was redeemed has no such list of its own.
        accepted.redeemed().stream().filter(kind::isInstance).forEach(other -> ids.add(other.id()));
      }
    }
    return ids;
  }

  static Mempool.Info info(kaspeer.mempool.TransactionPool pool) {
    MempoolInfo info = pool.info();
    Map<String, Long> counts = new TreeMap<>();
    info.counts().forEach((count, times) -> counts.put(count.metricName(), times));
    return new Mempool.Info(
        info.transactions(),
        info.bytes(),
        info.maxTransactions(),
        info.maxBytes(),
        info.ready(),
        info.high(),
        info.orphans(),
        info.orphanBytes(),
        fees(pool.estimateFees()),
        counts);
  }

  private static Mempool.FeeEstimate fees(FeeEstimate estimate) {
    return new Mempool.FeeEstimate(
        bucket(estimate.priority()),
        estimate.normal().stream().map(Replies::bucket).toList(),
        estimate.low().stream().map(Replies::bucket).toList());
  }

  private static FeeBucket bucket(FeeEstimate.Bucket bucket) {
    return new FeeBucket(bucket.feeRate(), bucket.seconds());
  }
}
