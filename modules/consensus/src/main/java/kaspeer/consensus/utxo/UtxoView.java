package kaspeer.consensus.utxo;

import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** A set of unspent outputs as it is seen from some block. */
@FunctionalInterface
public interface UtxoView {
  /** The entry of an outpoint, or null if it is not unspent here. */
  @Nullable UtxoEntry get(Outpoint outpoint);

  /**
   * This view after a diff (consensus reference 6.9): what the diff added, then what it left. Later
   * changes of the diff show in it.
   */
  default UtxoView after(UtxoDiff diff) {
    return outpoint -> {
      UtxoEntry added = diff.added(outpoint);
      if (added != null) {
        return added;
      }
      return diff.removed(outpoint) == null ? get(outpoint) : null;
    };
  }
}
