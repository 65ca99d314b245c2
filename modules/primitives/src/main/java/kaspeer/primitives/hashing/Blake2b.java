package kaspeer.primitives.hashing;

import java.util.Arrays;
import kaspeer.primitives.Hash;

/** BLAKE2b with 32 bytes of output (RFC 7693), with a key or without one. */
public final class Blake2b extends StreamHasher {
  private static final int BLOCK_SIZE = Blake2bCompressor.BLOCK_SIZE;

  private final Blake2bCompressor compressor = new Blake2bCompressor();
  private final long[] state = new long[8];
  private Blake2bKey key;

  /** Bytes hashed, the key's block included. */
  private long count;

  Blake2b(Blake2bKey key) {
    super(BLOCK_SIZE);
    this.key = key;
    reset();
  }

  /** Forgets what was added and changes to another domain. */
  public void reset(Blake2bDomain next) {
    key = next.key();
    reset();
  }

  /** Goes on from where another hasher stands, which stays as it is. */
  public void copyFrom(Blake2b other) {
    System.arraycopy(other.state, 0, state, 0, state.length);
    key = other.key;
    count = other.count;
    copyBuffer(other);
  }

  @Override
  void restart() {
    System.arraycopy(key.keyedState(), 0, state, 0, state.length);
    count = key.count();
  }

  @Override
  void absorb(byte[] source, int length) {
    for (int offset = 0; offset < length; offset += BLOCK_SIZE) {
      count += BLOCK_SIZE;
      compressor.compress(state, source, offset, count, false);
    }
  }

  @Override
  Hash finish(byte[] source, int offset, int length) {
    byte[] last = source;
    if (length == 0 && count == BLOCK_SIZE) {
      // Nothing but the key: then its block is the last one.
      System.arraycopy(key.initialState(), 0, state, 0, state.length);
      last = key.block();
    } else {
      count += length;
      Arrays.fill(source, offset + length, offset + BLOCK_SIZE, (byte) 0);
    }
    compressor.compress(state, last, offset, count, true);
    return Hash.ofWords(
        Long.reverseBytes(state[0]),
        Long.reverseBytes(state[1]),
        Long.reverseBytes(state[2]),
        Long.reverseBytes(state[3]));
  }
}
