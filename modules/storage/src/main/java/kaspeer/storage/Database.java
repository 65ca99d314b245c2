package kaspeer.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import kaspeer.storage.StoreException.Reason;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The RocksDB database of a store: column families by name, calls that cannot outlive it, errors by
 * kind.
 *
 * <p>A write is in the write-ahead log, and so in the operating system's hands, before it returns:
 * it survives the death of the process. The log is not forced to the disk on each write, so a power
 * failure can lose the newest writes, but only whole ones and only from the end: the families are
 * flushed together, and a last record of the log that is torn is let go of. If a power failure left
 * damage before the last record, or in a log that others follow, then that is an error at opening,
 * as it is for any other damage there: see {@link RocksSettings#database}.
 */
final class Database implements AutoCloseable {
  /** Column families. */
  enum Family {
    /** Id → header and DAG data. */
    HEADERS("headers"),
    /** Id → transactions. */
    BODIES("bodies"),
    /** Id → status of a block that has a body, to be listed without reading bodies. */
    BODY_IDS("body-ids"),
    /** Hash → id or -1. */
    INVALID("invalid"),
    /** Key-value areas. */
    VALUES("values"),
    /** Outpoint → entry. */
    UTXOS("utxos"),
    /** Id of a block that qualified → what it changed. */
    DELTAS("deltas"),
    /** Likewise → multiset after it. */
    MULTISETS("multisets"),
    /** Likewise → transactions it accepted. */
    ACCEPTANCE("acceptance"),
    /** Key → lane. */
    LANES("lanes"),
    /** One value: where UTXO set and lanes stand. */
    POSITION("position");

    private final byte[] familyName;

    Family(String familyName) {
      this.familyName = familyName.getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** Receives entries; returns whether to go on. */
  interface Visitor {
    boolean visit(byte[] key, byte[] value);
  }

  /** Collects the changes of one write. */
  interface Batch {
    void put(Family family, byte[] key, byte[] value);

    void delete(Family family, byte[] key);
  }

  /** Fills a {@link Batch}. */
  interface Changes {
    void into(Batch batch);
  }

  private static final String WRITING = "cannot write to the database";
  private static final int READAHEAD_BYTES = 2 << 20;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);

  /** In order of making; closed in reverse. */
  private final List<AutoCloseable> resources = new ArrayList<>();

  private final WriteOptions writeOptions;
  private final Path path;
  private final long writeBufferBytes;
  private final RocksDB db;
  private volatile boolean closed;

  private Database(Path path, StoreOptions options) throws RocksDBException {
    LRUCache cache = keep(new LRUCache(options.blockCacheBytes()));
    BloomFilter filter = keep(new BloomFilter(RocksSettings.BLOOM_BITS, false));
    ColumnFamilyOptions familyOptions = keep(RocksSettings.family(options, cache));
    ColumnFamilyOptions lookupOptions = keep(RocksSettings.lookups(options, cache, filter));
    DBOptions dbOptions = keep(RocksSettings.database(options));
    // A write that would have to wait for a full disk would wait for good; see write.
    writeOptions = keep(new WriteOptions().setNoSlowdown(true));
    this.path = path;
    this.writeBufferBytes = options.writeBufferBytes();
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
    for (Family family : Family.values()) {
      descriptors.add(
          new ColumnFamilyDescriptor(
              family.familyName, family == Family.UTXOS ? lookupOptions : familyOptions));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      db = keep(RocksDB.open(dbOptions, path.toString(), descriptors, handles));
    } catch (RocksDBException e) {
      releaseAll();
      throw e;
    }
    handles.forEach(this::keep);
    Iterator<ColumnFamilyHandle> opened = handles.listIterator(1);
    for (Family family : Family.values()) {
      families.put(family, opened.next());
    }
  }

  /**
   * Opens or makes the database.
   *
   * @param natives where RocksDB's library may be unpacked; kept out of the system's temporary
   *     directory, where each kill would leave a copy behind
   */
  static Database open(Path path, Path natives, StoreOptions options) {
    requireWhole(path);
    NativeLibrary.load(natives);
    try {
      return new Database(path, options);
    } catch (RocksDBException e) {
      throw StoreErrors.atOpen(path, e);
    }
  }

  /** Runs {@code changes} and writes what they put into the batch: all of it or nothing. */
  void write(Changes changes) {
    lock.readLock().lock();
    try {
      requireOpen();
      try (WriteBatch batch = new WriteBatch()) {
        changes.into(new FamilyBatch(batch));
        write(batch);
      }
    } catch (RocksDBException e) {
      throw StoreErrors.atUse(path, WRITING, e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Waits while buffers are being written out, but not long if that fails: RocksDB would wait for
   * room on the disk, however long that takes, and tell nobody.
   */
  private void write(WriteBatch batch) throws RocksDBException {
    StallWatch stall = null;
    while (true) {
      requireOpen();
      try {
        db.write(writeOptions, batch);
        return;
      } catch (RocksDBException e) {
        Status status = e.getStatus();
        if (status == null || status.getCode() != Status.Code.Incomplete) {
          throw e;
        }
      }
      if (stall == null) {
        stall = new StallWatch(System.nanoTime(), number("background-errors"));
      }
      boolean working = number("num-running-flushes") + number("num-running-compactions") > 0;
      if (stall.isHopeless(System.nanoTime(), number("background-errors"), working)) {
        throw new RocksDBException("buffers cannot be written out", whyNotWrittenOut());
      }
      LockSupport.parkNanos(stall.nextPause());
    }
  }

  private long number(String property) throws RocksDBException {
    return db.getLongProperty("rocksdb." + property);
  }

  /** RocksDB itself wants as much room as a buffer takes before it tries again. */
  private Status whyNotWrittenOut() {
    boolean full;
    try {
      full = Files.getFileStore(path).getUsableSpace() < writeBufferBytes;
    } catch (IOException e) {
      full = false;
    }
    return new Status(
        Status.Code.IOError, full ? Status.SubCode.NoSpace : Status.SubCode.None, null);
  }

  byte @Nullable [] get(Family family, byte[] key) {
    lock.readLock().lock();
    try {
      requireOpen();
      return db.get(handle(family), key);
    } catch (RocksDBException e) {
      throw StoreErrors.atUse(path, "cannot read from the database", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Values in the order of the keys, null where there is none. */
  List<byte @Nullable []> getAll(Family family, List<byte[]> keys) {
    lock.readLock().lock();
    try {
      requireOpen();
      if (keys.isEmpty()) { // RocksDB does not take an empty question
        return List.of();
      }
      return db.multiGetAsList(Collections.nCopies(keys.size(), handle(family)), keys);
    } catch (RocksDBException e) {
      throw StoreErrors.atUse(path, "cannot read from the database", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Visits entries ascending by key, from {@code start} on. The entries are those of one moment.
   * Closing the database meanwhile ends the scan with {@link Reason#CLOSED}.
   */
  void scan(Family family, byte[] start, Visitor visitor) {
    lock.readLock().lock();
    try (ReadOptions readOptions =
            new ReadOptions().setReadaheadSize(READAHEAD_BYTES).setFillCache(false);
        RocksIterator entries = open(family, readOptions)) {
      entries.seek(start);
      while (entries.isValid() && visitor.visit(entries.key(), entries.value())) {
        requireOpen();
        entries.next();
      }
      entries.status();
    } catch (RocksDBException e) {
      throw StoreErrors.atUse(path, "cannot read from the database", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The highest key of a family, or null if it is empty. */
  byte @Nullable [] lastKey(Family family) {
    lock.readLock().lock();
    try (ReadOptions readOptions = new ReadOptions();
        RocksIterator entries = open(family, readOptions)) {
      entries.seekToLast();
      entries.status();
      return entries.isValid() ? entries.key() : null;
    } catch (RocksDBException e) {
      throw StoreErrors.atUse(path, "cannot read from the database", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Waits for running calls, then closes. Later calls fail with {@link Reason#CLOSED}; a second
   * close does nothing.
   */
  @Override
  public void close() {
    closed = true;
    lock.writeLock().lock();
    try {
      releaseAll();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private RocksIterator open(Family family, ReadOptions readOptions) {
    requireOpen();
    return db.newIterator(handle(family), readOptions);
  }

  private ColumnFamilyHandle handle(Family family) {
    ColumnFamilyHandle handle = families.get(family);
    if (handle == null) {
      throw new IllegalStateException("no column family " + family);
    }
    return handle;
  }

  /** A call on a closed database would end the whole process, not just fail. */
  private void requireOpen() {
    if (closed) {
      throw new StoreException(Reason.CLOSED, "the store is closed");
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    resources.add(resource);
    return resource;
  }

  private void releaseAll() {
    // Handles go before the database, and the database before the options it was opened with.
    List<AutoCloseable> inOrder = new ArrayList<>(resources.reversed());
    resources.clear();
    for (AutoCloseable resource : inOrder) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new StoreException(Reason.IO, "cannot close the database: " + e.getMessage(), e);
      }
    }
  }

  /** RocksDB would make an empty database where only the file that lists the others is gone. */
  private static void requireWhole(Path path) {
    if (!Files.exists(path) || Files.exists(path.resolve("CURRENT"))) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
        throw StoreErrors.damaged(path, "CURRENT is missing");
      }
    } catch (IOException e) {
      throw new StoreException(Reason.IO, "cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private final class FamilyBatch implements Batch {
    private final WriteBatch batch;

    FamilyBatch(WriteBatch batch) {
      this.batch = batch;
    }

    @Override
    public void put(Family family, byte[] key, byte[] value) {
      try {
        batch.put(handle(family), key, value);
      } catch (RocksDBException e) {
        throw StoreErrors.atUse(path, WRITING, e);
      }
    }

    @Override
    public void delete(Family family, byte[] key) {
      try {
        batch.delete(handle(family), key);
      } catch (RocksDBException e) {
        throw StoreErrors.atUse(path, WRITING, e);
      }
    }
  }
}
