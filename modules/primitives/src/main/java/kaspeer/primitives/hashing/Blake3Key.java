package kaspeer.primitives.hashing;

import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/** What BLAKE3 is keyed with. */
public final class Blake3Key {
  /** How long a key is, in bytes. */
  public static final int SIZE = 32;

  /** Without a key. */
  public static final Blake3Key NONE =
      new Blake3Key(
          new int[] {
            Blake3Compressor.IV0,
            Blake3Compressor.IV1,
            Blake3Compressor.IV2,
            Blake3Compressor.IV3,
            Blake3Compressor.IV4,
            Blake3Compressor.IV5,
            Blake3Compressor.IV6,
            Blake3Compressor.IV7
          },
          0);

  private static final int KEYED_HASH = 16;

  private final int[] words;
  private final int flags;

  private Blake3Key(int[] words, int flags) {
    this.words = words;
    this.flags = flags;
  }

  /**
   * The key of these bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static Blake3Key of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a BLAKE3 key of " + bytes.length + " bytes");
    }
    int[] words = new int[Blake3.KEY_WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = Bytes.intLe(bytes, Integer.BYTES * i);
    }
    return new Blake3Key(words, KEYED_HASH);
  }

  /** A new hasher, for one thread. */
  public Blake3 hasher() {
    return new Blake3(this);
  }

  /** The hash of the bytes. */
  public Hash hash(byte[] data) {
    Blake3 hasher = hasher();
    hasher.putBytes(data);
    return hasher.finish();
  }

  /** The value that every chunk and every parent begins with, 8 words. */
  int[] words() {
    return words;
  }

  /** The flags of every block. */
  int flags() {
    return flags;
  }
}
