package kaspeer.script;

import static java.lang.Integer.rotateRight;

import java.util.Arrays;
import kaspeer.primitives.Bytes;

/**
 * BLAKE3 with 32 bytes of output, with any key or none, of a whole message at once. Chunks of 1024
 * bytes are the leaves of a tree; the left subtree of a node is as large a complete one as leaves
 * something for the right one.
 */
final class Blake3Function {
  static final int SIZE = 32;
  static final int KEY_SIZE = 32;

  private static final int BLOCK_SIZE = 64;
  private static final int CHUNK_SIZE = 1024;

  private static final int CHUNK_START = 1;
  private static final int CHUNK_END = 2;
  private static final int PARENT = 4;
  private static final int ROOT = 8;
  private static final int KEYED_HASH = 16;

  private static final int[] INITIAL = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };

  /** The order in which each round uses the words of the message. */
  private static final byte[][] ORDER = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
    {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
    {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}
  };

  private final byte[] data;
  private final int[] key;
  private final int flags;

  private Blake3Function(byte[] data, int[] key, int flags) {
    this.data = data;
    this.key = key;
    this.flags = flags;
  }

  static byte[] hash(byte[] data) {
    return new Blake3Function(data, INITIAL, 0).hash();
  }

  /**
   * The hash of the bytes.
   *
   * @param key 32 bytes
   */
  static byte[] keyedHash(byte[] data, byte[] key) {
    return new Blake3Function(data, words(key, 0, 8), KEYED_HASH).hash();
  }

  private byte[] hash() {
    int[] root = subtree(0, data.length, ROOT);
    byte[] digest = new byte[SIZE];
    for (int i = 0; i < root.length; i++) {
      Bytes.putIntLe(digest, i * Integer.BYTES, root[i]);
    }
    return digest;
  }

  /** The value of the tree over part of the data, which starts at a chunk. */
  private int[] subtree(int offset, int length, int rootFlag) {
    if (length <= CHUNK_SIZE) {
      return chunk(offset, length, rootFlag);
    }
    int left = CHUNK_SIZE * Integer.highestOneBit((length - 1) / CHUNK_SIZE);
    int[] children = Arrays.copyOf(subtree(offset, left, 0), 16);
    System.arraycopy(subtree(offset + left, length - left, 0), 0, children, 8, 8);
    return compress(key, children, 0, BLOCK_SIZE, flags | PARENT | rootFlag);
  }

  private int[] chunk(int offset, int length, int rootFlag) {
    int[] value = key;
    int start = CHUNK_START;
    int position = 0;
    for (; length - position > BLOCK_SIZE; position += BLOCK_SIZE) {
      int[] block = words(data, offset + position, 16);
      value = compress(value, block, offset / CHUNK_SIZE, BLOCK_SIZE, flags | start);
      start = 0;
    }
    // Copied up to the end and no further: what follows is the next chunk.
    byte[] rest = Arrays.copyOfRange(data, offset + position, offset + length);
    int[] block = words(Arrays.copyOf(rest, BLOCK_SIZE), 0, 16);
    return compress(
        value, block, offset / CHUNK_SIZE, rest.length, flags | start | CHUNK_END | rootFlag);
  }

  private static int[] compress(int[] value, int[] words, int chunk, int length, int flags) {
    int v0 = value[0];
    int v1 = value[1];
    int v2 = value[2];
    int v3 = value[3];
    int v4 = value[4];
    int v5 = value[5];
    int v6 = value[6];
    int v7 = value[7];
    int v8 = INITIAL[0];
    int v9 = INITIAL[1];
    int v10 = INITIAL[2];
    int v11 = INITIAL[3];
    int v12 = chunk;
    int v13 = 0;
    int v14 = length;
    int v15 = flags;
    for (byte[] order : ORDER) {
      v12 = rotateRight(v12 ^ (v0 += v4 + words[order[0]]), 16);
      v4 = rotateRight(v4 ^ (v8 += v12), 12);
      v12 = rotateRight(v12 ^ (v0 += v4 + words[order[1]]), 8);
      v4 = rotateRight(v4 ^ (v8 += v12), 7);
      v13 = rotateRight(v13 ^ (v1 += v5 + words[order[2]]), 16);
      v5 = rotateRight(v5 ^ (v9 += v13), 12);
      v13 = rotateRight(v13 ^ (v1 += v5 + words[order[3]]), 8);
      v5 = rotateRight(v5 ^ (v9 += v13), 7);
      v14 = rotateRight(v14 ^ (v2 += v6 + words[order[4]]), 16);
      v6 = rotateRight(v6 ^ (v10 += v14), 12);
      v14 = rotateRight(v14 ^ (v2 += v6 + words[order[5]]), 8);
      v6 = rotateRight(v6 ^ (v10 += v14), 7);
      v15 = rotateRight(v15 ^ (v3 += v7 + words[order[6]]), 16);
      v7 = rotateRight(v7 ^ (v11 += v15), 12);
      v15 = rotateRight(v15 ^ (v3 += v7 + words[order[7]]), 8);
      v7 = rotateRight(v7 ^ (v11 += v15), 7);
      v15 = rotateRight(v15 ^ (v0 += v5 + words[order[8]]), 16);
      v5 = rotateRight(v5 ^ (v10 += v15), 12);
      v15 = rotateRight(v15 ^ (v0 += v5 + words[order[9]]), 8);
      v5 = rotateRight(v5 ^ (v10 += v15), 7);
      v12 = rotateRight(v12 ^ (v1 += v6 + words[order[10]]), 16);
      v6 = rotateRight(v6 ^ (v11 += v12), 12);
      v12 = rotateRight(v12 ^ (v1 += v6 + words[order[11]]), 8);
      v6 = rotateRight(v6 ^ (v11 += v12), 7);
      v13 = rotateRight(v13 ^ (v2 += v7 + words[order[12]]), 16);
      v7 = rotateRight(v7 ^ (v8 += v13), 12);
      v13 = rotateRight(v13 ^ (v2 += v7 + words[order[13]]), 8);
      v7 = rotateRight(v7 ^ (v8 += v13), 7);
      v14 = rotateRight(v14 ^ (v3 += v4 + words[order[14]]), 16);
      v4 = rotateRight(v4 ^ (v9 += v14), 12);
      v14 = rotateRight(v14 ^ (v3 += v4 + words[order[15]]), 8);
      v4 = rotateRight(v4 ^ (v9 += v14), 7);
    }
    return new int[] {v0 ^ v8, v1 ^ v9, v2 ^ v10, v3 ^ v11, v4 ^ v12, v5 ^ v13, v6 ^ v14, v7 ^ v15};
  }

  private static int[] words(byte[] source, int offset, int count) {
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = Bytes.intLe(source, offset + i * Integer.BYTES);
    }
    return words;
  }
}
