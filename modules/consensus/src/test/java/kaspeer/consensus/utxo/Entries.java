package kaspeer.consensus.utxo;

import java.util.Map;
import java.util.TreeMap;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/** Outpoints and entries by number, and diffs as text. */
final class Entries {
  private static final ScriptPublicKey SCRIPT = new ScriptPublicKey(0, new byte[] {0x51});

  private Entries() {}

  static Outpoint outpoint(int number) {
    return new Outpoint(Hash.ofWords(number, 2, 3, number / 3), number % 3);
  }

  /** The entry that an outpoint has with a DAA score. */
  static UtxoEntry entry(long daaScore) {
    return new UtxoEntry(1000, SCRIPT, daaScore, false, null);
  }

  /**
   * What a diff does to each outpoint: {@code +score} for what it adds, {@code -score} for what it
   * removes.
   */
  static Map<String, String> text(UtxoDiff diff) {
    Map<String, String> text = new TreeMap<>();
    diff.forEachAdded(
        (outpoint, entry) ->
            text.merge(outpoint.toString(), "+" + entry.blockDaaScore(), String::concat));
    diff.forEachRemoved(
        (outpoint, entry) ->
            text.merge(outpoint.toString(), "-" + entry.blockDaaScore(), String::concat));
    return text;
  }
}
