package kaspeer.mempool;

import kaspeer.primitives.Transaction.ScriptPublicKey;

/** The forms of script that are relayed (consensus reference 8). */
final class StandardScripts {
  private static final int OP_DATA_32 = 0x20;
  private static final int OP_DATA_33 = 0x21;
  private static final int OP_EQUAL = 0x87;
  private static final int OP_BLAKE2B = 0xAA;
  private static final int OP_CHECKSIG_ECDSA = 0xAB;
  private static final int OP_CHECKSIG = 0xAC;

  private StandardScripts() {}

  /** Whether the script pays to a Schnorr key, an ECDSA key or a script hash. */
  static boolean isStandard(ScriptPublicKey scriptPublicKey) {
    byte[] script = scriptPublicKey.script();
    if (scriptPublicKey.version() != 0 || script.length < 34) {
      return false;
    }
    int first = script[0] & 0xFF;
    int second = script[1] & 0xFF;
    int last = script[script.length - 1] & 0xFF;
    return switch (script.length) {
      case 34 -> first == OP_DATA_32 && last == OP_CHECKSIG;
      case 35 ->
          (first == OP_DATA_33 && last == OP_CHECKSIG_ECDSA)
              || (first == OP_BLAKE2B && second == OP_DATA_32 && last == OP_EQUAL);
      default -> false;
    };
  }
}
