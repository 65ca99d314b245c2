package kaspeer.consensus.utxo;

import java.util.function.BiConsumer;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;

/** An outpoint and its entry, as records of what a block changed hold them. */
final class UtxoRecord {
  /** Hash, index, flags, amount, score, script version and length. */
  static final int MIN_SIZE = 38;

  private static final int COINBASE = 1;
  private static final int COVENANT = 2;

  private UtxoRecord() {}

  static void write(RecordWriter out, Outpoint outpoint, UtxoEntry entry) {
    out.hash(outpoint.transactionId());
    out.varInt(outpoint.index());
    Hash covenantId = entry.covenantId();
    out.varInt((entry.coinbase() ? COINBASE : 0) | (covenantId == null ? 0 : COVENANT));
    out.varLong(entry.amount());
    out.varLong(entry.blockDaaScore());
    out.varInt(entry.scriptPublicKey().version());
    out.varBytes(entry.scriptPublicKey().script());
    if (covenantId != null) {
      out.hash(covenantId);
    }
  }

  static void read(RecordReader in, BiConsumer<Outpoint, UtxoEntry> visitor) {
    Outpoint outpoint = new Outpoint(in.hash(), in.varInt());
    int flags = in.varInt(COINBASE | COVENANT);
    long amount = in.varLong();
    long daaScore = in.varLong();
    ScriptPublicKey script = new ScriptPublicKey(in.varInt(0xFFFF), in.varBytes());
    Hash covenantId = (flags & COVENANT) == 0 ? null : in.hash();
    visitor.accept(
        outpoint, new UtxoEntry(amount, script, daaScore, (flags & COINBASE) != 0, covenantId));
  }
}
