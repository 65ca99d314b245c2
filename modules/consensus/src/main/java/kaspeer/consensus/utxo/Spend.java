package kaspeer.consensus.utxo;

import java.util.List;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.CovenantContext;
import kaspeer.script.SpendingTransaction;

/**
 * A transaction with what it spends, after every check but its scripts'.
 *
 * @param fee in sompi
 * @param storageMass as computed, in grams
 */
public record Spend(
    SpendingTransaction spending, CovenantContext covenants, long fee, long storageMass) {
  public Transaction transaction() {
    return spending.transaction();
  }

  /** The entries of the inputs, in their order. */
  public List<UtxoEntry> spent() {
    return spending.spent();
  }
}
