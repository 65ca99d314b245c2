package kaspeer.consensus;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.consensus.body.BlockFill;
import kaspeer.consensus.body.LockTimeRules;
import kaspeer.consensus.body.TransactionRules;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.utxo.BlockSource;
import kaspeer.consensus.utxo.CoinbaseOutputs;
import kaspeer.consensus.utxo.NextState;
import kaspeer.consensus.utxo.Scripts;
import kaspeer.consensus.utxo.UtxoRules;
import kaspeer.consensus.utxo.UtxoView;
import kaspeer.consensus.utxo.Workers;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.Block;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** Makes blocks that lack only their proof of work (consensus reference 8, 6.5). */
final class BlockTemplates {
  private static final int PART_TRANSACTIONS = 16;

  private final Params params;
  private final Dag dag;
  private final BlockSource source;
  private final Scripts scripts;
  private final Workers workers;
  private final InstantSource clock;
  private final CoinbaseOutputs coinbases;
  private final UtxoRules utxoRules;
  private final TransactionRules transactionRules;

  /**
   * What a miner asks for.
   *
   * @param miner where the rewards of the block go
   * @param extraData follows in the coinbase's payload
   * @param transactions in the order of preference
   */
  record Order(ScriptPublicKey miner, byte[] extraData, List<Transaction> transactions) {}

  /**
   * An order, and the state it is to be carried out on.
   *
   * @param entries for each transaction those that its inputs spend, null where one is missing
   */
  record Draft(
      Order order, List<Hash> parents, NextState next, List<List<@Nullable UtxoEntry>> entries) {
    static Draft of(Order order, UtxoState.Snapshot snapshot) {
      return of(order, snapshot.virtual().parents(), snapshot.next(), snapshot.view());
    }

    static Draft of(Order order, List<Hash> parents, NextState next, UtxoView view) {
      List<List<@Nullable UtxoEntry>> entries = new ArrayList<>(order.transactions.size());
      for (Transaction transaction : order.transactions) {
        entries.add(VirtualQueries.entries(transaction, view));
      }
      return new Draft(order, parents, next, entries);
    }
  }

  BlockTemplates(
      Dag dag, BlockSource source, Scripts scripts, Workers workers, InstantSource clock) {
    this.params = dag.params();
    this.dag = dag;
    this.source = source;
    this.scripts = scripts;
    this.workers = workers;
    this.clock = clock;
    this.coinbases = new CoinbaseOutputs(params, dag.blocks());
    this.utxoRules = new UtxoRules(params);
    this.transactionRules = new TransactionRules(params);
  }

  /**
   * @throws IllegalArgumentException if the miner's script or the extra data are too long
   */
  void requireFits(ScriptPublicKey miner, byte[] extraData) {
    if (miner.script().length > Math.min(0xFF, params.coinbaseScriptMaxLength())) {
      throw new IllegalArgumentException(
          "the miner's script has at most " + params.coinbaseScriptMaxLength() + " bytes");
    }
    int length = new CoinbasePayload(0, 0, miner, extraData).encode().length;
    if (length > params.coinbasePayloadMaxLength()) {
      throw new IllegalArgumentException(
          "script and extra data leave "
              + length
              + " bytes of coinbase payload, at most "
              + params.coinbasePayloadMaxLength());
    }
  }

  /**
   * Makes the block.
   *
   * @param header of the draft's parents
   */
  BlockTemplate make(HeaderTemplate header, Draft draft) {
    List<Transaction> offered = draft.order.transactions;
    NextState next = draft.next;
    boolean[] valid = check(header, draft);
    BlockFill fill = new BlockFill(params);
    CoinbasePayload payload =
        new CoinbasePayload(
            header.blueScore(),
            Subsidy.of(params, header.daaScore()),
            draft.order.miner,
            draft.order.extraData);
    List<Transaction> chosen = new ArrayList<>(offered.size() + 1);
    chosen.add(next.coinbase(coinbases, payload));
    Set<Hash> rejected = new HashSet<>();
    Set<Hash> invalid = new HashSet<>();
    for (int i = 0; i < valid.length; i++) {
      if (valid[i] && fill.add(offered.get(i))) {
        chosen.add(offered.get(i));
      } else {
        rejected.add(offered.get(i).id());
      }
      if (!valid[i]) {
        invalid.add(offered.get(i).id());
      }
    }
    Hash root = Merkle.root(chosen.stream().map(Transaction::hash).toList());
    Hash utxoCommitment = next.utxoCommitment(workers);
    long timestamp = Math.max(header.pastMedianTime() + 1, clock.millis());
    return new BlockTemplate(
        new Block(
            header.header(root, next.sequencingCommitment(), utxoCommitment, timestamp, 0), chosen),
        List.copyOf(rejected),
        List.copyOf(invalid));
  }

  /** Which of the transactions are valid for themselves. */
  private boolean[] check(HeaderTemplate header, Draft draft) {
    boolean[] valid = new boolean[draft.order.transactions.size()];
    List<Runnable> parts = new ArrayList<>();
    for (int from = 0; from < valid.length; from += PART_TRANSACTIONS) {
      int first = from;
      int end = Math.min(valid.length, from + PART_TRANSACTIONS);
      parts.add(
          () -> {
            for (int i = first; i < end; i++) {
              valid[i] =
                  isValid(
                      draft.order.transactions.get(i), draft.entries.get(i), header, draft.next);
            }
          });
    }
    workers.run(parts);
    return valid;
  }

  private boolean isValid(
      Transaction transaction,
      List<@Nullable UtxoEntry> entries,
      HeaderTemplate header,
      NextState next) {
    List<UtxoEntry> spent = new ArrayList<>(entries.size());
    for (UtxoEntry entry : entries) {
      if (entry == null) {
        return false;
      }
      spent.add(entry);
    }
    try {
      transactionRules.validate(transaction);
      LockTimeRules.requireFinal(transaction, header.daaScore(), header.pastMedianTime());
      scripts.run(
          utxoRules.check(transaction, spent, header.daaScore()),
          dag,
          source,
          next.merge().selectedParent());
      return true;
    } catch (RuleException broken) {
      return false; // its id is told as rejected
    }
  }
}
