package kaspeer.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kaspeer.storage.StoreException.Reason;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/** RocksDB's native library, loaded once a process. */
final class NativeLibrary {
  private NativeLibrary() {}

  /** Unpacks and loads it, unless that was done before. */
  static synchronized void load(Path directory) {
    try {
      Files.createDirectories(directory);
      NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
    } catch (UnsatisfiedLinkError e) {
      loadFromTemporaryDirectory(e);
    } catch (IOException e) {
      throw new StoreException(
          Reason.IO, "cannot unpack RocksDB into " + directory + ": " + e.getMessage(), e);
    }
  }

  /** A data directory may lie on a file system that runs no programs. */
  private static void loadFromTemporaryDirectory(UnsatisfiedLinkError first) {
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      e.addSuppressed(first);
      throw new StoreException(
          Reason.IO, "RocksDB does not run on this machine: " + e.getMessage(), e);
    }
  }
}
