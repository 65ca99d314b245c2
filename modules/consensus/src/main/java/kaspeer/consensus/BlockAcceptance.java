package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Hash;

/**
 * A block of the selected chain and the transactions it accepted (consensus reference 6.3).
 *
 * @param merged what it merged: its selected parent, then the others in the order of acceptance;
 *     empty in a change of the chain that is too large to be told with all ids, and only there, as
 *     every block merges its selected parent
 */
public record BlockAcceptance(Hash hash, List<Merged> merged) {
  /**
   * A merged block.
   *
   * @param transactions ids of those that were accepted; of the selected parent the coinbase too
   */
  public record Merged(Hash block, List<Hash> transactions) {
    public Merged {
      transactions = List.copyOf(transactions);
    }
  }

  public BlockAcceptance {
    merged = List.copyOf(merged);
  }

  /** A block of which is not told what it accepted. */
  static BlockAcceptance untold(Hash hash) {
    return new BlockAcceptance(hash, List.of());
  }
}
