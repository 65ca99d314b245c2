package kaspeer.primitives;

import java.util.List;

/** A header with its transactions, the coinbase first. */
public record Block(Header header, List<Transaction> transactions) {
  public Block {
    transactions = List.copyOf(transactions);
  }

  public Hash hash() {
    return header.hash();
  }
}
