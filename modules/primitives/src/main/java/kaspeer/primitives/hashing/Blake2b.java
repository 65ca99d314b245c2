package kaspeer.primitives.hashing;

import java.util.Arrays;
import kaspeer.primitives.Hash;

/**
 * BLAKE2b with a key and 32 bytes of output (RFC 7693). The state after the key's own block is
 * computed once a domain.
 */
public final class Blake2b extends StreamHasher {
  private static final int BLOCK_SIZE = Blake2bCompressor.BLOCK_SIZE;

  private final Blake2bCompressor compressor = new Blake2bCompressor();
  private final long[] state = new long[8];
  private Blake2bDomain domain;

  /** Bytes hashed, the key's block included. */
  private long count;

  Blake2b(Blake2bDomain domain) {
    super(BLOCK_SIZE);
    this.domain = domain;
    reset();
  }

  /** Forgets what was added and changes to another domain. */
  public void reset(Blake2bDomain next) {
    domain = next;
    reset();
  }

  /** Goes on from where another hasher stands, which stays as it is. */
  public void copyFrom(Blake2b other) {
    System.arraycopy(other.state, 0, state, 0, state.length);
    domain = other.domain;
    count = other.count;
    copyBuffer(other);
  }

  @Override
  void restart() {
    System.arraycopy(domain.keyedState(), 0, state, 0, state.length);
    count = BLOCK_SIZE;
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
      System.arraycopy(domain.initialState(), 0, state, 0, state.length);
      last = domain.keyBlock();
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
