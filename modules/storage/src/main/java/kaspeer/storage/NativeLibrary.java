package kaspeer.storage;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import kaspeer.primitives.natives.NativeFolder;
import kaspeer.storage.StoreException.Reason;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/** RocksDB's native library, loaded once a process. */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Unpacks and loads it, unless that was done before: from the folder of the process; from this
   * directory, where that folder is for others to write; and at last as RocksDB does by itself, for
   * a data directory may lie on a file system that runs no programs.
   */
  static synchronized void load(Path directory) {
    Path common = NativeFolder.common();
    if (common != null && tryLoad(common) == null) {
      return;
    }
    Throwable failure = tryLoad(directory);
    if (failure != null) {
      loadFromTemporaryDirectory(failure);
    }
  }

  /** Returns why it could not be loaded; null if it was. */
  private static @Nullable Throwable tryLoad(Path folder) {
    String name = Environment.getJniLibraryFileName("rocksdb");
    URL packed = RocksDB.class.getResource("/" + name);
    if (packed == null) {
      return new UnsatisfiedLinkError("no " + name + " in RocksDB's jar");
    }
    try {
      // In a folder RocksDB looks for another name than its jar has.
      NativeFolder.unpack(packed, folder.resolve(Environment.getJniLibraryFileName("rocksdbjni")));
      RocksDB.loadLibrary(List.of(folder.toAbsolutePath().toString()));
      return null;
    } catch (IOException | UnsatisfiedLinkError e) {
      return e;
    }
  }

  private static void loadFromTemporaryDirectory(Throwable first) {
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      e.addSuppressed(first);
      throw new StoreException(
          Reason.IO, "RocksDB does not run on this machine: " + e.getMessage(), e);
    }
  }
}
