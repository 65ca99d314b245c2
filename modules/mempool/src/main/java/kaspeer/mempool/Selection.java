package kaspeer.mempool;

import java.util.List;
import kaspeer.primitives.Transaction;

/**
 * Transactions for a block. None builds on another, and together they keep the limits. Masses are
 * in grams.
 *
 * @param transactions each committing to its storage mass
 * @param fees of all, in sompi
 */
public record Selection(
    List<Transaction> transactions, long fees, long compute, long transientStorage, long storage) {
  public Selection {
    transactions = List.copyOf(transactions);
  }
}
