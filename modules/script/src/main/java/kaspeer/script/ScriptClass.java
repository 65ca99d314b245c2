package kaspeer.script;

import kaspeer.primitives.Transaction.ScriptPublicKey;

/** The standard forms of script public keys (consensus reference 8). */
public enum ScriptClass {
  /** A Schnorr signature of one key. */
  PUB_KEY,
  /** An ECDSA signature of one key. */
  PUB_KEY_ECDSA,
  /** Whatever the script with this hash wants. */
  SCRIPT_HASH,
  /** Anything else. */
  NON_STANDARD;

  static final int X_ONLY_KEY_SIZE = 32;
  static final int COMPRESSED_KEY_SIZE = 33;
  static final int HASH_SIZE = 32;

  /** The form of a script public key. */
  public static ScriptClass of(ScriptPublicKey scriptPublicKey) {
    byte[] script = scriptPublicKey.script();
    if (scriptPublicKey.version() > ScriptLimits.MAX_SCRIPT_PUBLIC_KEY_VERSION) {
      return NON_STANDARD;
    }
    if (isKey(script, X_ONLY_KEY_SIZE, Opcode.OP_CHECKSIG)) {
      return PUB_KEY;
    }
    if (isKey(script, COMPRESSED_KEY_SIZE, Opcode.OP_CHECKSIG_ECDSA)) {
      return PUB_KEY_ECDSA;
    }
    return isScriptHash(script) ? SCRIPT_HASH : NON_STANDARD;
  }

  /** The push of a key, and then the opcode. */
  private static boolean isKey(byte[] script, int keySize, Opcode opcode) {
    return script.length == keySize + 2
        && script[0] == keySize
        && script[keySize + 1] == (byte) opcode.code();
  }

  /** Whether a script hashes the top of the stack and compares it to a literal. */
  static boolean isScriptHash(byte[] script) {
    return script.length == HASH_SIZE + 3
        && script[0] == (byte) Opcode.OP_BLAKE2B.code()
        && script[1] == HASH_SIZE
        && script[HASH_SIZE + 2] == (byte) Opcode.OP_EQUAL.code();
  }
}
