package kaspeer.storage;

import java.nio.file.Path;
import java.util.Set;
import kaspeer.primitives.Params;

/**
 * Where a store lives, for which network, and how much memory it may take.
 *
 * @param directory made if absent
 * @param params the store keeps them and later refuses to open under others
 * @param blockCacheBytes memory for what was read from disk, outside the Java heap
 * @param writeBufferBytes memory for what was written and is not yet sorted into files, outside the
 *     Java heap; also bounds, at about twice this, what a start after a crash has to replay
 * @param headerCacheBytes memory for decoded headers, in the Java heap
 * @param others names of files and folders in the directory that are not the store's, and may be
 *     there before it
 */
public record StoreOptions(
    Path directory,
    Params params,
    long blockCacheBytes,
    long writeBufferBytes,
    long headerCacheBytes,
    Set<String> others) {
  private static final long MIB = 1L << 20;

  /**
   * @throws IllegalArgumentException if the block cache or the write buffer has less than 1 MiB
   */
  public StoreOptions {
    if (blockCacheBytes < MIB || writeBufferBytes < MIB || headerCacheBytes < 0) {
      throw new IllegalArgumentException(
          "a store needs at least 1 MiB each of block cache and write buffer");
    }
    others = Set.copyOf(others);
  }

  /** Of a directory that is the store's alone. */
  public StoreOptions(
      Path directory,
      Params params,
      long blockCacheBytes,
      long writeBufferBytes,
      long headerCacheBytes) {
    this(directory, params, blockCacheBytes, writeBufferBytes, headerCacheBytes, Set.of());
  }

  /**
   * 64 MiB of block cache, 64 MiB of write buffers, 32 MiB of headers, in a directory that is the
   * store's alone.
   */
  public static StoreOptions of(Path directory, Params params) {
    return new StoreOptions(directory, params, 64 * MIB, 64 * MIB, 32 * MIB);
  }

  /** The same, in a directory where these files and folders may be too. */
  public StoreOptions withOthers(Set<String> names) {
    return new StoreOptions(
        directory, params, blockCacheBytes, writeBufferBytes, headerCacheBytes, names);
  }
}
