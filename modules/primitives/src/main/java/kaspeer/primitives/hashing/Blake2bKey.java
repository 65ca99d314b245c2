package kaspeer.primitives.hashing;

import kaspeer.primitives.Hash;

/**
 * What BLAKE2b is keyed with. The state after the key's own block is computed once a key, so a key
 * that is used again is worth keeping.
 */
public final class Blake2bKey {
  /** The longest key, in bytes. */
  public static final int MAX_SIZE = 64;

  /** Without a key. */
  public static final Blake2bKey NONE = new Blake2bKey(new byte[0]);

  private final byte[] block = new byte[Blake2bCompressor.BLOCK_SIZE];
  private final long[] initialState;
  private final long[] keyedState;
  private final int count;

  private Blake2bKey(byte[] key) {
    System.arraycopy(key, 0, block, 0, key.length);
    initialState = Blake2bCompressor.initialState(key.length);
    keyedState = initialState.clone();
    count = key.length == 0 ? 0 : Blake2bCompressor.BLOCK_SIZE;
    if (count > 0) {
      new Blake2bCompressor().compress(keyedState, block, 0, count, false);
    }
  }

  /**
   * The key of these bytes; none if there are none.
   *
   * @throws IllegalArgumentException if there are more than 64
   */
  public static Blake2bKey of(byte[] bytes) {
    if (bytes.length > MAX_SIZE) {
      throw new IllegalArgumentException("a BLAKE2b key of " + bytes.length + " bytes");
    }
    return bytes.length == 0 ? NONE : new Blake2bKey(bytes);
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

  /** The key, padded to a block: the first of every message if there is a key. */
  byte[] block() {
    return block;
  }

  /** The state before the key's block. */
  long[] initialState() {
    return initialState;
  }

  /** The state before the first byte of a message. */
  long[] keyedState() {
    return keyedState;
  }

  /** How many bytes are hashed before the first of a message: the key's block, or none. */
  int count() {
    return count;
  }
}
