package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kaspeer.consensus.body.LockTimeRules;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.utxo.BlockSource;
import kaspeer.consensus.utxo.ChainRecords;
import kaspeer.consensus.utxo.Scripts;
import kaspeer.consensus.utxo.Spend;
import kaspeer.consensus.utxo.UtxoRules;
import kaspeer.consensus.utxo.UtxoView;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** What can be asked of the virtual block's UTXO state, by any thread. */
final class VirtualQueries {
  private final Params params;
  private final Dag dag;
  private final BlockSource source;
  private final DagStore store;
  private final UtxoState state;
  private final Scripts scripts;
  private final UtxoRules rules;

  VirtualQueries(Dag dag, BlockSource source, DagStore store, UtxoState state, Scripts scripts) {
    this.params = dag.params();
    this.dag = dag;
    this.source = source;
    this.store = store;
    this.state = state;
    this.scripts = scripts;
    this.rules = new UtxoRules(params);
  }

  @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return state.read(snapshot -> snapshot.view().get(outpoint));
  }

  @Nullable BlockAcceptance acceptance(Hash chainBlock) {
    int id = source.read(() -> dag.find(chainBlock));
    byte[] stored = id < 0 ? null : store.acceptance(id);
    if (stored == null) {
      return null;
    }
    try {
      return ChainRecords.acceptance(id, stored, source);
    } catch (IllegalArgumentException e) {
      throw store.damaged("the acceptance of block " + id + ": " + e.getMessage());
    }
  }

  /** Outputs as one snapshot has them. */
  VirtualReading read(List<Outpoint> outpoints) {
    return state.read(
        snapshot -> {
          List<@Nullable UtxoEntry> entries = new ArrayList<>(outpoints.size());
          outpoints.forEach(outpoint -> entries.add(snapshot.view().get(outpoint)));
          return new VirtualReading(
              entries,
              snapshot.virtual().daaScore(),
              snapshot.virtual().pastMedianTime(),
              snapshot.virtual().sink());
        });
  }

  TransactionVerdict check(
      Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed) {
    List<Outpoint> outpoints = transaction.inputs().stream().map(Input::previous).toList();
    VirtualReading reading = read(outpoints);
    List<@Nullable UtxoEntry> spent = new ArrayList<>(outpoints.size());
    for (int i = 0; i < outpoints.size(); i++) {
      UtxoEntry entry = reading.entries().get(i);
      spent.add(entry == null ? unconfirmed.apply(outpoints.get(i)) : entry);
    }
    TransactionCheck check = check(transaction, spent, reading);
    check.parts().forEach(Runnable::run);
    return check.verdict();
  }

  /** All but the scripts is checked here; those are the parts of what is returned. */
  TransactionCheck check(
      Transaction transaction, List<@Nullable UtxoEntry> entries, VirtualReading reading) {
    List<UtxoEntry> spent = new ArrayList<>(entries.size());
    List<Outpoint> missing = new ArrayList<>(0);
    for (int i = 0; i < entries.size(); i++) {
      UtxoEntry entry = entries.get(i);
      if (entry == null) {
        missing.add(transaction.inputs().get(i).previous());
      } else {
        spent.add(entry);
      }
    }
    if (!missing.isEmpty()) {
      return TransactionCheck.decided(new TransactionVerdict.MissingOutpoints(missing));
    }
    try {
      LockTimeRules.requireFinal(transaction, reading.daaScore(), reading.pastMedianTime());
      Spend spend = rules.checkUncommitted(transaction, spent, reading.daaScore());
      return TransactionCheck.open(
          scripts.check(spend, dag, source, reading.sink()),
          new TransactionVerdict.Accepted(
              spend.fee(), TransactionMass.of(transaction, params), spend.storageMass(), spent));
    } catch (RuleException broken) {
      return TransactionCheck.decided(
          new TransactionVerdict.Refused(broken.rule(), broken.detail(), false));
    }
  }

  /** The entries a transaction spends in a view, null where there is none. */
  static List<@Nullable UtxoEntry> entries(Transaction transaction, UtxoView view) {
    List<@Nullable UtxoEntry> entries = new ArrayList<>(transaction.inputs().size());
    for (Input input : transaction.inputs()) {
      entries.add(view.get(input.previous()));
    }
    return entries;
  }
}
