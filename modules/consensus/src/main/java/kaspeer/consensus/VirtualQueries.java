package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kaspeer.consensus.body.LockTime;
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

  /** What a transaction finds of what it spends, and from where it is seen. */
  private record Found(
      List<@Nullable UtxoEntry> entries, long daaScore, long pastMedianTime, int sink) {}

  @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return state.read(snapshot -> snapshot.view().get(outpoint));
  }

  @Nullable AcceptedBlock acceptance(Hash chainBlock) {
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

  TransactionVerdict check(
      Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed) {
    Found found =
        state.read(
            snapshot ->
                new Found(
                    entries(transaction, snapshot.view()),
                    snapshot.virtual().daaScore(),
                    snapshot.virtual().pastMedianTime(),
                    snapshot.virtual().sink()));
    List<UtxoEntry> spent = new ArrayList<>(found.entries.size());
    List<Outpoint> missing = new ArrayList<>();
    for (int i = 0; i < found.entries.size(); i++) {
      Outpoint outpoint = transaction.inputs().get(i).previous();
      UtxoEntry entry = found.entries.get(i);
      if (entry == null) {
        entry = unconfirmed.apply(outpoint);
      }
      if (entry == null) {
        missing.add(outpoint);
      } else {
        spent.add(entry);
      }
    }
    if (!missing.isEmpty()) {
      return new TransactionVerdict.MissingOutpoints(missing);
    }
    try {
      LockTime.requireFinal(transaction, found.daaScore, found.pastMedianTime);
      Spend spend = rules.checkUncommitted(transaction, spent, found.daaScore);
      scripts.run(spend, dag, source, found.sink);
      return new TransactionVerdict.Accepted(
          spend.fee(), TransactionMass.of(transaction, params), spend.storageMass(), spent);
    } catch (RuleException broken) {
      return new TransactionVerdict.Refused(broken.rule(), broken.detail());
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
