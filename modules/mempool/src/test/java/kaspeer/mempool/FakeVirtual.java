package kaspeer.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * A UTXO set in a map, in which every {@link Txs#coin} is there until it is spent. Every signature
 * is good, unless a test says otherwise.
 */
final class FakeVirtual implements VirtualState {
  static final Params PARAMS = Params.of(Network.SIMNET);

  private final Map<Outpoint, UtxoEntry> unspent = new HashMap<>();
  private final Map<Outpoint, Hash> spentBy = new HashMap<>();
  private final Map<Outpoint, ScriptPublicKey> scripts = new HashMap<>();
  private final Map<Hash, Rule> broken = new HashMap<>();
  private final Set<Hash> brokenForNow = new HashSet<>();

  /** Transactions that were checked, in order. */
  final List<Hash> checked = new ArrayList<>();

  /** How many were handed in together, for each time. */
  final List<Integer> together = new ArrayList<>();

  long daaScore = 1000;
  long pastMedianTime = 1_700_000_000_000L;

  /** Makes the check of a transaction find this rule broken. */
  FakeVirtual breaks(Hash id, Rule rule) {
    broken.put(id, rule);
    return this;
  }

  /** Likewise, but in this place of the chain only. */
  FakeVirtual breaksForNow(Hash id, Rule rule) {
    brokenForNow.add(id);
    return breaks(id, rule);
  }

  FakeVirtual breaksNoMore(Hash id) {
    broken.remove(id);
    return this;
  }

  /** Says which script a coin is locked with. */
  FakeVirtual locks(Txs.Money coin, ScriptPublicKey script) {
    scripts.put(coin.outpoint(), script);
    return this;
  }

  /** Accepts transactions whose inputs are there. */
  FakeVirtual accept(Transaction... transactions) {
    for (Transaction transaction : transactions) {
      for (Input input : transaction.inputs()) {
        if (utxo(input.previous()) == null) {
          throw new AssertionError(input.previous() + " is not there");
        }
        unspent.remove(input.previous());
        spentBy.put(input.previous(), transaction.id());
      }
      for (int i = 0; i < transaction.outputs().size(); i++) {
        Output output = transaction.outputs().get(i);
        unspent.put(new Outpoint(transaction.id(), i), UtxoEntry.of(output, daaScore, false));
      }
    }
    return this;
  }

  /** Undoes {@link #accept}; give the last one first. */
  FakeVirtual unaccept(Map<Outpoint, UtxoEntry> spent, Transaction transaction) {
    for (int i = 0; i < transaction.outputs().size(); i++) {
      unspent.remove(new Outpoint(transaction.id(), i));
    }
    for (Input input : transaction.inputs()) {
      spentBy.remove(input.previous());
      UtxoEntry entry = spent.get(input.previous());
      if (entry != null) {
        unspent.put(input.previous(), entry);
      }
    }
    return this;
  }

  /** Undoes the acceptance of a transaction that spends nothing but coins. */
  FakeVirtual unaccept(Transaction transaction) {
    return unaccept(Map.of(), transaction);
  }

  @Override
  public long daaScore() {
    return daaScore;
  }

  @Override
  public long pastMedianTime() {
    return pastMedianTime;
  }

  @Override
  public @Nullable UtxoEntry utxo(Outpoint outpoint) {
    if (spentBy.containsKey(outpoint)) {
      return null;
    }
    UtxoEntry entry = unspent.get(outpoint);
    boolean isCoin =
        outpoint.transactionId().word(0) == 7
            && outpoint.transactionId().word(1) == 7
            && outpoint.index() == 0;
    if (entry == null && isCoin) {
      ScriptPublicKey script = scripts.getOrDefault(outpoint, Txs.payToKey());
      return new UtxoEntry(Txs.COIN, script, 1, false, null);
    }
    return entry;
  }

  @Override
  public List<Check> checkAll(List<Candidate> candidates) {
    List<Check> checks = new ArrayList<>();
    int passed = 0;
    for (Candidate candidate : candidates) {
      List<@Nullable UtxoEntry> spent = new ArrayList<>();
      for (Outpoint outpoint : candidate.outpoints()) {
        UtxoEntry entry = utxo(outpoint);
        spent.add(entry == null ? candidate.unconfirmed().apply(outpoint) : entry);
      }
      Refusal alone = candidate.screen().alone();
      Refusal refusal = alone != null ? alone : candidate.screen().refusal(spent);
      if (refusal == null) {
        passed++;
        checks.add(check(candidate.transaction(), candidate.unconfirmed()));
      } else {
        checks.add(new Check.Screened(refusal));
      }
    }
    together.add(passed);
    return checks;
  }

  private Check check(
      Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed) {
    checked.add(transaction.id());
    Map<Outpoint, UtxoEntry> spent = new LinkedHashMap<>();
    List<Outpoint> missing = new ArrayList<>();
    for (Input input : transaction.inputs()) {
      UtxoEntry entry = unconfirmed.apply(input.previous());
      if (entry == null) {
        entry = utxo(input.previous());
      }
      if (entry == null) {
        missing.add(input.previous());
      } else {
        spent.put(input.previous(), entry);
      }
    }
    if (!missing.isEmpty()) {
      return new Check.Missing(missing);
    }
    Rule rule = broken.get(transaction.id());
    if (rule != null) {
      return new Check.Broken(rule, "as the test says", brokenForNow.contains(transaction.id()));
    }
    List<UtxoEntry> entries = List.copyOf(spent.values());
    long fee =
        entries.stream().mapToLong(UtxoEntry::amount).sum()
            - transaction.outputs().stream().mapToLong(Output::value).sum();
    if (fee < 0) {
      return new Check.Broken(Rule.SPEND_TOO_HIGH, "pays more than it has");
    }
    OptionalLong storage = StorageMass.of(transaction, entries, PARAMS);
    if (storage.isEmpty()) {
      return new Check.Broken(Rule.MASS_INCOMPUTABLE, "too high");
    }
    TransactionMass mass = TransactionMass.of(transaction, PARAMS);
    return new Check.Passed(fee, mass.compute(), mass.transientStorage(), storage.getAsLong());
  }
}
