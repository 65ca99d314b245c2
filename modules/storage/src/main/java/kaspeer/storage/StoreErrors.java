package kaspeer.storage;

import java.nio.file.Path;
import kaspeer.storage.StoreException.Reason;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** RocksDB's errors by kind. */
final class StoreErrors {
  private StoreErrors() {}

  static StoreException atOpen(Path path, RocksDBException e) {
    Reason reason = reason(e);
    // Files that are listed and absent, or shorter than listed, come as errors of the file system.
    if (reason == Reason.IO
        && detail(e).matches("(?s).*(No such file|size mismatch|too short).*")) {
      reason = Reason.CORRUPT;
    }
    return reason == Reason.CORRUPT
        ? damaged(path, detail(e), e)
        : new StoreException(reason, "cannot open the database in " + path + ": " + detail(e), e);
  }

  static StoreException atUse(Path path, String doing, RocksDBException e) {
    Reason reason = reason(e);
    return switch (reason) {
      case CORRUPT -> damaged(path, detail(e), e);
      case DISK_FULL -> new StoreException(reason, doing + ", the disk is full: " + detail(e), e);
      default -> new StoreException(reason, doing + ": " + detail(e), e);
    };
  }

  /** The same words whichever byte is wrong, and whoever found it. */
  static StoreException damaged(Path path, String what) {
    return damaged(path, what, null);
  }

  private static StoreException damaged(Path path, String what, @Nullable Throwable cause) {
    return new StoreException(
        Reason.CORRUPT,
        "the database in " + path + " is damaged; remove the data directory to sync again: " + what,
        cause);
  }

  private static Reason reason(RocksDBException e) {
    Status status = e.getStatus();
    if (status == null) {
      return Reason.IO;
    }
    if (status.getSubCode() == Status.SubCode.NoSpace) {
      return Reason.DISK_FULL;
    }
    return status.getCode() == Status.Code.Corruption ? Reason.CORRUPT : Reason.IO;
  }

  private static String detail(RocksDBException e) {
    return String.valueOf(e.getMessage());
  }
}
