package kaspeer.script;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * A transaction with the entries it spends. Immutable and thread safe; what the signature hashes of
 * all its inputs share is computed on first use and kept, so that checking many inputs does not
 * hash the transaction as many times.
 */
public final class SpendingTransaction {
  private final Transaction transaction;
  private final List<UtxoEntry> spent;

  // Set by any thread, perhaps by several, always to the same value: a race can do no harm.
  private @Nullable Hash previousOutputsHash;
  private @Nullable Hash sequencesHash;
  private @Nullable Hash sigOpCountsHash;
  private @Nullable Hash outputsHash;
  private @Nullable Hash payloadHash;

  /**
   * @param spent one entry for each input, in order
   * @throws IllegalArgumentException if there are more or fewer
   */
  public SpendingTransaction(Transaction transaction, List<UtxoEntry> spent) {
    if (spent.size() != transaction.inputs().size()) {
      throw new IllegalArgumentException(
          transaction.inputs().size() + " inputs cannot spend " + spent.size() + " entries");
    }
    this.transaction = transaction;
    this.spent = List.copyOf(spent);
  }

  public Transaction transaction() {
    return transaction;
  }

  /** The entries spent, in the order of the inputs. */
  public List<UtxoEntry> spent() {
    return spent;
  }

  Hash previousOutputsHash() {
    Hash hash = previousOutputsHash;
    if (hash == null) {
      hash = SignatureHash.previousOutputs(transaction);
      previousOutputsHash = hash;
    }
    return hash;
  }

  Hash sequencesHash() {
    Hash hash = sequencesHash;
    if (hash == null) {
      hash = SignatureHash.sequences(transaction);
      sequencesHash = hash;
    }
    return hash;
  }

  Hash sigOpCountsHash() {
    Hash hash = sigOpCountsHash;
    if (hash == null) {
      hash = SignatureHash.sigOpCounts(transaction);
      sigOpCountsHash = hash;
    }
    return hash;
  }

  Hash outputsHash() {
    Hash hash = outputsHash;
    if (hash == null) {
      hash = SignatureHash.outputs(transaction);
      outputsHash = hash;
    }
    return hash;
  }

  Hash payloadHash() {
    Hash hash = payloadHash;
    if (hash == null) {
      hash = SignatureHash.payload(transaction);
      payloadHash = hash;
    }
    return hash;
  }
}
