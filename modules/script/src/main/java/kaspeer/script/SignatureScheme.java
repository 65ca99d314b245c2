package kaspeer.script;

import kaspeer.crypto.signature.Secp256k1;
import kaspeer.crypto.signature.Secp256k1.Outcome;
import kaspeer.primitives.Hash;

/** The two kinds of signatures (consensus reference 6.8.4). */
enum SignatureScheme {
  SCHNORR(0) {
    @Override
    Outcome verify(byte[] signature, byte[] message, byte[] key) {
      return Secp256k1.verifySchnorr(signature, message, key);
    }

    @Override
    Hash message(SpendingTransaction spending, int input, int hashType) {
      return SignatureHash.schnorr(spending, input, hashType);
    }
  },

  ECDSA(1) {
    @Override
    Outcome verify(byte[] signature, byte[] message, byte[] key) {
      return Secp256k1.verifyEcdsa(signature, message, key);
    }

    @Override
    Hash message(SpendingTransaction spending, int input, int hashType) {
      return SignatureHash.ecdsa(spending, input, hashType);
    }
  };

  private final byte id;

  SignatureScheme(int id) {
    this.id = (byte) id;
  }

  /** Tells the schemes apart where both are kept. */
  byte id() {
    return id;
  }

  /** Checks a signature, without its hash type, of a message of 32 bytes. */
  abstract Outcome verify(byte[] signature, byte[] message, byte[] key);

  /** What the signature of an input signs. */
  abstract Hash message(SpendingTransaction spending, int input, int hashType);
}
