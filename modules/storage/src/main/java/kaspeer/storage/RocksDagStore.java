package kaspeer.storage;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagStore;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.storage.Database.Batch;
import kaspeer.storage.Database.Family;
import kaspeer.storage.StoreException.Reason;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The DAG store on RocksDB (consensus reference 9, cut down to what cannot be computed again). Keys
 * are big-endian ids, so the order on disk is the order of ids and files hardly ever need merging.
 * What was committed survives the death of the process; see {@link Database} for power failures.
 * Every method throws {@link StoreException}.
 */
public final class RocksDagStore implements DagStore {
  private final StoreDirectory directory;
  private final Database database;
  private final HeaderCache headers;

  /** The id that the next header must have. Written by the committing thread only. */
  private volatile int nextId;

  private RocksDagStore(StoreDirectory directory, Database database, long headerCacheBytes) {
    this.directory = directory;
    this.database = database;
    this.headers = new HeaderCache(headerCacheBytes);
    byte[] last = database.lastKey(Family.HEADERS);
    this.nextId = last == null ? 0 : Ids.read("headers", last) + 1;
  }

  /**
   * Opens the store in a directory, or makes one where there is none.
   *
   * @throws StoreException in use, not a store, of a newer format, another network or other
   *     parameters, damaged, or the disk refuses; nothing stays open then
   */
  public static RocksDagStore open(StoreOptions options) {
    StoreDirectory directory = StoreDirectory.open(options.directory(), options.params());
    Database database = null;
    try {
      database = Database.open(directory.database(), directory.nativeLibraries(), options);
      return new RocksDagStore(directory, database, options.headerCacheBytes());
    } catch (RuntimeException e) {
      if (database != null) {
        database.close();
      }
      directory.close();
      throw e;
    }
  }

  /**
   * A key-value area beside the DAG. Areas of different names do not see each other; the same name
   * is the same area.
   *
   * @throws IllegalArgumentException if the name is empty or holds a zero byte
   */
  public KeyValueStore keyValues(String name) {
    return new RocksKeyValueStore(database, name);
  }

  /** Headers in the store; their ids are 0 to one less. */
  public int headerCount() {
    return nextId;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if header ids do not go on without gap, or a body has no
   *     header; nothing is committed then
   */
  @Override
  public void commit(List<Change> changes) {
    int[] next = {nextId};
    database.write(
        batch -> {
          for (Change change : changes) {
            next[0] = add(batch, change, next[0]);
          }
        });
    nextId = next[0];
    for (Change change : changes) {
      if (change instanceof Change.HeaderAdded added) {
        headers.put(added.id(), added.header());
      }
    }
  }

  @Override
  public void forEachHeader(HeaderVisitor visitor) {
    new HeaderScan(database, visitor).run();
  }

  @Override
  public List<Hash> invalidHashes() {
    List<Hash> hashes = new ArrayList<>();
    database.scan(
        Family.INVALID,
        new byte[0],
        (key, value) -> {
          if (key.length != Hash.SIZE) {
            throw new StoreException(
                Reason.CORRUPT, "the database is damaged: a hash of " + key.length + " bytes");
          }
          hashes.add(Hash.of(key));
          return true;
        });
    return hashes;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if no such id was committed
   */
  @Override
  public Header header(int id) {
    Header cached = headers.get(id);
    if (cached != null) {
      return cached;
    }
    if (id < 0 || id >= nextId) {
      throw new IllegalArgumentException("no header " + id + ", there are " + nextId);
    }
    byte[] record = database.get(Family.HEADERS, Ids.key(id));
    if (record == null) {
      throw new StoreException(
          Reason.CORRUPT, "the database is damaged: header " + id + " is missing");
    }
    Header header = HeaderCodec.decodeHeader(id, record);
    headers.put(id, header);
    return header;
  }

  @Override
  public @Nullable List<Transaction> body(int id) {
    byte[] record = database.get(Family.BODIES, Ids.key(id));
    return record == null ? null : BodyCodec.decode(id, record);
  }

  /** Waits for running calls. A second close does nothing. */
  @Override
  public void close() {
    database.close();
    directory.close();
  }

  /** Returns the id the next header must have. */
  private static int add(Batch batch, Change change, int next) throws RocksDBException {
    switch (change) {
      case Change.HeaderAdded(int id, Header header, byte[] dagData) -> {
        if (id != next) {
          throw new IllegalArgumentException("header " + id + " where " + next + " must come");
        }
        batch.put(Family.HEADERS, Ids.key(id), HeaderCodec.encode(header, dagData));
        return next + 1;
      }
      case Change.BodyAdded(int id, List<Transaction> transactions) -> {
        if (id < 0 || id >= next) {
          throw new IllegalArgumentException("body " + id + " without a header, there are " + next);
        }
        batch.put(Family.BODIES, Ids.key(id), BodyCodec.encode(transactions));
        batch.put(Family.BODY_IDS, Ids.key(id), new byte[0]);
      }
      case Change.Invalidated(Hash hash, int id) ->
          batch.put(Family.INVALID, hash.toBytes(), Ids.key(id));
    }
    return next;
  }
}
