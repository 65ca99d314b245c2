package kaspeer.consensus;

import java.util.List;
import java.util.function.BiConsumer;
import kaspeer.consensus.utxo.UtxoDiff;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * What of the DAG must last. Blocks have dense ids in the order in which their headers were
 * committed, from 0 (genesis); parents come before children. Everything else is rebuilt from these
 * records when a node starts.
 *
 * <p>The UTXO set and the lanes are those after one chain block, the {@link #position}: what that
 * block's header commits to. Every chain block that passed keeps what leads there from its selected
 * parent, in both directions.
 *
 * <p>Calls are safe from any thread; {@link #commit} is called by one thread at a time.
 */
public interface DagStore extends AutoCloseable {
  /**
   * One block header as stored.
   *
   * @param dagData what was computed for it (GHOSTDAG data and the like), in the form {@link
   *     Consensus} gave it
   * @param status of the block, but for {@link BlockStatus#INVALID}, which is told apart: {@link
   *     BlockStatus#HEADER_ONLY} or one with a body
   */
  record StoredHeader(int id, Header header, byte[] dagData, BlockStatus status) {
    /** Whether its body is stored too. */
    public boolean hasBody() {
      return status.hasBody();
    }
  }

  /**
   * Where the UTXO set and the lanes stand.
   *
   * @param block the chain block after which they are
   * @param finalityPoint what the selected chain had to contain when it was last chosen
   */
  record Position(int block, int finalityPoint) {}

  /**
   * An active lane (consensus reference 6.7).
   *
   * @param key the hash of its name
   * @param blueScore of the chain block that touched it last
   */
  record StoredLane(Hash key, Hash tip, long blueScore) {}

  /**
   * What is kept of a block that qualified for the selected chain, each in the form {@link
   * Consensus} gave it.
   *
   * @param delta what it changed in the UTXO set and the lanes of its selected parent
   * @param multiset of the UTXO set after it
   * @param acceptance the transactions it accepted
   */
  record ChainBlock(byte[] delta, byte[] multiset, byte[] acceptance) {}

  /** One change. */
  sealed interface Change {
    /** A header passed; its id is the next one. */
    record HeaderAdded(int id, Header header, byte[] dagData) implements Change {}

    /** The body of a header that was added before, or earlier in the same batch. */
    record BodyAdded(int id, List<Transaction> transactions) implements Change {}

    /**
     * The block is invalid for good. If its header was added before, {@code id} is that header's,
     * else -1.
     */
    record Invalidated(Hash hash, int id) implements Change {}

    /** A block whose body was added before, or earlier in the batch, qualified. */
    record Qualified(int id, ChainBlock chainBlock) implements Change {}

    /** A block whose body was added before, or earlier in the batch, can never qualify. */
    record Disqualified(int id) implements Change {}

    /**
     * The UTXO set and the lanes moved; the last of its kind in a batch.
     *
     * @param utxos from the position before to the new one; not changed any more
     * @param lanes those that are new or were touched
     * @param expiredLanes keys of those that are no longer active
     */
    record Moved(Position position, UtxoDiff utxos, List<StoredLane> lanes, List<Hash> expiredLanes)
        implements Change {}
  }

  /** Receives stored headers in order of id. */
  interface HeaderVisitor {
    void visit(StoredHeader stored);
  }

  /** Receives lanes in no particular order. */
  interface LaneVisitor {
    void visit(StoredLane lane);
  }

  /** Applies all changes or none; when it returns they survive the death of the process. */
  void commit(List<Change> changes);

  /** Visits every header, ids ascending without gaps. */
  void forEachHeader(HeaderVisitor visitor);

  /** Hashes of blocks marked invalid. */
  List<Hash> invalidHashes();

  /** The header of an id that was committed. */
  Header header(int id);

  /** The body of an id, or null if none was committed. */
  @Nullable List<Transaction> body(int id);

  /** Where the UTXO set stands, or null if nothing was ever committed of it: it is empty then. */
  @Nullable Position position();

  /** The delta of a block that qualified, or null. */
  byte @Nullable [] delta(int id);

  /** The multiset of a block that qualified, or null. */
  byte @Nullable [] multiset(int id);

  /** The acceptance of a block that qualified, or null. */
  byte @Nullable [] acceptance(int id);

  /** The unspent output at the position, or null if there is none. */
  @Nullable UtxoEntry utxo(Outpoint outpoint);

  /** Likewise for many, in their order. */
  List<@Nullable UtxoEntry> utxos(List<Outpoint> outpoints);

  /** Visits the UTXO set at one moment, in no particular order. */
  void forEachUtxo(BiConsumer<Outpoint, UtxoEntry> visitor);

  /** Visits the lanes. */
  void forEachLane(LaneVisitor visitor);

  /**
   * What to throw where records are missing, cannot be read, or do not fit each other.
   *
   * @param what is wrong with which
   */
  default RuntimeException damaged(String what) {
    return new IllegalArgumentException("the store is damaged: " + what);
  }

  @Override
  void close();
}
