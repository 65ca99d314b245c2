package kaspeer.storage;

import java.util.List;
import kaspeer.consensus.DagStore.ChainBlock;
import kaspeer.consensus.DagStore.Change;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.storage.Database.Batch;
import kaspeer.storage.Database.Family;

/** Changes of the DAG as writes to the database. */
final class ChangeWriter {
  static final byte[] POSITION_KEY = {0};

  private ChangeWriter() {}

  /**
   * Adds a change to a batch.
   *
   * @param next the id the next header must have
   * @return the id the next header must have then
   * @throws IllegalArgumentException if a header has another id, or a body no header
   */
  static int add(Batch batch, Change change, int next) {
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
        batch.put(Family.BODY_IDS, Ids.key(id), BodyStatus.PENDING);
      }
      case Change.Qualified(int id, ChainBlock chainBlock) -> {
        byte[] key = Ids.key(id);
        batch.put(Family.DELTAS, key, chainBlock.delta());
        batch.put(Family.MULTISETS, key, chainBlock.multiset());
        batch.put(Family.ACCEPTANCE, key, chainBlock.acceptance());
        batch.put(Family.BODY_IDS, key, BodyStatus.QUALIFIED);
      }
      case Change.Disqualified(int id) ->
          batch.put(Family.BODY_IDS, Ids.key(id), BodyStatus.DISQUALIFIED);
      case Change.Moved moved -> move(batch, moved);
      case Change.Invalidated(Hash hash, int id) ->
          batch.put(Family.INVALID, hash.toBytes(), Ids.key(id));
    }
    return next;
  }

  private static void move(Batch batch, Change.Moved moved) {
    // An outpoint can be removed with one DAA score and added with another: removals come first.
    moved
        .utxos()
        .forEachRemoved((outpoint, entry) -> batch.delete(Family.UTXOS, UtxoCodec.key(outpoint)));
    moved
        .utxos()
        .forEachAdded(
            (outpoint, entry) ->
                batch.put(Family.UTXOS, UtxoCodec.key(outpoint), UtxoCodec.encode(entry)));
    for (Hash key : moved.expiredLanes()) {
      batch.delete(Family.LANES, key.toBytes());
    }
    for (StoredLane lane : moved.lanes()) {
      batch.put(Family.LANES, lane.key().toBytes(), UtxoCodec.encode(lane));
    }
    batch.put(Family.POSITION, POSITION_KEY, UtxoCodec.encode(moved.position()));
  }
}
