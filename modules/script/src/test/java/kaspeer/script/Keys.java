package kaspeer.script;

import java.util.Arrays;
import kaspeer.crypto.signature.Secp256k1;

/** Keys and signatures for tests. */
final class Keys {
  private Keys() {}

  /** The {@code n}-th secret, from 1 to 255. */
  static byte[] secret(int n) {
    byte[] secret = new byte[32];
    secret[31] = (byte) n;
    return secret;
  }

  static byte[] xOnly(int n) {
    return Secp256k1.xOnlyPublicKey(secret(n));
  }

  static byte[] compressed(int n) {
    return Secp256k1.compressedPublicKey(secret(n));
  }

  /** The public key as the scheme wants it. */
  static byte[] key(SignatureScheme scheme, int n) {
    return scheme == SignatureScheme.SCHNORR ? xOnly(n) : compressed(n);
  }

  /** A signature of a message, without a hash type. */
  static byte[] sign(SignatureScheme scheme, int n, byte[] message) {
    return scheme == SignatureScheme.SCHNORR
        ? Secp256k1.signSchnorr(message, secret(n), null)
        : Secp256k1.signEcdsa(message, secret(n));
  }

  /** A signature of the first input, with its hash type. */
  static byte[] sign(SignatureScheme scheme, int n, Spending spending, int hashType) {
    byte[] message = scheme.message(spending.build(), 0, hashType).toBytes();
    byte[] signature = sign(scheme, n, message);
    byte[] typed = Arrays.copyOf(signature, signature.length + 1);
    typed[signature.length] = (byte) hashType;
    return typed;
  }
}
