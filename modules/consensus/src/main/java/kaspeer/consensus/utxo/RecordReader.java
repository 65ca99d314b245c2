package kaspeer.consensus.utxo;

import java.util.Arrays;
import java.util.function.BiConsumer;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/**
 * Reads what {@link RecordWriter} wrote.
 *
 * <p>Every method throws {@link IllegalArgumentException} if the record is damaged.
 */
final class RecordReader {
  private final String what;
  private final byte[] bytes;
  private int at;

  /**
   * @param what names the record in errors
   */
  RecordReader(String what, byte[] bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  /** Any 64 bits. */
  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      need(1);
      byte next = bytes[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged();
  }

  /** A number from 0 to {@code max}. */
  int number(int max) {
    long value = number();
    if (value < 0 || value > max) {
      throw damaged();
    }
    return (int) value;
  }

  /** A number of things that take at least {@code each} bytes. */
  int count(int each) {
    return number((bytes.length - at) / each);
  }

  Hash hash() {
    need(Hash.SIZE);
    at += Hash.SIZE;
    return Hash.read(bytes, at - Hash.SIZE);
  }

  /** An outpoint and its entry. */
  void utxo(BiConsumer<Outpoint, UtxoEntry> visitor) {
    Outpoint outpoint = new Outpoint(hash(), index());
    int flags = number(3);
    long amount = number();
    long daaScore = number();
    int version = number(0xFFFF);
    int length = count(1);
    byte[] script = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    Hash covenantId = (flags & 2) == 0 ? null : hash();
    visitor.accept(
        outpoint,
        new UtxoEntry(
            amount, new ScriptPublicKey(version, script), daaScore, (flags & 1) != 0, covenantId));
  }

  private int index() {
    long index = number();
    if (index >>> 32 != 0) {
      throw damaged();
    }
    return (int) index;
  }

  /** Nothing may be left. */
  void end() {
    if (at != bytes.length) {
      throw damaged();
    }
  }

  private void need(int more) {
    if (more > bytes.length - at) {
      throw damaged();
    }
  }

  IllegalArgumentException damaged() {
    return new IllegalArgumentException(what + " as stored is damaged at byte " + at);
  }
}
