package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** A transaction on its way into the pool. */
final class Attempt {
  final Transaction transaction;
  final Submission how;

  /** The orphan it was until now, or null. */
  final @Nullable Orphan orphan;

  /** Where it is told what became of orphans that waited for it. */
  final List<Admission> redeemed;

  final TransactionMass mass;

  /** What it spends of transactions in the pool. Not changed while others read it. */
  OutpointMap<UtxoEntry> unconfirmed = new OutpointMap<>(0);

  /** Those transactions. */
  List<Entry> parents = List.of();

  private @Nullable Admission outcome;

  private Attempt(
      Transaction transaction,
      Submission how,
      TransactionMass mass,
      @Nullable Orphan orphan,
      List<Admission> redeemed) {
    this.transaction = transaction;
    this.how = how;
    this.mass = mass;
    this.orphan = orphan;
    this.redeemed = redeemed;
  }

  static Attempt submitted(Transaction transaction, Submission how, TransactionMass mass) {
    return new Attempt(transaction, how, mass, null, new ArrayList<>(0));
  }

  /**
   * @param redeemed where to tell what becomes of it, and of orphans that waited for it
   */
  static Attempt redeemed(Orphan orphan, TransactionMass mass, List<Admission> redeemed) {
    return new Attempt(orphan.transaction, orphan.how, mass, orphan, redeemed);
  }

  /** Finds what it spends in the pool; returns an output that the pool knows not to exist. */
  @Nullable Outpoint resolve(Pool pool) {
    List<Entry> found = new ArrayList<>(0);
    OutpointMap<UtxoEntry> outputs = new OutpointMap<>(0);
    for (Input input : transaction.inputs()) {
      Entry parent = pool.get(input.previous().transactionId());
      if (parent == null) {
        continue;
      }
      UtxoEntry output = Pool.output(parent, input.previous());
      if (output == null) {
        return input.previous();
      }
      outputs.putIfAbsent(input.previous(), output);
      found.add(parent);
    }
    parents = found;
    unconfirmed = outputs;
    return null;
  }

  /** Whether all that it spends of the pool is still there. */
  boolean isResolvedIn(Pool pool) {
    for (Entry parent : parents) {
      if (pool.get(parent.id()) != parent) {
        return false;
      }
    }
    return true;
  }

  VirtualState.Candidate candidate() {
    return new VirtualState.Candidate(transaction, unconfirmed::get);
  }

  void is(Admission admission) {
    outcome = admission;
  }

  boolean isOrphanAgain() {
    return orphan != null && outcome instanceof Admission.Orphaned;
  }

  /** What became of it. An accepted orphan does not repeat what it was told itself. */
  Admission outcome() {
    Admission known = outcome;
    if (known == null) {
      throw new IllegalStateException("nothing became of " + transaction.id() + " yet");
    }
    return known instanceof Accepted accepted && orphan == null
        ? new Accepted(accepted.id(), accepted.replaced(), accepted.evicted(), redeemed)
        : known;
  }
}
