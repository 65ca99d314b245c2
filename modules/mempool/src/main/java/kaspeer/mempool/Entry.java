package kaspeer.mempool;

import java.util.LinkedHashSet;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;

/** A transaction in the pool. Only the owner of the pool looks at more than the transaction. */
final class Entry {
  /** Entry, its place in four indexes, transaction with id and hash. */
  private static final long FIXED_BYTES = 640;

  /** Input, outpoint, hash, script array, place among the spent outpoints. */
  private static final long INPUT_BYTES = 176;

  /** Output, script, script array, covenant or none. */
  private static final long OUTPUT_BYTES = 144;

  final Transaction transaction;
  final String source;

  /** When it came: the DAA score then. */
  final long daaScore;

  final long bytes;

  /** Transactions of the pool whose outputs it spends. */
  final Set<Entry> parents = new LinkedHashSet<>(2);

  /** Transactions of the pool that spend its outputs. */
  final Set<Entry> children = new LinkedHashSet<>(2);

  Entry(Transaction transaction, String source, long daaScore) {
    this.transaction = transaction;
    this.source = source;
    this.daaScore = daaScore;
    this.bytes = estimatedBytes(transaction);
  }

  Hash id() {
    return transaction.id();
  }

  /** Bytes of heap a transaction takes while it is in the pool. */
  static long estimatedBytes(Transaction transaction) {
    long bytes = FIXED_BYTES + transaction.payload().length;
    for (Input input : transaction.inputs()) {
      bytes += INPUT_BYTES + input.signatureScript().length;
    }
    for (Output output : transaction.outputs()) {
      bytes += OUTPUT_BYTES + output.scriptPublicKey().script().length;
    }
    return bytes;
  }
}
