package kaspeer.storage;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;

/** How RocksDB is set up. What is made here must be closed after the database. */
final class RocksSettings {
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int LOOKUP_BLOCK_BYTES = 4 << 10;
  private static final int MAX_OPEN_FILES = 512;
  private static final int LOG_FILE_BYTES = 1 << 20;

  /** Bits of filter for each key: one lookup of an absent key in a hundred reads a block. */
  static final double BLOOM_BITS = 10;

  private static final double MEMTABLE_BLOOM_RATIO = 0.02;

  /** Of the write buffers, in which a family takes its memory. */
  private static final int ARENA_BLOCKS = 128;

  private static final int MIN_ARENA_BLOCK = 4 << 10;
  private static final int MAX_ARENA_BLOCK = 1 << 20;

  private RocksSettings() {}

  /** For the database as a whole. */
  static DBOptions database(StoreOptions options) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        // A record that was being written when the process or the machine ended is let go of.
        // Damage before the last one is an error: by default (point in time recovery) all that
        // comes after it would be dropped without a word, and an older DAG be taken for the whole,
        // also where the disk is what lost it. The price: after a power failure in which pages of
        // the log reached the disk out of order, the store counts as damaged too.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setDbWriteBufferSize(half(options))
        .setMaxOpenFiles(MAX_OPEN_FILES)
        .setMaxBackgroundJobs(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(LOG_FILE_BYTES)
        .setStatsDumpPeriodSec(0);
  }

  /** For a column family that is read in the order of its keys, or seldom. */
  static ColumnFamilyOptions family(StoreOptions options, LRUCache cache) {
    return family(options).setTableFormatConfig(table(cache));
  }

  /** For a column family in which single keys are looked up, many of which are not there. */
  static ColumnFamilyOptions lookups(StoreOptions options, LRUCache cache, Filter filter) {
    return family(options)
        .setTableFormatConfig(table(cache).setFilterPolicy(filter).setBlockSize(LOOKUP_BLOCK_BYTES))
        .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
        .setMemtableWholeKeyFiltering(true);
  }

  private static BlockBasedTableConfig table(LRUCache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(BLOCK_BYTES)
        .setCacheIndexAndFilterBlocks(true)
        .setPinL0FilterAndIndexBlocksInCache(true);
  }

  private static ColumnFamilyOptions family(StoreOptions options) {
    long arenaBlock = options.writeBufferBytes() / ARENA_BLOCKS;
    // The families share one half of the memory, to the limit that the database as a whole has;
    // the other half is what is being written out meanwhile.
    return new ColumnFamilyOptions()
        .setWriteBufferSize(half(options))
        .setArenaBlockSize(Math.clamp(arenaBlock, MIN_ARENA_BLOCK, MAX_ARENA_BLOCK))
        .setMaxWriteBufferNumber(2)
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  private static long half(StoreOptions options) {
    return options.writeBufferBytes() / 2;
  }
}
