package kaspeer.storage;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.consensus.DagStore.HeaderVisitor;
import kaspeer.consensus.DagStore.StoredHeader;
import kaspeer.primitives.BlockStatus;
import kaspeer.storage.Database.Family;

/**
 * Reads all headers in order. Computing their hashes again is nearly all the work, so records are
 * read a chunk at a time, decoded on all processors and visited in order.
 */
final class HeaderScan {
  /** A chunk's records take about this much memory, and decoded a few times as much. */
  private static final long CHUNK_BYTES = 2 << 20;

  private final Database database;
  private final HeaderVisitor visitor;
  private final BitSet withBody = new BitSet();
  private final BitSet qualified = new BitSet();
  private final BitSet disqualified = new BitSet();
  private final List<byte[]> chunk = new ArrayList<>();
  private long chunkBytes;
  private int visited;

  HeaderScan(Database database, HeaderVisitor visitor) {
    this.database = database;
    this.visitor = visitor;
  }

  /**
   * @throws Damage if a record is damaged or missing
   * @throws StoreException if the store is closed meanwhile, or the disk refuses
   */
  void run() {
    database.scan(
        Family.BODY_IDS,
        Ids.key(0),
        (key, value) -> {
          int id = Ids.read("body ids", key);
          withBody.set(id);
          switch (BodyStatus.read(id, value)) {
            case UTXO_VALID -> qualified.set(id);
            case DISQUALIFIED_FROM_CHAIN -> disqualified.set(id);
            default -> {} // nothing is known of it yet
          }
          return true;
        });
    database.scan(
        Family.HEADERS,
        Ids.key(0),
        (key, value) -> {
          int expected = visited + chunk.size();
          if (Ids.read("headers", key) != expected) {
            throw HeaderCodec.missing(expected);
          }
          chunk.add(value);
          chunkBytes += value.length;
          if (chunkBytes >= CHUNK_BYTES) {
            visitChunk();
          }
          return true;
        });
    visitChunk();
    if (withBody.length() > visited) {
      throw HeaderCodec.missing(visited);
    }
  }

  private void visitChunk() {
    int first = visited;
    List<StoredHeader> decoded =
        IntStream.range(0, chunk.size())
            .parallel()
            .mapToObj(i -> decode(first + i, chunk.get(i)))
            .toList();
    chunk.clear();
    chunkBytes = 0;
    visited += decoded.size();
    decoded.forEach(visitor::visit);
  }

  private StoredHeader decode(int id, byte[] record) {
    HeaderCodec.Stored stored = HeaderCodec.decode(id, record);
    return new StoredHeader(id, stored.header(), stored.dagData(), status(id));
  }

  private BlockStatus status(int id) {
    if (qualified.get(id)) {
      return BlockStatus.UTXO_VALID;
    }
    if (disqualified.get(id)) {
      return BlockStatus.DISQUALIFIED_FROM_CHAIN;
    }
    return withBody.get(id) ? BlockStatus.BODY : BlockStatus.HEADER_ONLY;
  }
}
