package kaspeer.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import kaspeer.consensus.DagStore;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import kaspeer.storage.Database.Family;
import org.jspecify.annotations.Nullable;

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
    this.nextId = last == null ? 0 : decoded(() -> Ids.read("headers", last)) + 1;
  }

  /**
   * Opens the store in a directory, or makes one where there is none.
   *
   * @throws StoreException in use, not a store, of a newer format, another network or other
   *     parameters, damaged, or the disk refuses; nothing stays open then
   */
  public static RocksDagStore open(StoreOptions options) {
    StoreDirectory directory =
        StoreDirectory.open(options.directory(), options.params(), options.others());
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
            next[0] = ChangeWriter.add(batch, change, next[0]);
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
    decode(() -> new HeaderScan(database, visitor).run());
  }

  @Override
  public List<Hash> invalidHashes() {
    List<Hash> hashes = new ArrayList<>();
    scan(
        Family.INVALID,
        (key, value) -> {
          if (key.length != Hash.SIZE) {
            throw new Damage("a hash of " + key.length + " bytes");
          }
          hashes.add(Hash.of(key));
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
      throw damaged(HeaderCodec.missing(id).what());
    }
    Header header = decoded(() -> HeaderCodec.decodeHeader(id, record));
    headers.put(id, header);
    return header;
  }

  @Override
  public @Nullable List<Transaction> body(int id) {
    byte[] record = database.get(Family.BODIES, Ids.key(id));
    return record == null ? null : decoded(() -> BodyCodec.decode(id, record));
  }

  @Override
  public @Nullable Position position() {
    byte[] record = database.get(Family.POSITION, ChangeWriter.POSITION_KEY);
    return record == null ? null : decoded(() -> UtxoCodec.position(record));
  }

  @Override
  public byte @Nullable [] delta(int id) {
    return database.get(Family.DELTAS, Ids.key(id));
  }

  @Override
  public byte @Nullable [] multiset(int id) {
    return database.get(Family.MULTISETS, Ids.key(id));
  }

  @Override
  public byte @Nullable [] acceptance(int id) {
    return database.get(Family.ACCEPTANCE, Ids.key(id));
  }

  @Override
  public @Nullable UtxoEntry utxo(Outpoint outpoint) {
    byte[] record = database.get(Family.UTXOS, UtxoCodec.key(outpoint));
    return record == null ? null : decoded(() -> UtxoCodec.decode(record));
  }

  @Override
  public List<@Nullable UtxoEntry> utxos(List<Outpoint> outpoints) {
    List<@Nullable UtxoEntry> entries = new ArrayList<>(outpoints.size());
    List<byte[]> keys = outpoints.stream().map(UtxoCodec::key).toList();
    for (byte[] record : database.getAll(Family.UTXOS, keys)) {
      entries.add(record == null ? null : decoded(() -> UtxoCodec.decode(record)));
    }
    return entries;
  }

  @Override
  public void forEachUtxo(BiConsumer<Outpoint, UtxoEntry> visitor) {
    scan(
        Family.UTXOS,
        (key, value) -> visitor.accept(UtxoCodec.outpoint(key), UtxoCodec.decode(value)));
  }

  @Override
  public void forEachLane(LaneVisitor visitor) {
    scan(Family.LANES, (key, value) -> visitor.visit(UtxoCodec.lane(key, value)));
  }

  private void scan(Family family, BiConsumer<byte[], byte[]> visitor) {
    decode(
        () ->
            database.scan(
                family,
                new byte[0],
                (key, value) -> {
                  visitor.accept(key, value);
                  return true;
                }));
  }

  private void decode(Runnable decoding) {
    try {
      decoding.run();
    } catch (Damage e) {
      throw damaged(e.what());
    }
  }

  private <T> T decoded(Supplier<T> decoding) {
    try {
      return decoding.get();
    } catch (Damage e) {
      throw damaged(e.what());
    }
  }

  @Override
  public StoreException damaged(String what) {
    return StoreErrors.damaged(directory.database(), what);
  }

  /** Waits for running calls. A second close does nothing. */
  @Override
  public void close() {
    database.close();
    directory.close();
  }
}
