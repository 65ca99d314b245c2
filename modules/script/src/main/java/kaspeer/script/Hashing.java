package kaspeer.script;

import kaspeer.primitives.hashing.Blake2bKey;
import kaspeer.primitives.hashing.Blake3Key;

/** Opcodes that hash, paid by the byte before it is done, and the one for proofs. */
final class Hashing {
  private static final long BLAKE2B_UNITS_PER_BYTE = 2;
  private static final long UNITS_PER_BYTE = 1;

  private static final int ZK_GROTH16 = 0x20;
  private static final int ZK_RISC0_SUCCINCT = 0x21;
  private static final long ZK_GROTH16_UNITS = 14_000_000;
  private static final long ZK_RISC0_SUCCINCT_UNITS = 25_000_000;

  private Hashing() {}

  static void blake2b(ScriptEngine engine) throws ScriptException {
    engine.stack.require(1);
    byte[] data = engine.stack.pop();
    engine.meter.charge(BLAKE2B_UNITS_PER_BYTE * data.length);
    engine.stack.push(Blake2bKey.NONE.hash(data).toBytes());
  }

  static void blake2bWithKey(ScriptEngine engine) throws ScriptException {
    engine.stack.require(2);
    byte[] key = engine.stack.pop();
    byte[] data = engine.stack.pop();
    if (key.length > Blake2bKey.MAX_SIZE) {
      throw new ScriptException(ScriptError.INVALID_HASH_KEY_LENGTH, key.length + " bytes");
    }
    engine.meter.charge(BLAKE2B_UNITS_PER_BYTE * data.length);
    engine.stack.push(Blake2bKey.of(key).hash(data).toBytes());
  }

  static void sha256(ScriptEngine engine) throws ScriptException {
    engine.stack.require(1);
    byte[] data = engine.stack.pop();
    engine.meter.charge(UNITS_PER_BYTE * data.length);
    engine.stack.push(SignatureHash.sha256().digest(data));
  }

  static void blake3(ScriptEngine engine) throws ScriptException {
    engine.stack.require(1);
    byte[] data = engine.stack.pop();
    engine.meter.charge(UNITS_PER_BYTE * data.length);
    engine.stack.push(Blake3Key.NONE.hash(data).toBytes());
  }

  static void blake3WithKey(ScriptEngine engine) throws ScriptException {
    engine.stack.require(2);
    byte[] key = engine.stack.pop();
    byte[] data = engine.stack.pop();
    if (key.length != Blake3Key.SIZE) {
      throw new ScriptException(ScriptError.INVALID_HASH_KEY_LENGTH, key.length + " bytes");
    }
    engine.meter.charge(UNITS_PER_BYTE * data.length);
    engine.stack.push(Blake3Key.of(key).hash(data).toBytes());
  }

  /**
   * The opcode for zero-knowledge proofs (KIP-16, consensus reference 6.8.5), which are not checked
   * yet. Scripts that fail by what comes before the proof fail as they should; any other ends with
   * {@link ScriptError#UNSUPPORTED_ZK}, which says nothing about whether it is right.
   */
  static void refuseProof(ScriptEngine engine) throws ScriptException {
    byte[] tag = engine.stack.pop();
    switch (tag.length == 1 ? tag[0] : 0) {
      case ZK_GROTH16 -> engine.meter.charge(ZK_GROTH16_UNITS);
      case ZK_RISC0_SUCCINCT -> engine.meter.charge(ZK_RISC0_SUCCINCT_UNITS);
      default -> throw new ScriptException(ScriptError.INVALID_ZK_TAG);
    }
    throw new ScriptException(ScriptError.UNSUPPORTED_ZK);
  }
}
