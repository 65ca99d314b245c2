package kaspeer.flow.dag;

import java.util.List;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;

/**
 * A block that is or was on the selected chain, and the transactions it accepted, as {@code
 * kaspeer.consensus.BlockAcceptance} has it, for those who may not import it.
 *
 * @param merged what it merged: its selected parent, then the others in the order of acceptance;
 *     empty in a change of the chain that is too large to be told with all ids: {@link
 *     Dag.GetAccepted} answers them block by block
 */
public record AcceptedBlock(Hash hash, List<Merged> merged) {
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

  public AcceptedBlock {
    merged = List.copyOf(merged);
  }

  /** The ids of all transactions it accepted. */
  public Stream<Hash> transactions() {
    return merged.stream().flatMap(block -> block.transactions.stream());
  }
}
