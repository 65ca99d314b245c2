package kaspeer.storage;

import java.nio.file.Path;
import kaspeer.primitives.Params;

/**
 * Where a store lives, for which network, and how much memory it may take.
 *
 * @param directory belongs to the store alone; made if absent
 * @param params the store keeps them and later refuses to open under others
 * @param blockCacheBytes memory for what was read from disk, outside the Java heap
 * @param writeBufferBytes memory for what was written and is not yet sorted into files, outside the
 *     Java heap; also bounds, at about twice this, what a start after a crash has to replay
 * @param headerCacheBytes memory for decoded headers, in the Java heap
 */
public record StoreOptions(
    Path directory,
    Params params,
    long blockCacheBytes,
    long writeBufferBytes,
    long headerCacheBytes) {
  private static final long MIB = 1L << 20;

  /**
   * @throws IllegalArgumentException if the block cache or the write buffer has less than 1 MiB
   */
  public StoreOptions {
    if (blockCacheBytes < MIB || writeBufferBytes < MIB || headerCacheBytes < 0) {
      throw new IllegalArgumentException(
          "a store needs at least 1 MiB each of block cache and write buffer");
    }
  }

  /** 64 MiB of block cache, 64 MiB of write buffers, 32 MiB of headers. */
  public static StoreOptions of(Path directory, Params params) {
    return new StoreOptions(directory, params, 64 * MIB, 64 * MIB, 32 * MIB);
  }
}
