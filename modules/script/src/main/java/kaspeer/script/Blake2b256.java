package kaspeer.script;

import static java.lang.Long.rotateRight;

import java.util.Arrays;
import kaspeer.primitives.Bytes;

/** BLAKE2b with 32 bytes of output (RFC 7693), with any key or none, of a whole message at once. */
final class Blake2b256 {
  static final int SIZE = 32;
  static final int MAX_KEY_SIZE = 64;

  private static final int BLOCK_SIZE = 128;
  private static final long[] INITIAL = {
    0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
  };

  /** The order in which each round uses the words of the message. */
  private static final byte[][] ORDER = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3}
  };

  private final long[] state = INITIAL.clone();
  private final long[] words = new long[BLOCK_SIZE / Long.BYTES];
  private long count;

  private Blake2b256(int keySize) {
    // Digest size, key size, fan-out 1, depth 1.
    state[0] ^= 0x01010000L | (long) keySize << 8 | SIZE;
  }

  /**
   * The hash of the bytes.
   *
   * @param key at most 64 bytes, empty for none
   */
  static byte[] hash(byte[] data, byte[] key) {
    Blake2b256 hasher = new Blake2b256(key.length);
    if (key.length > 0) {
      hasher.compress(Arrays.copyOf(key, BLOCK_SIZE), 0, BLOCK_SIZE, data.length == 0);
    }
    if (data.length > 0 || key.length == 0) {
      hasher.add(data);
    }
    byte[] digest = new byte[SIZE];
    for (int i = 0; i < SIZE / Long.BYTES; i++) {
      Bytes.putLongLe(digest, i * Long.BYTES, hasher.state[i]);
    }
    return digest;
  }

  private void add(byte[] data) {
    int offset = 0;
    for (; data.length - offset > BLOCK_SIZE; offset += BLOCK_SIZE) {
      compress(data, offset, BLOCK_SIZE, false);
    }
    byte[] last = Arrays.copyOfRange(data, offset, offset + BLOCK_SIZE);
    compress(last, 0, data.length - offset, true);
  }

  /** Compresses a block, of which {@code length} bytes belong to the message. */
  private void compress(byte[] block, int offset, int length, boolean last) {
    count += length;
    for (int i = 0; i < words.length; i++) {
      words[i] = Bytes.longLe(block, offset + i * Long.BYTES);
    }
    mix(count, last ? -1 : 0);
  }

  /** The function itself, on variables rather than an array: twice as fast. */
  private void mix(long position, long finalMask) {
    long v0 = state[0];
    long v1 = state[1];
    long v2 = state[2];
    long v3 = state[3];
    long v4 = state[4];
    long v5 = state[5];
    long v6 = state[6];
    long v7 = state[7];
    long v8 = INITIAL[0];
    long v9 = INITIAL[1];
    long v10 = INITIAL[2];
    long v11 = INITIAL[3];
    long v12 = INITIAL[4] ^ position;
    long v13 = INITIAL[5];
    long v14 = INITIAL[6] ^ finalMask;
    long v15 = INITIAL[7];
    for (byte[] order : ORDER) {
      v12 = rotateRight(v12 ^ (v0 += v4 + words[order[0]]), 32);
      v4 = rotateRight(v4 ^ (v8 += v12), 24);
      v12 = rotateRight(v12 ^ (v0 += v4 + words[order[1]]), 16);
      v4 = rotateRight(v4 ^ (v8 += v12), 63);
      v13 = rotateRight(v13 ^ (v1 += v5 + words[order[2]]), 32);
      v5 = rotateRight(v5 ^ (v9 += v13), 24);
      v13 = rotateRight(v13 ^ (v1 += v5 + words[order[3]]), 16);
      v5 = rotateRight(v5 ^ (v9 += v13), 63);
      v14 = rotateRight(v14 ^ (v2 += v6 + words[order[4]]), 32);
      v6 = rotateRight(v6 ^ (v10 += v14), 24);
      v14 = rotateRight(v14 ^ (v2 += v6 + words[order[5]]), 16);
      v6 = rotateRight(v6 ^ (v10 += v14), 63);
      v15 = rotateRight(v15 ^ (v3 += v7 + words[order[6]]), 32);
      v7 = rotateRight(v7 ^ (v11 += v15), 24);
      v15 = rotateRight(v15 ^ (v3 += v7 + words[order[7]]), 16);
      v7 = rotateRight(v7 ^ (v11 += v15), 63);
      v15 = rotateRight(v15 ^ (v0 += v5 + words[order[8]]), 32);
      v5 = rotateRight(v5 ^ (v10 += v15), 24);
      v15 = rotateRight(v15 ^ (v0 += v5 + words[order[9]]), 16);
      v5 = rotateRight(v5 ^ (v10 += v15), 63);
      v12 = rotateRight(v12 ^ (v1 += v6 + words[order[10]]), 32);
      v6 = rotateRight(v6 ^ (v11 += v12), 24);
      v12 = rotateRight(v12 ^ (v1 += v6 + words[order[11]]), 16);
      v6 = rotateRight(v6 ^ (v11 += v12), 63);
      v13 = rotateRight(v13 ^ (v2 += v7 + words[order[12]]), 32);
      v7 = rotateRight(v7 ^ (v8 += v13), 24);
      v13 = rotateRight(v13 ^ (v2 += v7 + words[order[13]]), 16);
      v7 = rotateRight(v7 ^ (v8 += v13), 63);
      v14 = rotateRight(v14 ^ (v3 += v4 + words[order[14]]), 32);
      v4 = rotateRight(v4 ^ (v9 += v14), 24);
      v14 = rotateRight(v14 ^ (v3 += v4 + words[order[15]]), 16);
      v4 = rotateRight(v4 ^ (v9 += v14), 63);
    }
    state[0] ^= v0 ^ v8;
    state[1] ^= v1 ^ v9;
    state[2] ^= v2 ^ v10;
    state[3] ^= v3 ^ v11;
    state[4] ^= v4 ^ v12;
    state[5] ^= v5 ^ v13;
    state[6] ^= v6 ^ v14;
    state[7] ^= v7 ^ v15;
  }
}
