package kaspeer.consensus.utxo;

import java.util.List;
import kaspeer.primitives.Transaction;

/**
 * A merged block and what of it was accepted.
 *
 * @param transactions all of them, the coinbase first
 * @param accepted indices of those accepted, ascending; the coinbase is among them if this is the
 *     selected parent
 * @param fees of the accepted ones together, in sompi
 */
record MergedBlock(int id, List<Transaction> transactions, int[] accepted, long fees) {
  Transaction coinbase() {
    return transactions.getFirst();
  }
}
