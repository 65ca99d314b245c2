package kaspeer.crypto;

import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/** Unspent outputs as members of the multiset that headers commit to (consensus reference 1.8). */
public final class UtxoElement {
  /** Outpoint, DAA score, amount, coinbase flag, script version and script length. */
  private static final int FIXED_SIZE = Hash.SIZE + 4 + 8 + 8 + 1 + 2 + 8;

  private UtxoElement() {}

  /**
   * The bytes of an entry. Those of the same output differ with the DAA score of the block that
   * accepted it. A covenant's id follows the script without any mark, so the bytes are for hashing
   * and cannot be read back.
   */
  public static byte[] bytes(Outpoint outpoint, UtxoEntry entry) {
    byte[] script = entry.scriptPublicKey().script();
    Hash covenantId = entry.covenantId();
    byte[] bytes = new byte[FIXED_SIZE + script.length + (covenantId == null ? 0 : Hash.SIZE)];
    outpoint.transactionId().write(bytes, 0);
    Bytes.putIntLe(bytes, 32, outpoint.index());
    Bytes.putLongLe(bytes, 36, entry.blockDaaScore());
    Bytes.putLongLe(bytes, 44, entry.amount());
    bytes[52] = (byte) (entry.coinbase() ? 1 : 0);
    Bytes.putShortLe(bytes, 53, entry.scriptPublicKey().version());
    Bytes.putLongLe(bytes, 55, script.length);
    System.arraycopy(script, 0, bytes, FIXED_SIZE, script.length);
    if (covenantId != null) {
      covenantId.write(bytes, FIXED_SIZE + script.length);
    }
    return bytes;
  }
}
