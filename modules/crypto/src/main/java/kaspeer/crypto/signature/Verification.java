package kaspeer.crypto.signature;

import static java.lang.foreign.MemorySegment.ofArray;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static kaspeer.crypto.signature.NativeLibrary.function;
import static kaspeer.crypto.signature.NativeLibrary.succeeds;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libsecp256k1 that check signatures, as its headers declare them. It ends the
 * process when it is given a point that it did not make, so points come from here only.
 */
final class Verification {
  static final int POINT_SIZE = 64;

  private static final int KNOWN_POINTS = 4_096;

  private static final MemorySegment CONTEXT = NativeLibrary.staticContext();
  private static final KnownPoints X_ONLY_POINTS = new KnownPoints(KNOWN_POINTS);
  private static final MethodHandle PARSE_X_ONLY_KEY =
      function("secp256k1_xonly_pubkey_parse", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle VERIFY_SCHNORR =
      function("secp256k1_schnorrsig_verify", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);

  private Verification() {}

  /** ECDSA is rare: its functions are linked when it first comes. */
  private static final class Ecdsa {
    static final MethodHandle PARSE_KEY =
        function("secp256k1_ec_pubkey_parse", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle PARSE_SIGNATURE =
        function("secp256k1_ecdsa_signature_parse_compact", ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle VERIFY =
        function("secp256k1_ecdsa_verify", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  }

  /** The point with an x of 32 bytes and an even y; null if there is none. */
  static byte @Nullable [] xOnlyPoint(byte[] key) {
    byte[] known = X_ONLY_POINTS.find(key);
    if (known != null) {
      return known;
    }
    byte[] point = new byte[POINT_SIZE];
    if (!succeeds(
        () -> (int) PARSE_X_ONLY_KEY.invokeExact(CONTEXT, ofArray(point), ofArray(key)))) {
      return null;
    }
    X_ONLY_POINTS.add(key, point);
    return point;
  }

  /**
   * @param signature 64 bytes
   * @param point of {@link #xOnlyPoint}
   */
  static boolean isSchnorr(byte[] signature, byte[] message, byte[] point) {
    return succeeds(
        () ->
            (int)
                VERIFY_SCHNORR.invokeExact(
                    CONTEXT,
                    ofArray(signature),
                    ofArray(message),
                    (long) message.length,
                    ofArray(point)));
  }

  /** The point of a key of 33 bytes; null if there is none. */
  static byte @Nullable [] point(byte[] key) {
    byte[] point = new byte[POINT_SIZE];
    return succeeds(
            () ->
                (int)
                    Ecdsa.PARSE_KEY.invokeExact(
                        CONTEXT, ofArray(point), ofArray(key), (long) key.length))
        ? point
        : null;
  }

  /** The numbers of a signature of 64 bytes; null if one is not below the order. */
  static byte @Nullable [] ecdsaNumbers(byte[] signature) {
    byte[] numbers = new byte[signature.length];
    return succeeds(
            () ->
                (int)
                    Ecdsa.PARSE_SIGNATURE.invokeExact(
                        CONTEXT, ofArray(numbers), ofArray(signature)))
        ? numbers
        : null;
  }

  /**
   * @param numbers of {@link #ecdsaNumbers}
   * @param point of {@link #point}
   */
  static boolean isEcdsa(byte[] numbers, byte[] message, byte[] point) {
    return succeeds(
        () ->
            (int)
                Ecdsa.VERIFY.invokeExact(
                    CONTEXT, ofArray(numbers), ofArray(message), ofArray(point)));
  }
}
