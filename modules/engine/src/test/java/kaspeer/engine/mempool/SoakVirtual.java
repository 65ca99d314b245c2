package kaspeer.engine.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.VirtualState;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * A virtual block that really has a UTXO set, changed by one thread while others check. A
 * transaction is broken if its lock time says so.
 */
final class SoakVirtual implements VirtualState {
  static final long BROKEN = 666;
  private static final long MASS = 2_000;

  private final Map<Outpoint, UtxoEntry> unspent = new HashMap<>();
  private final Map<Outpoint, UtxoEntry> spent = new HashMap<>();

  synchronized void add(Outpoint outpoint, UtxoEntry entry) {
    unspent.put(outpoint, entry);
  }

  synchronized void accept(Transaction transaction) {
    for (Transaction.Input input : transaction.inputs()) {
      UtxoEntry entry = unspent.remove(input.previous());
      if (entry == null) {
        throw new IllegalStateException("spent already: " + input.previous());
      }
      spent.put(input.previous(), entry);
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      unspent.put(
          new Outpoint(transaction.id(), i),
          UtxoEntry.of(transaction.outputs().get(i), daaScore(), false));
    }
  }

  synchronized void unaccept(Transaction transaction) {
    for (int i = 0; i < transaction.outputs().size(); i++) {
      unspent.remove(new Outpoint(transaction.id(), i));
    }
    for (Transaction.Input input : transaction.inputs()) {
      UtxoEntry entry = spent.remove(input.previous());
      if (entry == null) {
        throw new IllegalStateException("never spent: " + input.previous());
      }
      unspent.put(input.previous(), entry);
    }
  }

  @Override
  public long daaScore() {
    return 100;
  }

  @Override
  public long pastMedianTime() {
    return 1_000;
  }

  @Override
  public synchronized @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return unspent.get(outpoint);
  }

  @Override
  public List<Check> checkAll(List<Candidate> candidates) {
    return candidates.parallelStream().map(this::check).toList();
  }

  private Check check(Candidate candidate) {
    List<@Nullable UtxoEntry> entries = new ArrayList<>();
    List<Outpoint> missing = new ArrayList<>();
    long in = 0;
    synchronized (this) {
      for (Outpoint outpoint : candidate.outpoints()) {
        UtxoEntry own = unspent.get(outpoint);
        UtxoEntry entry = own == null ? candidate.unconfirmed().apply(outpoint) : own;
        entries.add(entry);
        if (entry == null) {
          missing.add(outpoint);
        } else {
          in += entry.amount();
        }
      }
    }
    Refusal alone = candidate.screen().alone();
    Refusal refusal = alone != null ? alone : candidate.screen().refusal(entries);
    if (refusal != null) {
      return new Check.Screened(refusal);
    }
    if (!missing.isEmpty()) {
      return new Check.Missing(missing);
    }
    Transaction transaction = candidate.transaction();
    if (transaction.lockTime() == BROKEN) {
      return new Check.Broken(Rule.SIGNATURE_INVALID, "as it says");
    }
    long out = transaction.outputs().stream().mapToLong(Transaction.Output::value).sum();
    return new Check.Passed(in - out, MASS, MASS, 100);
  }
}
