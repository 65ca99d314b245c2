package kaspeer.script;

import kaspeer.crypto.signature.Secp256k1;
import kaspeer.script.SignatureCache.Tag;
import org.jspecify.annotations.Nullable;

/** Checks signatures that were not checked lately. Thread safe. */
final class SignatureVerifier {
  private final SignatureCache cache;

  SignatureVerifier(SignatureCache cache) {
    this.cache = cache;
  }

  /**
   * Whether a well-formed signature is right.
   *
   * @param message 32 bytes
   * @throws ScriptException {@link ScriptError#MALFORMED_PUBLIC_KEY} before {@link
   *     ScriptError#MALFORMED_SIGNATURE}
   */
  boolean verify(SignatureScheme scheme, byte[] signature, byte[] key, byte[] message)
      throws ScriptException {
    Tag tag = tag(scheme, signature, key, message);
    if (tag != null) {
      switch (cache.find(tag)) {
        case VALID -> {
          return true;
        }
        case INVALID -> {
          return false;
        }
        case UNKNOWN -> {}
      }
    }
    boolean valid =
        switch (scheme.verify(signature, message, key)) {
          case VALID -> true;
          case INVALID -> false;
          case MALFORMED_KEY -> throw new ScriptException(ScriptError.MALFORMED_PUBLIC_KEY);
          case MALFORMED_SIGNATURE -> throw new ScriptException(ScriptError.MALFORMED_SIGNATURE);
        };
    if (tag != null) {
      cache.put(tag, valid);
    }
    return valid;
  }

  /** Null for what cannot be well-formed. */
  private @Nullable Tag tag(SignatureScheme scheme, byte[] signature, byte[] key, byte[] message) {
    return signature.length == Secp256k1.SIGNATURE_SIZE
            && key.length <= Secp256k1.COMPRESSED_KEY_SIZE
        ? cache.tag(scheme, signature, key, message)
        : null;
  }
}
