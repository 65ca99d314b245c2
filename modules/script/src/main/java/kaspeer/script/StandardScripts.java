package kaspeer.script;

import java.util.List;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.hashing.Blake2bKey;

/** The scripts that wallets use (consensus reference 8). */
public final class StandardScripts {
  private StandardScripts() {}

  /**
   * Pays to whoever signs with a key by Schnorr.
   *
   * @param xOnlyKey 32 bytes
   */
  public static ScriptPublicKey payToPubKey(byte[] xOnlyKey) {
    requireSize(xOnlyKey, ScriptClass.X_ONLY_KEY_SIZE);
    return standard(new ScriptBuilder().literal(xOnlyKey).op(Opcode.OP_CHECKSIG));
  }

  /**
   * Pays to whoever signs with a key by ECDSA.
   *
   * @param compressedKey 33 bytes
   */
  public static ScriptPublicKey payToPubKeyEcdsa(byte[] compressedKey) {
    requireSize(compressedKey, ScriptClass.COMPRESSED_KEY_SIZE);
    return standard(new ScriptBuilder().literal(compressedKey).op(Opcode.OP_CHECKSIG_ECDSA));
  }

  /** Pays to whoever satisfies a script, which is only known by its hash until it is spent. */
  public static ScriptPublicKey payToScriptHash(byte[] redeemScript) {
    byte[] hash = Blake2bKey.NONE.hash(redeemScript).toBytes();
    return standard(new ScriptBuilder().op(Opcode.OP_BLAKE2B).literal(hash).op(Opcode.OP_EQUAL));
  }

  /**
   * The signature script that spends from a script hash.
   *
   * @param arguments a script that pushes what the redeem script wants
   */
  public static byte[] spendScriptHash(byte[] arguments, byte[] redeemScript) {
    return new ScriptBuilder().raw(arguments).data(redeemScript).build();
  }

  /**
   * The redeem script that wants Schnorr signatures of some of these keys.
   *
   * @param xOnlyKeys 1 to 20, of 32 bytes each
   * @param required how many, at least 0
   */
  public static byte[] multisig(List<byte[]> xOnlyKeys, int required) {
    return multisig(xOnlyKeys, ScriptClass.X_ONLY_KEY_SIZE, required, Opcode.OP_CHECKMULTISIG);
  }

  /**
   * The redeem script that wants ECDSA signatures of some of these keys.
   *
   * @param compressedKeys 1 to 20, of 33 bytes each
   * @param required how many, at least 0
   */
  public static byte[] multisigEcdsa(List<byte[]> compressedKeys, int required) {
    return multisig(
        compressedKeys, ScriptClass.COMPRESSED_KEY_SIZE, required, Opcode.OP_CHECKMULTISIG_ECDSA);
  }

  private static byte[] multisig(List<byte[]> keys, int keySize, int required, Opcode opcode) {
    if (keys.isEmpty() || keys.size() > ScriptLimits.MAX_MULTISIG_KEYS) {
      throw new IllegalArgumentException("a multisig of " + keys.size() + " keys");
    }
    if (required < 0 || required > keys.size()) {
      throw new IllegalArgumentException(required + " of " + keys.size() + " signatures");
    }
    ScriptBuilder builder = new ScriptBuilder().number(required);
    for (byte[] key : keys) {
      requireSize(key, keySize);
      builder.literal(key);
    }
    return builder.number(keys.size()).op(opcode).build();
  }

  private static ScriptPublicKey standard(ScriptBuilder script) {
    return new ScriptPublicKey(ScriptLimits.MAX_SCRIPT_PUBLIC_KEY_VERSION, script.build());
  }

  private static void requireSize(byte[] key, int size) {
    if (key.length != size) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes, not " + size);
    }
  }
}
