package kaspeer.primitives.hashing;

import java.util.Arrays;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * BLAKE3 with 32 bytes of output, with a key or without one. Chunks of 1024 bytes are the leaves of
 * a binary tree; the roots of the complete subtrees so far wait on a stack, the smallest on top.
 */
public final class Blake3 extends StreamHasher {
  static final int KEY_WORDS = 8;

  private static final int BLOCK_SIZE = 64;
  private static final int BLOCKS_PER_CHUNK = 16;

  /** Enough for 2^64 bytes. */
  private static final int MAX_DEPTH = 54;

  private static final int CHUNK_START = 1;
  private static final int CHUNK_END = 2;
  private static final int PARENT = 4;
  private static final int ROOT = 8;

  private final Blake3Compressor compressor = new Blake3Compressor();
  private final int[] value = new int[KEY_WORDS];
  private final int[] words = new int[16];
  private final int[] stack = new int[MAX_DEPTH * KEY_WORDS];
  private Blake3Key key;
  private int depth;
  private long chunk;
  private int blockInChunk;

  Blake3(Blake3Key key) {
    super(BLOCK_SIZE);
    this.key = key;
    reset();
  }

  /** Forgets what was added and changes to another domain. */
  public void reset(Blake3Domain next) {
    key = next.key();
    reset();
  }

  @Override
  void restart() {
    System.arraycopy(key.words(), 0, value, 0, KEY_WORDS);
    depth = 0;
    chunk = 0;
    blockInChunk = 0;
  }

  @Override
  void absorb(byte[] source, int length) {
    for (int offset = 0; offset < length; offset += BLOCK_SIZE) {
      boolean chunkEnds = blockInChunk == BLOCKS_PER_CHUNK - 1;
      compressBlock(source, offset, BLOCK_SIZE, chunkEnds ? CHUNK_END : 0);
      blockInChunk++;
      if (chunkEnds) {
        pushChunk();
      }
    }
  }

  @Override
  Hash finish(byte[] source, int offset, int length) {
    Arrays.fill(source, offset + length, offset + BLOCK_SIZE, (byte) 0);
    compressBlock(source, offset, length, CHUNK_END | (depth == 0 ? ROOT : 0));
    while (depth > 0) {
      mergeWithTop(depth == 1 ? ROOT : 0);
    }
    return Hash.ofWords(word(0), word(2), word(4), word(6));
  }

  private long word(int index) {
    long low = Integer.toUnsignedLong(value[index]);
    return Long.reverseBytes(low | (long) value[index + 1] << 32);
  }

  private void compressBlock(byte[] source, int offset, int length, int endFlags) {
    for (int i = 0; i < 16; i++) {
      words[i] = Bytes.intLe(source, offset + 4 * i);
    }
    compressor.compress(
        value,
        words,
        chunk,
        length,
        key.flags() | (blockInChunk == 0 ? CHUNK_START : 0) | endFlags);
  }

  /**
   * Puts a finished chunk, which is not the last, on the stack, after merging it with every subtree
   * of its size.
   */
  private void pushChunk() {
    chunk++;
    for (long count = chunk; (count & 1) == 0; count >>>= 1) {
      mergeWithTop(0);
    }
    System.arraycopy(value, 0, stack, KEY_WORDS * depth, KEY_WORDS);
    depth++;
    System.arraycopy(key.words(), 0, value, 0, KEY_WORDS);
    blockInChunk = 0;
  }

  /** Makes the parent of the subtree on top of the stack and the current one. */
  private void mergeWithTop(int rootFlag) {
    depth--;
    System.arraycopy(stack, KEY_WORDS * depth, words, 0, KEY_WORDS);
    System.arraycopy(value, 0, words, KEY_WORDS, KEY_WORDS);
    System.arraycopy(key.words(), 0, value, 0, KEY_WORDS);
    compressor.compress(value, words, 0, BLOCK_SIZE, key.flags() | PARENT | rootFlag);
  }
}
