package kaspeer.consensus.utxo;

import kaspeer.consensus.dag.Merge;
import kaspeer.crypto.MuHash;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What the block that follows would do to the UTXO state, and what it has to state. Immutable; safe
 * from any thread.
 */
public final class NextState {
  private final MergedState merged;
  private final MuHash parentMultiset;
  private final Hash sequencingCommitment;
  private @Nullable Hash utxoCommitment;

  /**
   * @param parentMultiset at the selected parent; for this alone
   */
  NextState(MergedState merged, MuHash parentMultiset, Hash sequencingCommitment) {
    this.merged = merged;
    this.parentMultiset = parentMultiset;
    this.sequencingCommitment = sequencingCommitment;
  }

  public Merge merge() {
    return merged.merge();
  }

  /** What its header states as {@code acceptedIdMerkleRoot}. */
  public Hash sequencingCommitment() {
    return sequencingCommitment;
  }

  /** What its header states; takes some time when asked for first. */
  public synchronized Hash utxoCommitment(Workers workers) {
    Hash known = utxoCommitment;
    if (known == null) {
      MuHash multiset = parentMultiset.copy();
      multiset.combine(merged.multisetChange(workers));
      known = multiset.hash();
      utxoCommitment = known;
    }
    return known;
  }

  /** Its coinbase, with this payload. */
  public Transaction coinbase(CoinbaseOutputs coinbases, CoinbasePayload payload) {
    return coinbases.expected(merged, payload);
  }

  /** The UTXO set it sees, given that of its selected parent. */
  public UtxoView view(UtxoView parent) {
    return parent.after(merged.diff());
  }
}
