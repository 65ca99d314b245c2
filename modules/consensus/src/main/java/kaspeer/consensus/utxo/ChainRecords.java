package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kaspeer.consensus.BlockAcceptance;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.DagStore.ChainBlock;
import kaspeer.consensus.DagStore.Change;
import kaspeer.consensus.dag.Blocks;
import kaspeer.crypto.MuHash;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.records.RecordReader;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the blocks that qualified: of those since the last commit in memory, of the
 * others in the store. Instances are the committer's.
 */
public final class ChainRecords {
  private final BlockSource source;
  private final DagStore store;
  private final Map<Integer, Unstored> unstored = new HashMap<>();
  private long unstoredBytes;

  private record Unstored(Delta delta, ChainBlock record) {}

  ChainRecords(BlockSource source, DagStore store) {
    this.source = source;
    this.store = store;
  }

  /** Keeps what a block did; answers the change to be stored. */
  Change add(int id, Delta delta, MuHash multiset, MergedState merged) {
    ChainBlock record =
        new ChainBlock(delta.encode(), multiset.encode(), Accepted.encode(id, merged));
    unstored.put(id, new Unstored(delta, record));
    // What is in memory of a delta is a few times what is stored of it.
    unstoredBytes += 4L * record.delta().length + record.multiset().length;
    return new Change.Qualified(id, record);
  }

  /** Bytes that what is not yet stored takes, roughly. */
  long unstoredBytes() {
    return unstoredBytes;
  }

  void committed() {
    unstored.clear();
    unstoredBytes = 0;
  }

  Delta delta(int id) {
    Unstored known = unstored.get(id);
    return known != null
        ? known.delta
        : read(store.delta(id), "change", id, record -> Delta.decode(id, record));
  }

  MuHash multiset(int id) {
    if (id == Blocks.GENESIS) {
      return new MuHash();
    }
    Unstored known = unstored.get(id);
    return known != null
        ? MuHash.decode(known.record.multiset())
        : read(store.multiset(id), "multiset", id, MuHash::decode);
  }

  /** The transactions a block accepted; reads bodies. */
  BlockAcceptance acceptance(int id) {
    Unstored known = unstored.get(id);
    return known != null
        ? acceptance(id, known.record.acceptance(), source)
        : read(store.acceptance(id), "acceptance", id, record -> acceptance(id, record, source));
  }

  /**
   * The transactions a block accepted, from what is stored of it; reads bodies.
   *
   * @throws IllegalArgumentException if that is damaged
   */
  public static BlockAcceptance acceptance(int id, byte[] stored, BlockSource source) {
    List<BlockAcceptance.Merged> parts = new ArrayList<>();
    for (MergedBlock block : merged(id, stored, source)) {
      List<Hash> ids = new ArrayList<>(block.accepted().length);
      for (int index : block.accepted()) {
        ids.add(block.transactions().get(index).id());
      }
      parts.add(new BlockAcceptance.Merged(source.hash(block.id()), ids));
    }
    return new BlockAcceptance(source.hash(id), parts);
  }

  /**
   * The blocks that a stored block merged, with what it accepted of them, but without the fees;
   * reads bodies.
   */
  List<MergedBlock> merged(int id) {
    return read(store.acceptance(id), "acceptance", id, record -> merged(id, record, source));
  }

  private static List<MergedBlock> merged(int id, byte[] record, BlockSource source) {
    List<MergedBlock> merged = new ArrayList<>();
    for (Accepted.Part part : Accepted.decode(id, record).parts()) {
      List<Transaction> body = source.body(part.block());
      for (int index : part.transactions()) {
        if (index >= body.size()) {
          throw new IllegalArgumentException("a transaction that its block does not have");
        }
      }
      merged.add(new MergedBlock(part.block(), body, part.transactions(), 0));
    }
    return merged;
  }

  private <T> T read(byte @Nullable [] record, String what, int id, Function<byte[], T> decode) {
    if (record == null) {
      throw store.damaged("the " + what + " of block " + id + " is missing");
    }
    try {
      return decode.apply(record);
    } catch (IllegalArgumentException e) {
      throw store.damaged("the " + what + " of block " + id + ": " + e.getMessage());
    }
  }

  /**
   * A reader of a stored record, which throws {@link IllegalArgumentException} if it is damaged.
   *
   * @param what names the record in errors
   */
  static RecordReader open(String what, byte[] record) {
    return new RecordReader(
        record,
        (at, problem) ->
            new IllegalArgumentException(what + " as stored is damaged at byte " + at));
  }
}
