package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Merge;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * Merges blocks into the UTXO state of a selected parent (consensus reference 6.3). Scripts are
 * taken to succeed; they are listed to be checked afterwards, and what failed is left out on the
 * next try.
 */
final class Merger {
  /** A transaction of a merged block: its place in the merge and in the block. */
  record Place(int block, int transaction) {}

  /** A transaction that was accepted subject to its scripts. */
  record Unchecked(Place place, Spend spend) {}

  /** The outcome. */
  record Result(MergedState state, List<Unchecked> unchecked) {}

  private final Blocks blocks;
  private final BlockSource source;
  private final UtxoRules rules;

  Merger(Params params, Blocks blocks, BlockSource source) {
    this.blocks = blocks;
    this.source = source;
    this.rules = new UtxoRules(params);
  }

  /**
   * Merges.
   *
   * @param parentView the UTXO set at the selected parent
   * @param parentSpends the selected parent's own transactions in that view, if they are known; all
   *     of them passed, as it is on the selected chain
   * @param failed transactions whose scripts failed
   */
  Result merge(
      Merge merge, UtxoView parentView, @Nullable List<Spend> parentSpends, Set<Place> failed) {
    UtxoDiff diff = new UtxoDiff();
    UtxoView view = parentView.after(diff);
    List<MergedBlock> merged = new ArrayList<>(merge.size());
    List<Unchecked> unchecked = new ArrayList<>();
    for (int i = 0; i < merge.size(); i++) {
      List<Transaction> transactions = source.body(merge.block(i));
      int[] accepted = new int[transactions.size()];
      int count = 0;
      long fees = 0;
      if (i == 0) { // only the selected parent's coinbase is accepted
        diff.accept(transactions.getFirst(), List.of(), merge.daaScore());
        count = 1;
      }
      for (int j = 1; j < transactions.size(); j++) {
        Place place = new Place(i, j);
        Spend spend =
            i == 0 && parentSpends != null
                ? parentSpends.get(j - 1)
                : failed.contains(place) ? null : spend(transactions.get(j), view, merge);
        if (spend == null) {
          continue;
        }
        // The transactions of one block do not depend on each other: it may show in the view now.
        diff.accept(spend.transaction(), spend.spent(), merge.daaScore());
        accepted[count++] = j;
        fees += spend.fee();
        if (i > 0) { // the selected parent's scripts were checked for itself
          unchecked.add(new Unchecked(place, spend));
        }
      }
      merged.add(
          new MergedBlock(merge.block(i), transactions, Arrays.copyOf(accepted, count), fees));
    }
    Sequencing sequencing = new Sequencing(merge, merged, blocks);
    return new Result(new MergedState(merge, merged, diff, sequencing), unchecked);
  }

  /** A transaction in a view, or null if it breaks a rule there. */
  private @Nullable Spend spend(Transaction transaction, UtxoView view, Merge merge) {
    List<UtxoEntry> spent = new ArrayList<>(transaction.inputs().size());
    for (Input input : transaction.inputs()) {
      UtxoEntry entry = view.get(input.previous());
      if (entry == null) {
        return null;
      }
      spent.add(entry);
    }
    try {
      return rules.check(transaction, spent, merge.daaScore());
    } catch (RuleException broken) {
      return null; // which rule it was is of no consequence: the transaction is just not accepted
    }
  }

  /**
   * The transactions of a block, without its coinbase, in its own view after its mergeset.
   *
   * @throws RuleException for the first that breaks a rule
   */
  List<Spend> own(List<Transaction> transactions, UtxoView view, long povDaaScore)
      throws RuleException {
    List<Spend> spends = new ArrayList<>(transactions.size() - 1);
    for (int i = 1; i < transactions.size(); i++) {
      Transaction transaction = transactions.get(i);
      List<UtxoEntry> spent = new ArrayList<>(transaction.inputs().size());
      for (Input input : transaction.inputs()) {
        UtxoEntry entry = view.get(input.previous());
        if (entry == null) {
          throw UtxoRules.missing(transaction, input.previous());
        }
        spent.add(entry);
      }
      spends.add(rules.check(transaction, spent, povDaaScore));
    }
    return spends;
  }
}
