package kaspeer.storage;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/** How RocksDB is set up. What is made here must be closed after the database. */
final class RocksSettings {
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int MAX_OPEN_FILES = 512;
  private static final int LOG_FILE_BYTES = 1 << 20;

  private RocksSettings() {}

  /** For the database as a whole. */
  static DBOptions database() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setMaxOpenFiles(MAX_OPEN_FILES)
        .setMaxBackgroundJobs(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(LOG_FILE_BYTES)
        .setStatsDumpPeriodSec(0);
  }

  /** For every column family. */
  static ColumnFamilyOptions family(StoreOptions options, LRUCache cache) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    // Only headers and bodies fill their buffers; with two buffers each that makes four parts.
    return new ColumnFamilyOptions()
        .setTableFormatConfig(table)
        .setWriteBufferSize(options.writeBufferBytes() / 4)
        .setMaxWriteBufferNumber(2)
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
  }
}
