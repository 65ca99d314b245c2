package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What of the DAG must last. Blocks have dense ids in the order in which their headers were
 * committed, from 0 (genesis); parents come before children. Everything else is rebuilt from these
 * records when a node starts.
 *
 * <p>Calls are safe from any thread; {@link #commit} is called by one thread at a time.
 */
public interface DagStore extends AutoCloseable {
  /**
   * One block header as stored.
   *
   * @param dagData what was computed for it (GHOSTDAG data and the like), in the form {@link
   *     Consensus} gave it
   * @param hasBody whether its body is stored too
   */
  record StoredHeader(int id, Header header, byte[] dagData, boolean hasBody) {}

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
  }

  /** Receives stored headers in order of id. */
  interface HeaderVisitor {
    void visit(StoredHeader stored);
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

  @Override
  void close();
}
