package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on its way into the pool. It is handed to and fro between the pool's owner and
 * whoever checks it, and only who has it touches it.
 */
final class Attempt {
  final Transaction transaction;
  final Submission how;

  /** The orphan it was until now, or null. */
  final @Nullable Orphan orphan;

  /** Where it is told what became of orphans that waited for it. */
  final List<Admission> redeemed;

  /** What it spends of transactions in the pool. */
  OutpointMap<UtxoEntry> unconfirmed = new OutpointMap<>(0);

  /** Those transactions, each once. */
  List<Entry> parents = List.of();

  private @Nullable TransactionMass mass;
  private @Nullable Admission outcome;

  private Attempt(
      Transaction transaction, Submission how, @Nullable Orphan orphan, List<Admission> redeemed) {
    this.transaction = transaction;
    this.how = how;
    this.orphan = orphan;
    this.redeemed = redeemed;
  }

  static Attempt submitted(Transaction transaction, Submission how) {
    return new Attempt(transaction, how, null, new ArrayList<>(0));
  }

  /**
   * @param redeemed where to tell what becomes of it, and of orphans that waited for it
   */
  static Attempt redeemed(Orphan orphan, List<Admission> redeemed) {
    return new Attempt(orphan.transaction, orphan.how, orphan, redeemed);
  }

  /** The transaction's masses, computed when they are first asked for. */
  TransactionMass mass(Params params) {
    TransactionMass known = mass;
    if (known == null) {
      known = TransactionMass.of(transaction, params);
      mass = known;
    }
    return known;
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
      if (!found.contains(parent)) {
        found.add(parent);
      }
    }
    parents = found;
    unconfirmed = outputs;
    return null;
  }

  /** Whether all that it spends of the pool is still there, and nothing has come back to it. */
  boolean isResolvedIn(Pool pool) {
    for (Entry parent : parents) {
      if (pool.get(parent.id()) != parent) {
        return false;
      }
    }
    for (Input input : transaction.inputs()) {
      if (unconfirmed.get(input.previous()) == null
          && pool.get(input.previous().transactionId()) != null) {
        return false;
      }
    }
    return true;
  }

  void decide(Admission admission) {
    outcome = admission;
  }

  boolean isDecided() {
    return outcome != null;
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
