package kaspeer.storage;

import java.nio.file.Path;
import kaspeer.storage.StoreException.Reason;
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
    String what = reason == Reason.CORRUPT ? damaged(path) : "cannot open the database in " + path;
    return new StoreException(reason, what + ": " + detail(e), e);
  }

  static StoreException atUse(String doing, RocksDBException e) {
    Reason reason = reason(e);
    String what =
        switch (reason) {
          case DISK_FULL -> doing + ", the disk is full";
          case CORRUPT -> doing + ", it is damaged";
          default -> doing;
        };
    return new StoreException(reason, what + ": " + detail(e), e);
  }

  static String damaged(Path path) {
    return "the database in " + path + " is damaged; remove the data directory to sync again";
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
