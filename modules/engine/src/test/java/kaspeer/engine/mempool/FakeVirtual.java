package kaspeer.engine.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.VirtualState;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** A virtual block of which the test says what is unspent and what is broken. */
final class FakeVirtual implements VirtualState {
  static final long AMOUNT = 1_000_000_000;
  static final long FEE = 10_000_000;

  private static final ScriptPublicKey ANYONE = new ScriptPublicKey(0, new byte[] {0x51});

  private final Map<Outpoint, UtxoEntry> unspent = new ConcurrentHashMap<>();
  private final Map<Hash, Rule> broken = new ConcurrentHashMap<>();

  /** How many were checked together, for each time. */
  final List<Integer> together = new CopyOnWriteArrayList<>();

  /** An output that is there from the start. */
  Outpoint coin(int number) {
    Outpoint outpoint = new Outpoint(Hash.ofWords(7, 7, 7, number), 0);
    unspent.put(outpoint, new UtxoEntry(AMOUNT, ANYONE, 1, false, null));
    return outpoint;
  }

  /** A transaction that spends this, with one output. @param unique tells it from others */
  static Transaction spending(Outpoint outpoint, long amount, int unique) {
    return new Transaction(
        0,
        List.of(new Input(outpoint, new byte[0], 0, 0)),
        List.of(new Output(amount - FEE, ANYONE, null)),
        unique,
        SubnetworkId.NATIVE,
        0,
        new byte[0],
        0);
  }

  static Outpoint outputOf(Transaction transaction) {
    return new Outpoint(transaction.id(), 0);
  }

  void breaks(Transaction transaction, Rule rule) {
    broken.put(transaction.id(), rule);
  }

  void accept(Transaction transaction) {
    transaction.inputs().forEach(input -> unspent.remove(input.previous()));
    unspent.put(outputOf(transaction), UtxoEntry.of(transaction.outputs().getFirst(), 100, false));
  }

  /** Undoes it. */
  void unaccept(Transaction transaction) {
    unspent.remove(outputOf(transaction));
    transaction
        .inputs()
        .forEach(
            input -> unspent.put(input.previous(), new UtxoEntry(AMOUNT, ANYONE, 1, false, null)));
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
  public @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return unspent.get(outpoint);
  }

  @Override
  public List<Check> checkAll(List<Candidate> candidates) {
    together.add(candidates.size());
    return candidates.stream().map(this::check).toList();
  }

  private Check check(Candidate candidate) {
    Transaction transaction = candidate.transaction();
    List<@Nullable UtxoEntry> spent = new ArrayList<>();
    List<Outpoint> missing = new ArrayList<>();
    for (Outpoint outpoint : candidate.outpoints()) {
      UtxoEntry own = unspent.get(outpoint);
      UtxoEntry entry = own == null ? candidate.unconfirmed().apply(outpoint) : own;
      spent.add(entry);
      if (entry == null) {
        missing.add(outpoint);
      }
    }
    Refusal alone = candidate.screen().alone();
    Refusal refusal = alone != null ? alone : candidate.screen().refusal(spent);
    Rule rule = broken.get(transaction.id());
    if (refusal != null) {
      return new Check.Screened(refusal);
    } else if (rule != null) {
      return new Check.Broken(rule, "as the test says");
    }
    return missing.isEmpty()
        ? new Check.Passed(FEE, 2_000, 2_000, 100)
        : new Check.Missing(missing);
  }
}
