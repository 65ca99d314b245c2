package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import kaspeer.consensus.Submission.Item;
import kaspeer.consensus.dag.Calculator;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * The block DAG of one network: takes headers and bodies, checks them by every rule, keeps what
 * passes, and follows the selected chain with its UTXO state.
 *
 * <p>Submissions pass a pipeline: stateless checks (proof of work, merkle roots and the like) on
 * several workers, then one committer that decides in the order of submission and stores in
 * batches. A submission's future completes when its verdicts are stored, on a thread of the
 * consensus; it fails with {@link ConsensusUnavailableException} if there is nobody to decide. In a
 * submission of several, parents come before children; it ends at the first that is not accepted or
 * known, and what came before stays. A header whose parents were submitted before it will find
 * them, whether or not their verdicts are out.
 *
 * <p>A verdict speaks of the rules without UTXO state: a block that is accepted has its body. What
 * becomes of it on the selected chain is seen in its status and told as events.
 *
 * <p>Safe for use by several threads.
 */
public final class Consensus implements DagView, AutoCloseable {
  private final DagMemory memory;
  private final PipelineMetrics metrics;
  private final StatelessChecks stateless;
  private final ExecutorService workers;
  private final Committer committer;
  private final Thread committerThread;
  private final Delivery delivery;
  private final Parts.@Nullable Utxos utxos;
  private final Calculator templates;
  private final Object gate = new Object();
  private boolean closed;
  private @Nullable Throwable broken;

  private Consensus(Parts parts, ConsensusOptions options) {
    memory = parts.memory();
    metrics = parts.metrics();
    stateless = parts.stateless();
    workers = parts.workers();
    utxos = parts.utxos();
    delivery = new Delivery(options.listener(), options.maxInFlightBytes());
    templates = memory.dag().calculator();
    committer = new Committer(parts.processor(), delivery, this::broke);
    committerThread = Delivery.threads("kaspeer-dag-committer").newThread(committer);
  }

  /**
   * Opens the DAG that a store holds; an empty store gets genesis. Where the store lacks UTXO state
   * for blocks it has, that is made first, which may take long. The store stays the caller's, to be
   * closed after this.
   *
   * @throws ForeignStoreException if the store holds the DAG of another network
   * @throws IllegalArgumentException if what it holds is damaged
   */
  public static Consensus open(
      Params params, DagStore store, BodyValidator bodies, ConsensusOptions options) {
    Consensus consensus = new Consensus(Parts.open(params, store, bodies, options), options);
    consensus.committerThread.start();
    return consensus;
  }

  // --- submitting -----------------------------------------------------------------------------

  /** Hands in a header. */
  public CompletableFuture<Verdict> submitHeader(Header header) {
    return submit(List.of(new Item(header.hash(), header, null))).thenApply(List::getFirst);
  }

  /**
   * Hands in headers, parents before children; answers a verdict for each up to the first that is
   * not here then.
   */
  public CompletableFuture<List<Verdict>> submitHeaders(List<Header> headers) {
    List<Item> items = new ArrayList<>(headers.size());
    for (Header header : headers) {
      items.add(new Item(header.hash(), header, null));
    }
    return submit(items);
  }

  /** Hands in a block. If its parents have no bodies, its header is kept all the same. */
  public CompletableFuture<Verdict> submitBlock(Block block) {
    return submitBlock(block, null);
  }

  /**
   * Hands in a block, of which others are to hear as soon as may be.
   *
   * @param onStored runs when the block is accepted and stored, but the virtual block is not yet
   *     found anew, so before the verdict is out; on the committer's thread, which it must not hold
   *     up
   */
  public CompletableFuture<Verdict> submitBlock(Block block, @Nullable Runnable onStored) {
    return submit(
            new Submission(
                List.of(new Item(block.hash(), block.header(), block.transactions())), onStored))
        .thenApply(List::getFirst);
  }

  /** Hands in the body of a known header; if it is not known, that is the missing parent. */
  public CompletableFuture<Verdict> submitBody(Hash hash, List<Transaction> transactions) {
    return submitBodies(List.of(new BlockBody(hash, transactions))).thenApply(List::getFirst);
  }

  /**
   * Hands in bodies, parents before children; answers a verdict for each up to the first that is
   * not here then.
   */
  public CompletableFuture<List<Verdict>> submitBodies(List<BlockBody> bodies) {
    List<Item> items = new ArrayList<>(bodies.size());
    for (BlockBody body : bodies) {
      items.add(new Item(body.hash(), null, body.transactions()));
    }
    return submit(items);
  }

  private CompletableFuture<List<Verdict>> submit(List<Item> items) {
    return items.isEmpty()
        ? CompletableFuture.completedFuture(List.of())
        : submit(new Submission(items, null));
  }

  private CompletableFuture<List<Verdict>> submit(Submission submission) {
    synchronized (gate) {
      if (closed || broken != null) {
        return CompletableFuture.failedFuture(unavailable());
      }
      if (!delivery.reserve(submission)) {
        return CompletableFuture.completedFuture(
            List.of(new Verdict.Busy(submission.items.getFirst().hash)));
      }
      for (Submission.Chunk chunk : submission.chunks) {
        workers.execute(() -> check(submission, chunk));
      }
      committer.add(submission);
    }
    return submission.result;
  }

  private void check(Submission submission, Submission.Chunk chunk) {
    try {
      stateless.check(submission, chunk);
      chunk.ready().complete(null);
    } catch (RuntimeException | Error failure) {
      chunk.ready().completeExceptionally(failure);
    }
  }

  private ConsensusUnavailableException unavailable() {
    return broken == null
        ? new ConsensusUnavailableException("the consensus is closed", null)
        : new ConsensusUnavailableException("the consensus broke", broken);
  }

  /** The committer ends: whoever waits for it is told. */
  private void broke(Throwable cause) {
    List<Submission> abandoned;
    synchronized (gate) {
      broken = cause;
      abandoned = committer.takeAbandoned();
    }
    abandoned.forEach(submission -> delivery.failed(submission, cause));
    for (Committer.Task task : committer.abandonedTasks()) {
      task.result()
          .completeExceptionally(new ConsensusUnavailableException("the consensus broke", cause));
    }
    delivery.broken(cause);
  }

  // --- reading --------------------------------------------------------------------------------

  @Override
  public DagState state() {
    return memory.state();
  }

  @Override
  public BlockStatus status(Hash hash) {
    return memory.status(hash);
  }

  @Override
  public @Nullable Header header(Hash hash) {
    return memory.header(hash);
  }

  @Override
  public @Nullable List<Transaction> body(Hash hash) {
    return memory.body(hash);
  }

  @Override
  public <T> T read(Function<DagReader, T> query) {
    return memory.read(query);
  }

  /** Counts, times and sizes. */
  public ConsensusMetrics metrics() {
    long memoryBytes = memory.read(reader -> memory.dag().bytes());
    return metrics.snapshot(delivery.bytes(), memoryBytes);
  }

  /**
   * What the header of a block with these parents has to state. Says nothing of whether such a
   * block may be: a mergeset beyond its limit is for the rules to find.
   *
   * @param parents in the header's order, the selected parent first if the block is to be on the
   *     selected chain
   * @throws IllegalArgumentException if there is none, one is unknown, one is in another's past, or
   *     the mergeset is many times too large
   */
  public HeaderTemplate template(List<Hash> parents) {
    synchronized (templates) {
      return memory.read(reader -> new HeaderTemplates(memory.dag(), templates).build(parents));
    }
  }

  // --- UTXO state -----------------------------------------------------------------------------
  // Without UTXO validation there is none, and these throw UnsupportedOperationException.

  /**
   * Whether the block after the virtual parents could accept a transaction that passed the rules
   * without UTXO state (consensus reference 6.6). Checks scripts on the calling thread; each
   * signature is checked once.
   *
   * @param unconfirmed asked for outputs that the virtual block does not see
   */
  public TransactionVerdict check(
      Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed) {
    return utxos().queries().check(transaction, unconfirmed);
  }

  /** What the virtual block sees of some outputs at one moment. */
  public VirtualReading read(List<Outpoint> outpoints) {
    return utxos().queries().read(outpoints);
  }

  /**
   * Checks as {@link #check(Transaction, Function)} does all but the scripts, for outputs that are
   * read already. The scripts are for the caller to run.
   *
   * @param spent for each input what it spends, null where that is missing: of the reading, or
   *     unconfirmed
   */
  public TransactionCheck check(
      Transaction transaction, List<@Nullable UtxoEntry> spent, VirtualReading reading) {
    return utxos().queries().check(transaction, spent, reading);
  }

  @Override
  public @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return utxos().queries().utxo(outpoint);
  }

  @Override
  public @Nullable BlockAcceptance acceptance(Hash chainBlock) {
    return utxos().queries().acceptance(chainBlock);
  }

  /**
   * A block on the virtual parents.
   *
   * @param miner where its rewards go
   * @param extraData anything, follows in the coinbase's payload
   * @param transactions in the order of preference; those that are not valid any more, conflict
   *     with one before, or do not fit, are left out
   * @throws IllegalArgumentException if script or extra data are too long
   */
  public BlockTemplate blockTemplate(
      ScriptPublicKey miner, byte[] extraData, List<Transaction> transactions) {
    BlockTemplates maker = utxos().templates();
    maker.requireFits(miner, extraData);
    BlockTemplates.Order order = new BlockTemplates.Order(miner, extraData, transactions);
    BlockTemplates.Draft draft =
        utxos().state().read(snapshot -> BlockTemplates.Draft.of(order, snapshot));
    return maker.make(template(draft.parents()), draft);
  }

  /**
   * A block on any parents that have bodies and a selected parent that qualifies, for tests and
   * tools: it holds up the committer. Completes exceptionally with {@link IllegalArgumentException}
   * if there can be none.
   */
  public CompletableFuture<BlockTemplate> blockTemplate(
      List<Hash> parents, ScriptPublicKey miner, byte[] extraData, List<Transaction> transactions) {
    utxos().templates().requireFits(miner, extraData);
    BlockTemplates.Order order = new BlockTemplates.Order(miner, extraData, transactions);
    return task(() -> utxos().tools().template(parents, order));
  }

  /**
   * Checks whether blocks qualify for the selected chain, even if they are beside it, for tests and
   * tools: it holds up the committer. Answers their statuses then; completes exceptionally with
   * {@link IllegalArgumentException} if one has no body here.
   */
  public CompletableFuture<List<BlockStatus>> qualify(List<Hash> hashes) {
    return task(() -> utxos().tools().qualify(hashes));
  }

  private <T> CompletableFuture<T> task(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    synchronized (gate) {
      if (closed || broken != null) {
        return CompletableFuture.failedFuture(unavailable());
      }
      committer.add(new Committer.Task(() -> result.complete(action.get()), result));
    }
    return result;
  }

  private Parts.Utxos utxos() {
    if (utxos == null) {
      throw new UnsupportedOperationException("this consensus runs without UTXO validation");
    }
    return utxos;
  }

  // --- ending ---------------------------------------------------------------------------------

  /** Decides about all that was handed in, tells it, and ends. The store stays open. */
  @Override
  public void close() {
    synchronized (gate) {
      if (!closed) {
        closed = true;
        committer.stop();
      }
    }
    boolean interrupted = joinUninterruptibly();
    workers.close();
    delivery.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean joinUninterruptibly() {
    boolean interrupted = false;
    while (true) {
      try {
        committerThread.join();
        return interrupted;
      } catch (InterruptedException e) {
        // What was accepted has to be stored first; the caller is told when that is done.
        interrupted = true;
      }
    }
  }
}
