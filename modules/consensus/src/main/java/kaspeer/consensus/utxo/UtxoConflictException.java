package kaspeer.consensus.utxo;

import kaspeer.primitives.Transaction.Outpoint;

/**
 * Two diffs, or a diff and a transaction, that cannot follow upon each other: an output would be
 * made twice or spent twice. Valid blocks never lead to it, so what is stored must be damaged.
 */
public final class UtxoConflictException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  UtxoConflictException(String what, Outpoint outpoint) {
    super(
        what
            + ": output "
            + Integer.toUnsignedString(outpoint.index())
            + " of "
            + outpoint.transactionId());
  }
}
