package kaspeer.primitives.hashing;

import java.nio.charset.StandardCharsets;
import kaspeer.primitives.Hash;

/** The domains of BLAKE2b-256: each is the function's key (consensus reference 1.2). */
public enum Blake2bDomain {
  TRANSACTION_HASH("TransactionHash"),
  TRANSACTION_ID("TransactionID"),
  TRANSACTION_SIGNING_HASH("TransactionSigningHash"),
  BLOCK_HASH("BlockHash"),
  MERKLE_BRANCH("MerkleBranchHash"),
  MUHASH_ELEMENT("MuHashElement"),
  MUHASH_FINALIZE("MuHashFinalize"),
  PERSONAL_MESSAGE_SIGNING_HASH("PersonalMessageSigningHash"),
  COVENANT_ID("CovenantID");

  private final Blake2bKey key;

  Blake2bDomain(String key) {
    this.key = Blake2bKey.of(key.getBytes(StandardCharsets.US_ASCII));
  }

  /** A new hasher, for one thread. */
  public Blake2b hasher() {
    return key.hasher();
  }

  /** The hash of the bytes. */
  public Hash hash(byte[] data) {
    return key.hash(data);
  }

  Blake2bKey key() {
    return key;
  }
}
