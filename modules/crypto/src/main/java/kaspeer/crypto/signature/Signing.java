package kaspeer.crypto.signature;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.MemorySegment.ofArray;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static kaspeer.crypto.signature.NativeLibrary.function;
import static kaspeer.crypto.signature.NativeLibrary.succeeds;
import static kaspeer.crypto.signature.Verification.POINT_SIZE;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The functions of libsecp256k1 that take secret keys, as its headers declare them. */
final class Signing {
  private static final int KEY_PAIR_SIZE = 96;
  private static final int COMPRESSED = 0x102;

  private static final MemorySegment CONTEXT = NativeLibrary.newContext();
  private static final MethodHandle IS_SECRET_KEY =
      function("secp256k1_ec_seckey_verify", ADDRESS, ADDRESS);
  private static final MethodHandle CREATE_POINT =
      function("secp256k1_ec_pubkey_create", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SERIALIZE_POINT =
      function("secp256k1_ec_pubkey_serialize", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle CREATE_KEY_PAIR =
      function("secp256k1_keypair_create", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SIGN_SCHNORR =
      function("secp256k1_schnorrsig_sign32", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SIGN_ECDSA =
      function("secp256k1_ecdsa_sign", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SERIALIZE_ECDSA =
      function("secp256k1_ecdsa_signature_serialize_compact", ADDRESS, ADDRESS, ADDRESS);

  static {
    // Blinds what follows against those who measure it.
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    MethodHandle randomize = function("secp256k1_context_randomize", ADDRESS, ADDRESS);
    require(() -> (int) randomize.invokeExact(CONTEXT, ofArray(seed)));
  }

  private Signing() {}

  /** Whether 32 bytes are a number from 1 that is below the order. */
  static boolean isSecretKey(byte[] bytes) {
    return succeeds(() -> (int) IS_SECRET_KEY.invokeExact(CONTEXT, ofArray(bytes)));
  }

  static byte[] compressedKey(byte[] secretKey) {
    byte[] point = new byte[POINT_SIZE];
    require(() -> (int) CREATE_POINT.invokeExact(CONTEXT, ofArray(point), ofArray(secretKey)));
    byte[] key = new byte[Secp256k1.COMPRESSED_KEY_SIZE];
    long[] size = {key.length};
    require(
        () ->
            (int)
                SERIALIZE_POINT.invokeExact(
                    CONTEXT, ofArray(key), ofArray(size), ofArray(point), COMPRESSED));
    return key;
  }

  /**
   * @param auxiliary 32 bytes, or null
   */
  static byte[] schnorr(byte[] message, byte[] secretKey, byte @Nullable [] auxiliary) {
    byte[] pair = new byte[KEY_PAIR_SIZE];
    require(() -> (int) CREATE_KEY_PAIR.invokeExact(CONTEXT, ofArray(pair), ofArray(secretKey)));
    byte[] signature = new byte[Secp256k1.SIGNATURE_SIZE];
    MemorySegment random = auxiliary == null ? NULL : ofArray(auxiliary);
    require(
        () ->
            (int)
                SIGN_SCHNORR.invokeExact(
                    CONTEXT, ofArray(signature), ofArray(message), ofArray(pair), random));
    return signature;
  }

  static byte[] ecdsa(byte[] message, byte[] secretKey) {
    byte[] numbers = new byte[Secp256k1.SIGNATURE_SIZE];
    require(
        () ->
            (int)
                SIGN_ECDSA.invokeExact(
                    CONTEXT, ofArray(numbers), ofArray(message), ofArray(secretKey), NULL, NULL));
    byte[] signature = new byte[Secp256k1.SIGNATURE_SIZE];
    require(() -> (int) SERIALIZE_ECDSA.invokeExact(CONTEXT, ofArray(signature), ofArray(numbers)));
    return signature;
  }

  private static void require(NativeLibrary.Call<Integer> function) {
    if (!succeeds(function)) {
      throw new IllegalStateException("libsecp256k1 refuses a secret key that it found good");
    }
  }
}
