package kaspeer.primitives.hashing;

import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * A hash function that is fed piece by piece: integers little-endian and fixed-width, variable data
 * after its length as 64 bits (consensus reference 1.1). {@link #finish} gives the hash and makes
 * the hasher ready for the next message.
 *
 * <p>A hasher holds about 1.5 KiB, allocates nothing while it works but the resulting {@link Hash},
 * and belongs to one thread at a time.
 */
public abstract sealed class StreamHasher permits Blake2b, Blake3 {
  /** Bytes gathered before they are hashed: a whole number of blocks of either function. */
  private static final int CAPACITY = 1024;

  private final int blockSize;
  private final byte[] buffer = new byte[CAPACITY];
  private int fill;

  StreamHasher(int blockSize) {
    this.blockSize = blockSize;
  }

  /** Adds the low 8 bits. */
  public final void putByte(int value) {
    reserve(1);
    buffer[fill++] = (byte) value;
  }

  /** Adds the low 16 bits. */
  public final void putShort(int value) {
    reserve(2);
    Bytes.putShortLe(buffer, fill, value);
    fill += 2;
  }

  /** Adds 32 bits. */
  public final void putInt(int value) {
    reserve(4);
    Bytes.putIntLe(buffer, fill, value);
    fill += 4;
  }

  /** Adds 64 bits. */
  public final void putLong(long value) {
    reserve(8);
    Bytes.putLongLe(buffer, fill, value);
    fill += 8;
  }

  /** Adds the 32 bytes of a hash. */
  public final void putHash(Hash hash) {
    reserve(Hash.SIZE);
    hash.write(buffer, fill);
    fill += Hash.SIZE;
  }

  /** Adds the bytes, without their length. */
  public final void putBytes(byte[] bytes) {
    int offset = 0;
    while (offset < bytes.length) {
      reserve(1);
      int count = Math.min(bytes.length - offset, CAPACITY - fill);
      System.arraycopy(bytes, offset, buffer, fill, count);
      fill += count;
      offset += count;
    }
  }

  /** Adds the number of bytes as 64 bits, then the bytes. */
  public final void putVarBytes(byte[] bytes) {
    putLong(bytes.length);
    putBytes(bytes);
  }

  /** The hash of all that was added; the hasher starts over in the same domain. */
  public final Hash finish() {
    int whole = wholeBlocksBeforeLast();
    absorb(buffer, whole);
    Hash hash = finish(buffer, whole, fill - whole);
    reset();
    return hash;
  }

  /** Forgets what was added. */
  public final void reset() {
    fill = 0;
    restart();
  }

  /** Takes over buffered bytes; the subclass copies its own state. */
  final void copyBuffer(StreamHasher other) {
    System.arraycopy(other.buffer, 0, buffer, 0, other.fill);
    fill = other.fill;
  }

  private void reserve(int bytes) {
    if (fill + bytes > CAPACITY) {
      int whole = wholeBlocksBeforeLast();
      absorb(buffer, whole);
      System.arraycopy(buffer, whole, buffer, 0, fill - whole);
      fill -= whole;
    }
  }

  /** The last block, even a full one, is kept back: both functions treat it differently. */
  private int wholeBlocksBeforeLast() {
    return Math.max(0, fill - 1) / blockSize * blockSize;
  }

  /**
   * Hashes the first {@code length} bytes: whole blocks, after which at least one byte more
   * follows.
   */
  abstract void absorb(byte[] source, int length);

  /**
   * Hashes the last {@code length} bytes, at most one block; 0 only if there were none before
   * either.
   */
  abstract Hash finish(byte[] source, int offset, int length);

  /** Returns to the state before the first byte. */
  abstract void restart();
}
