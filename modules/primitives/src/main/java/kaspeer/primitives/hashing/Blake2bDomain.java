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

  private final byte[] keyBlock;
  private final long[] initialState;
  private final long[] keyedState;

  Blake2bDomain(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    keyBlock = new byte[Blake2bCompressor.BLOCK_SIZE];
    System.arraycopy(bytes, 0, keyBlock, 0, bytes.length);
    initialState = Blake2bCompressor.initialState(bytes.length);
    keyedState = initialState.clone();
    new Blake2bCompressor().compress(keyedState, keyBlock, 0, Blake2bCompressor.BLOCK_SIZE, false);
  }

  /** A new hasher, for one thread. */
  public Blake2b hasher() {
    return new Blake2b(this);
  }

  /** The hash of the bytes. */
  public Hash hash(byte[] data) {
    Blake2b hasher = hasher();
    hasher.putBytes(data);
    return hasher.finish();
  }

  /** The key, padded to a block: the first of every message. */
  byte[] keyBlock() {
    return keyBlock;
  }

  /** The state before the key block. */
  long[] initialState() {
    return initialState;
  }

  /** The state after the key block. */
  long[] keyedState() {
    return keyedState;
  }
}
