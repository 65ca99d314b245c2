package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;

/** The transactions of a block whose header is known. */
public record BlockBody(Hash hash, List<Transaction> transactions) {
  public BlockBody {
    transactions = List.copyOf(transactions);
  }
}
