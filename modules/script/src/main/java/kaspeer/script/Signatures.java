package kaspeer.script;

import java.util.Arrays;

/** Opcodes that check signatures (consensus reference 6.8.4). */
final class Signatures {
  private Signatures() {}

  /** Signature and key; an empty signature is just false. */
  static Instruction single(SignatureScheme scheme) {
    return engine -> {
      engine.stack.require(2);
      byte[] key = engine.stack.pop();
      byte[] typed = engine.stack.pop();
      engine.stack.pushBoolean(typed.length > 0 && isSigned(engine, scheme, typed, key));
    };
  }

  /** Signature without a hash type, message and key. */
  static Instruction fromStack(SignatureScheme scheme) {
    return engine -> {
      engine.stack.require(3);
      byte[] key = engine.stack.pop();
      byte[] message = engine.stack.pop();
      byte[] signature = engine.stack.pop();
      if (message.length != 32) {
        throw new ScriptException(ScriptError.INVALID_MESSAGE_LENGTH, message.length + " bytes");
      }
      engine.meter.chargeSignature();
      engine.stack.pushBoolean(engine.verifier.verify(scheme, signature, key, message));
    };
  }

  /** Signatures, their number, keys and their number; signatures are in the order of their keys. */
  static Instruction multisig(SignatureScheme scheme) {
    return engine -> {
      byte[][] keys = popKeys(engine);
      byte[][] signatures = popSignatures(engine.stack, keys.length);
      boolean signed = areSigned(engine, scheme, signatures, keys);
      if (!signed) {
        requireEmpty(signatures);
      }
      engine.stack.pushBoolean(signed);
    };
  }

  private static byte[][] popKeys(ScriptEngine engine) throws ScriptException {
    int count = engine.stack.popInt();
    if (count < 0 || count > ScriptLimits.MAX_MULTISIG_KEYS) {
      throw new ScriptException(ScriptError.INVALID_KEY_COUNT, Integer.toString(count));
    }
    engine.countOperations(count);
    engine.stack.require(count);
    return engine.stack.popAll(count);
  }

  private static byte[][] popSignatures(ScriptStack stack, int keys) throws ScriptException {
    int count = stack.popInt();
    if (count < 0 || count > keys) {
      throw new ScriptException(
          ScriptError.INVALID_SIGNATURE_COUNT, count + " for " + keys + " keys");
    }
    stack.require(count);
    return stack.popAll(count);
  }

  /**
   * Looks for each signature's key among those after the key of the one before. Each attempt costs
   * a signature check and uses up a key; there is none when too few keys are left.
   */
  private static boolean areSigned(
      ScriptEngine engine, SignatureScheme scheme, byte[][] signatures, byte[][] keys)
      throws ScriptException {
    int key = 0;
    for (int i = 0; i < signatures.length; i++) {
      byte[] typed = signatures[i];
      if (typed.length == 0) {
        return false;
      }
      hashType(typed);
      boolean found = false;
      while (!found) {
        if (keys.length - key < signatures.length - i) {
          return false;
        }
        found = isSigned(engine, scheme, typed, keys[key++]);
      }
    }
    return true;
  }

  /** What is not used must be empty, so that nobody can change it. */
  private static void requireEmpty(byte[][] signatures) throws ScriptException {
    for (byte[] signature : signatures) {
      if (signature.length > 0) {
        throw new ScriptException(ScriptError.NULL_FAIL);
      }
    }
  }

  /** Whether the input is signed with a signature, its hash type at the end, not empty. */
  private static boolean isSigned(
      ScriptEngine engine, SignatureScheme scheme, byte[] typed, byte[] key)
      throws ScriptException {
    int hashType = hashType(typed);
    engine.meter.chargeSignature();
    return engine.verifier.verify(
        scheme,
        Arrays.copyOf(typed, typed.length - 1),
        key,
        scheme.message(engine.spending, engine.input, hashType).toBytes());
  }

  /** The hash type at the end of a signature. */
  static int hashType(byte[] typed) throws ScriptException {
    int hashType = typed[typed.length - 1] & 0xFF;
    if (!SignatureHash.isHashType(hashType)) {
      throw new ScriptException(
          ScriptError.INVALID_HASH_TYPE, "0x" + Integer.toHexString(hashType));
    }
    return hashType;
  }
}
