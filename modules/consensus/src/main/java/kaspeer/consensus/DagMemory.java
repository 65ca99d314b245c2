package kaspeer.consensus;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.utxo.BlockSource;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What readers see: the DAG, the selected chain, the latest snapshot. The committer is the only one
 * that changes it, under the write lock, one block at a time; it reads without a lock. The lock is
 * fair, so neither side starves.
 *
 * <p>A block can be seen here some milliseconds before it is stored; until then its header and body
 * are kept here too.
 */
final class DagMemory implements DagView, BlockSource {
  private final Dag dag;
  private final DagStore store;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final DagReader reader;
  private final InvalidHashes invalid;
  private final SelectedChain chain;
  private final Map<Hash, Header> unstoredHeaders = new ConcurrentHashMap<>();
  private final Map<Hash, List<Transaction>> unstoredBodies = new ConcurrentHashMap<>();
  private final BodyCache recentBodies;
  private volatile DagState state;

  /**
   * @param bodyCacheBytes for recent bodies
   */
  DagMemory(Dag dag, DagStore store, InvalidHashes invalid, DagState initial, long bodyCacheBytes) {
    this.recentBodies = new BodyCache(bodyCacheBytes);
    this.dag = dag;
    this.store = store;
    this.invalid = invalid;
    this.chain = new SelectedChain(dag);
    this.reader = new Reader();
    this.state = initial;
  }

  // --- for readers ----------------------------------------------------------------------------

  @Override
  public DagState state() {
    return state;
  }

  @Override
  public BlockStatus status(Hash hash) {
    return read(view -> statusNow(hash));
  }

  @Override
  public @Nullable Header header(Hash hash) {
    int id = read(view -> view.id(hash));
    if (id < 0) {
      return null;
    }
    return header(id, hash);
  }

  private Header header(int id, Hash hash) {
    Header unstored = unstoredHeaders.get(hash);
    return unstored != null ? unstored : store.header(id);
  }

  @Override
  public @Nullable List<Transaction> body(Hash hash) {
    int id =
        read(
            view ->
                view.id(hash) >= 0 && view.status(view.id(hash)).hasBody() ? view.id(hash) : -1);
    if (id < 0) {
      return null;
    }
    List<Transaction> unstored = unstoredBodies.get(hash);
    return unstored != null ? unstored : store.body(id);
  }

  @Override
  public <T> T read(Function<DagReader, T> query) {
    lock.readLock().lock();
    try {
      return query.apply(reader);
    } finally {
      lock.readLock().unlock();
    }
  }

  // --- by id ----------------------------------------------------------------------------------

  @Override
  public Hash hash(int id) {
    return read(view -> view.hash(id));
  }

  @Override
  public Header header(int id) {
    return header(id, hash(id));
  }

  @Override
  public List<Transaction> body(int id) {
    List<Transaction> recent = recentBodies.get(id);
    if (recent != null) {
      return recent;
    }
    List<Transaction> body = unstoredBodies.get(hash(id));
    if (body == null) {
      body = store.body(id);
    }
    if (body == null) {
      throw store.damaged("the body of block " + id + " is missing");
    }
    recentBodies.put(id, body, Submission.bytesOf(body));
    return body;
  }

  @Override
  public <T> T read(Supplier<T> query) {
    return read(view -> query.get());
  }

  @Override
  public void setStatus(int id, BlockStatus status) {
    change(
        () -> {
          dag.setStatus(id, status);
          return id;
        });
  }

  // --- for the committer ----------------------------------------------------------------------

  /** The status without a lock: nobody else changes the DAG. */
  BlockStatus statusNow(Hash hash) {
    int id = dag.find(hash);
    if (id >= 0) {
      return dag.blocks().status(id);
    }
    return invalid.contains(hash) ? BlockStatus.INVALID : BlockStatus.UNKNOWN;
  }

  <T> T change(Supplier<T> change) {
    lock.writeLock().lock();
    try {
      return change.get();
    } finally {
      lock.writeLock().unlock();
    }
  }

  void publish(DagState next) {
    state = next;
  }

  void keepUntilStored(Header header) {
    unstoredHeaders.put(header.hash(), header);
  }

  /**
   * @param bytes of the body, estimated
   */
  void keepUntilStored(int id, Hash hash, List<Transaction> transactions, long bytes) {
    unstoredBodies.put(hash, transactions);
    recentBodies.put(id, transactions, bytes);
  }

  void stored() {
    unstoredHeaders.clear();
    unstoredBodies.clear();
  }

  Dag dag() {
    return dag;
  }

  InvalidHashes invalid() {
    return invalid;
  }

  SelectedChain chain() {
    return chain;
  }

  private final class Reader implements DagReader {
    private final Blocks blocks = dag.blocks();

    @Override
    public int id(Hash hash) {
      return dag.find(hash);
    }

    @Override
    public Hash hash(int id) {
      return blocks.hash(id);
    }

    @Override
    public BlockStatus status(int id) {
      return blocks.status(id);
    }

    @Override
    public long blueScore(int id) {
      return blocks.blueScore(id);
    }

    @Override
    public long daaScore(int id) {
      return blocks.daaScore(id);
    }

    @Override
    public long timestamp(int id) {
      return blocks.timestamp(id);
    }

    @Override
    public int selectedParent(int id) {
      return blocks.selectedParent(id);
    }

    @Override
    public int[] parents(int id) {
      return blocks.parents(id);
    }

    @Override
    public int[] children(int id) {
      return dag.children(id);
    }

    @Override
    public int[] mergeset(int id) {
      return blocks.mergeset(id);
    }

    @Override
    public int[] reds(int id) {
      return blocks.reds(id);
    }

    @Override
    public boolean isChainAncestor(int a, int b) {
      return dag.reachability().isChainAncestor(a, b);
    }

    @Override
    public boolean isDagAncestor(int a, int b) {
      return dag.reachability().isDagAncestor(a, b);
    }

    @Override
    public int compareWork(int a, int b) {
      return blocks.compareWork(a, b);
    }

    @Override
    public int chainBlock(long position) {
      return chain.at(position);
    }

    @Override
    public long chainPosition(int id) {
      return chain.position(id);
    }

    @Override
    public int sink() {
      return chain.sink();
    }

    @Override
    public int headersTip() {
      return dag.headersTip();
    }

    @Override
    public int retentionRoot() {
      return Blocks.GENESIS;
    }
  }
}
