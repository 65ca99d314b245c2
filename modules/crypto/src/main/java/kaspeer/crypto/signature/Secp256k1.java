package kaspeer.crypto.signature;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Schnorr signatures (BIP340) and ECDSA signatures on secp256k1 (consensus reference 6.8.4). Thread
 * safe. Arrays handed in are only read.
 *
 * <p>Every method throws {@link IllegalStateException} if the native library cannot be loaded;
 * {@link #load()} finds out at start.
 */
public final class Secp256k1 {
  public static final int MESSAGE_SIZE = 32;
  public static final int SECRET_KEY_SIZE = 32;
  public static final int SIGNATURE_SIZE = 64;
  public static final int X_ONLY_KEY_SIZE = 32;
  public static final int COMPRESSED_KEY_SIZE = 33;

  private Secp256k1() {}

  /**
   * What came of checking a signature. A script takes {@link #INVALID} for false; the malformed
   * ones are errors, the key's before the signature's when both are malformed.
   */
  public enum Outcome {
    VALID,
    /** Well-formed and wrong; for ECDSA also when the number s is in the upper half. */
    INVALID,
    /** Not as long as a key, or no point on the curve. */
    MALFORMED_KEY,
    /** Not as long as a signature; for ECDSA also when a number is not below the order. */
    MALFORMED_SIGNATURE
  }

  /**
   * Loads the native library, which otherwise happens on first use.
   *
   * @throws IllegalStateException if it cannot be loaded; the message says what is missing
   */
  public static void load() {
    NativeLibrary.require();
  }

  /**
   * Checks a Schnorr signature.
   *
   * @param signature r and s, 64 bytes
   * @param message the 32 bytes signed
   * @param xOnlyKey x of the public key, 32 bytes
   * @throws IllegalArgumentException if the message is not 32 bytes long
   */
  public static Outcome verifySchnorr(byte[] signature, byte[] message, byte[] xOnlyKey) {
    requireMessage(message);
    if (xOnlyKey.length != X_ONLY_KEY_SIZE) {
      return Outcome.MALFORMED_KEY;
    }
    NativeLibrary.require();
    byte[] point = Verification.xOnlyPoint(xOnlyKey);
    if (point == null) {
      return Outcome.MALFORMED_KEY;
    }
    if (signature.length != SIGNATURE_SIZE) {
      return Outcome.MALFORMED_SIGNATURE;
    }
    return Verification.isSchnorr(signature, message, point) ? Outcome.VALID : Outcome.INVALID;
  }

  /**
   * Checks an ECDSA signature.
   *
   * @param signature r and s, 32 bytes big-endian each
   * @param message the 32 bytes signed
   * @param compressedKey 02 or 03 by the parity of y, then x: 33 bytes
   * @throws IllegalArgumentException if the message is not 32 bytes long
   */
  public static Outcome verifyEcdsa(byte[] signature, byte[] message, byte[] compressedKey) {
    requireMessage(message);
    if (compressedKey.length != COMPRESSED_KEY_SIZE) {
      return Outcome.MALFORMED_KEY;
    }
    NativeLibrary.require();
    byte[] point = Verification.point(compressedKey);
    if (point == null) {
      return Outcome.MALFORMED_KEY;
    }
    byte[] numbers =
        signature.length == SIGNATURE_SIZE ? Verification.ecdsaNumbers(signature) : null;
    if (numbers == null) {
      return Outcome.MALFORMED_SIGNATURE;
    }
    return Verification.isEcdsa(numbers, message, point) ? Outcome.VALID : Outcome.INVALID;
  }

  /**
   * Signs by BIP340.
   *
   * @param message 32 bytes
   * @param secretKey 32 bytes
   * @param auxiliary 32 random bytes against side channels; without them the signature is that of
   *     32 zero bytes
   * @return 64 bytes
   * @throws IllegalArgumentException if a length is wrong or the secret key is 0 or not below the
   *     order
   */
  public static byte[] signSchnorr(byte[] message, byte[] secretKey, byte @Nullable [] auxiliary) {
    requireMessage(message);
    requireSecretKey(secretKey);
    if (auxiliary != null && auxiliary.length != 32) {
      throw new IllegalArgumentException("auxiliary data has 32 bytes, not " + auxiliary.length);
    }
    return Signing.schnorr(message, secretKey, auxiliary);
  }

  /**
   * Signs by ECDSA, with the nonce of RFC 6979.
   *
   * @param message 32 bytes
   * @param secretKey 32 bytes
   * @return r and s, 64 bytes, s in the lower half
   * @throws IllegalArgumentException if a length is wrong or the secret key is 0 or not below the
   *     order
   */
  public static byte[] signEcdsa(byte[] message, byte[] secretKey) {
    requireMessage(message);
    requireSecretKey(secretKey);
    return Signing.ecdsa(message, secretKey);
  }

  /**
   * The public key of a secret key as Schnorr signatures use it: 32 bytes.
   *
   * @throws IllegalArgumentException as for signing
   */
  public static byte[] xOnlyPublicKey(byte[] secretKey) {
    requireSecretKey(secretKey);
    return Arrays.copyOfRange(Signing.compressedKey(secretKey), 1, 1 + X_ONLY_KEY_SIZE);
  }

  /**
   * The public key of a secret key as ECDSA signatures use it: 33 bytes.
   *
   * @throws IllegalArgumentException as for signing
   */
  public static byte[] compressedPublicKey(byte[] secretKey) {
    requireSecretKey(secretKey);
    return Signing.compressedKey(secretKey);
  }

  private static void requireMessage(byte[] message) {
    if (message.length != MESSAGE_SIZE) {
      throw new IllegalArgumentException("a message has 32 bytes, not " + message.length);
    }
  }

  private static void requireSecretKey(byte[] secretKey) {
    NativeLibrary.require();
    if (secretKey.length != SECRET_KEY_SIZE || !Signing.isSecretKey(secretKey)) {
      throw new IllegalArgumentException("not a secret key of secp256k1");
    }
  }
}
