package kaspeer.consensus.utxo;

import java.util.Arrays;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/** Collects the bytes of a stored record. Numbers take 7 bits a byte, the low ones first. */
final class RecordWriter {
  private static final int COINBASE = 1;
  private static final int COVENANT = 2;

  private byte[] bytes;
  private int size;

  RecordWriter(int expected) {
    bytes = new byte[Math.max(64, expected)];
  }

  /** Any 64 bits, taken as unsigned. */
  void number(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void hash(Hash hash) {
    ensure(Hash.SIZE);
    hash.write(bytes, size);
    size += Hash.SIZE;
  }

  void raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void utxo(Outpoint outpoint, UtxoEntry entry) {
    hash(outpoint.transactionId());
    number(Integer.toUnsignedLong(outpoint.index()));
    Hash covenantId = entry.covenantId();
    number((entry.coinbase() ? COINBASE : 0) | (covenantId == null ? 0 : COVENANT));
    number(entry.amount());
    number(entry.blockDaaScore());
    number(entry.scriptPublicKey().version());
    number(entry.scriptPublicKey().script().length);
    raw(entry.scriptPublicKey().script());
    if (covenantId != null) {
      hash(covenantId);
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
