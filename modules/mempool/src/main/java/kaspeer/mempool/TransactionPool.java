package kaspeer.mempool;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The pool of transactions that wait for a block (consensus reference 8, protocol reference 8.4).
 *
 * <p><b>What is in it.</b> Every transaction passed virtual's check, with the others in the pool as
 * if they were accepted; no two spend the same output. Transactions whose parents are unknown wait
 * apart, as orphans, and are tried again when the parents come.
 *
 * <p><b>Room.</b> Bounded in bytes of heap and in number. When it is full, those of the lowest fee
 * rate go, with all that builds on them, for one that pays no less. Orphans, of which nothing is
 * proven, have a room of their own that is shared out by source.
 *
 * <p><b>Owner.</b> One thread at a time, the owner's, may call anything but {@link #info}. Given
 * the same calls, the same virtual states and the same source of random numbers, a pool does the
 * same.
 */
public final class TransactionPool {
  private final Params params;
  private final MempoolOptions options;
  private final RandomGenerator random;
  private final long expiry;
  final Pool pool;
  final Orphans orphans;
  private final AcceptedIds accepted;
  private final Counters counters = new Counters();
  private final Admitter admitter;
  private final Settlement settlement;
  private volatile Sizes sizes = new Sizes(0, 0, 0, 0, 0, 0, 0);

  private record Sizes(
      int transactions,
      long bytes,
      int ready,
      int high,
      int orphans,
      long orphanBytes,
      int accepted) {}

  public TransactionPool(Params params, MempoolOptions options) {
    this(params, options, new SplittableRandom());
  }

  /**
   * @param random draws block templates, and must not be foreseeable by those who send transactions
   */
  public TransactionPool(Params params, MempoolOptions options, RandomGenerator random) {
    this.params = params;
    this.options = options;
    this.random = random;
    long block = params.targetTimePerBlock();
    this.expiry = options.expiry().toMillis() / block;
    this.pool = new Pool(random);
    this.orphans =
        new Orphans(options.orphans(), options.orphans().expiry().toMillis() / block, expiry);
    this.accepted =
        new AcceptedIds(options.maxAcceptedBytes(), options.acceptedMemory().toMillis() / block);
    this.admitter = new Admitter(params, options, pool, orphans, accepted, counters);
    this.settlement = new Settlement(pool, orphans, accepted, admitter, counters);
  }

  // --- transactions come ----------------------------------------------------------------------

  /** Takes a transaction in, or says why not; checks it on this thread. */
  public Admission submit(Transaction transaction, Submission how, VirtualState virtual) {
    return run(submitAll(List.of(transaction), how, virtual), virtual).getFirst();
  }

  /**
   * Takes transactions in, in whatever order they build on each other. Of it comes what became of
   * each, in the order given.
   */
  public Work<List<Admission>> submitAll(
      List<Transaction> transactions, Submission how, VirtualState virtual) {
    return submitAll(transactions, _ -> how, virtual);
  }

  /** Likewise, of several ways to come. */
  public Work<List<Admission>> submitAll(
      List<Transaction> transactions, Function<Transaction, Submission> how, VirtualState virtual) {
    return published(admitter.submit(transactions, how, virtual));
  }

  /** Does work on this thread, checks included. */
  public <T> T run(Work<T> work, VirtualState virtual) {
    for (List<Candidate> next = work.next(); !next.isEmpty(); next = work.next()) {
      work.checked(virtual.checkAll(next));
    }
    return work.result();
  }

  // --- the DAG grows --------------------------------------------------------------------------

  /**
   * Removes what virtual has accepted through a block, and what it therefore cannot accept any
   * more; to be called once virtual has seen the block, and not while transactions return. The work
   * that is left is to take in orphans that waited for any of the block.
   *
   * @param transactions the block's
   * @param daaScore the block's
   */
  public Work<BlockEffect> block(
      List<Transaction> transactions, long daaScore, VirtualState virtual) {
    return published(settlement.block(transactions, daaScore, virtual));
  }

  /**
   * Follows another selected chain: removes what it accepted, and what spends the same. The work
   * that is left is to take in orphans that waited for any of that.
   *
   * @param acceptedIds transactions that blocks now on the chain accepted
   * @param returns whether blocks left the chain that had accepted others, which {@link #returned}
   *     will tell; until all are told, what spends their outputs is left alone
   */
  public Work<BlockEffect> chain(List<Hash> acceptedIds, boolean returns, VirtualState virtual) {
    return published(settlement.chain(acceptedIds, returns, virtual));
  }

  /**
   * Takes back what was accepted and is not any more, if virtual can still accept it.
   *
   * @param transactions that blocks accepted which are on the chain no more, except those that
   *     blocks now on it accepted too; in any order, but none builds on one that is told later
   * @param last whether that is all; then what builds on those that did not come back goes
   */
  public Work<BlockEffect> returned(
      List<Transaction> transactions, boolean last, VirtualState virtual) {
    return published(settlement.returned(transactions, last, virtual));
  }

  /** Whether {@link #returned} is to tell more. */
  public boolean isReturning() {
    return settlement.isReturning();
  }

  /**
   * Removes those of these that virtual has accepted, or cannot accept any more, as where blocks
   * were not told of; returns all that left. Does nothing while transactions return.
   */
  public List<Hash> sweep(List<Hash> ids, VirtualState virtual) {
    List<Hash> gone = settlement.sweep(ids, virtual);
    publish();
    return gone;
  }

  // --- blocks are made ------------------------------------------------------------------------

  /** Draws transactions for a block: {@link #select(TemplateLimits, Set)} without exception. */
  public Selection select(TemplateLimits limits) {
    return select(limits, Set.of());
  }

  /**
   * Draws transactions for a block, those of high fee rate more likely. The pool keeps them.
   *
   * @param without ids that are not to be drawn
   */
  public Selection select(TemplateLimits limits, Set<Hash> without) {
    return TemplateSelector.select(pool.frontier(), limits, random, without);
  }

  /**
   * Tells that selected transactions were found not valid for a block; those that virtual does not
   * accept leave the pool, with what builds on them. Of it comes all that left. Does nothing while
   * transactions return.
   */
  public Work<List<Hash>> rejected(List<Hash> ids, VirtualState virtual) {
    return published(new Rejecting(ids, pool, settlement, counters, virtual));
  }

  /** What fee rate gets a transaction into a block how soon. */
  public FeeEstimate estimateFees() {
    return FeeEstimator.of(pool.frontier(), params).estimate(options.minimumRelayFee() / 1000.0);
  }

  // --- time passes ----------------------------------------------------------------------------

  /**
   * Removes what has been here for too long, and what builds on it; returns the ids, without those
   * of orphans.
   *
   * @param daaScore virtual's
   */
  public List<Hash> expire(long daaScore) {
    accepted.expire(daaScore);
    counters.count(MempoolCount.ORPHANS_EXPIRED, orphans.expire(daaScore).size());
    Set<Entry> expired = new LinkedHashSet<>();
    for (Entry oldest : pool.low()) {
      if (daaScore - oldest.daaScore <= expiry) {
        break;
      }
      if (!expired.contains(oldest)) {
        expired.addAll(Pool.withDescendants(oldest));
      }
    }
    List<Hash> ids = pool.removeAll(expired);
    counters.count(MempoolCount.EXPIRED, ids.size());
    publish();
    return ids;
  }

  /**
   * Looks whether transactions of high priority can still be accepted, those first that were not
   * looked at for longest; removes those that cannot.
   *
   * @param count how many to look at
   * @return those that can, of which peers should be told again
   */
  public List<Hash> revalidate(int count, VirtualState virtual) {
    List<Hash> good = settlement.revalidate(count, virtual);
    publish();
    return good;
  }

  // --- what is here ---------------------------------------------------------------------------

  /** A transaction of the pool, or null; not an orphan. */
  public @Nullable Transaction get(Hash id) {
    Entry entry = pool.get(id);
    return entry == null ? null : entry.transaction;
  }

  /** A transaction of the pool with what is known of it, or null; not an orphan. */
  public @Nullable PooledTransaction describe(Hash id) {
    Entry entry = pool.get(id);
    return entry == null ? null : PooledTransaction.of(entry);
  }

  /** A transaction that waits for others, or null. */
  public @Nullable Transaction orphan(Hash id) {
    return orphans.get(id);
  }

  /** Whether a transaction waits for others. */
  public boolean isOrphan(Hash id) {
    return orphans.contains(id);
  }

  /** Whether a transaction is here, or was lately in a block, so need not be asked for. */
  public boolean isKnown(Hash id) {
    return pool.get(id) != null || accepted.contains(id) || orphans.contains(id);
  }

  /** Those that are not known, in the order given. */
  public List<Hash> missingOf(List<Hash> ids) {
    return ids.stream().filter(id -> !isKnown(id)).toList();
  }

  /** The ids in the pool, in no order; without orphans. */
  public List<Hash> ids() {
    return List.copyOf(pool.ids());
  }

  /** Estimated bytes of heap that a transaction takes while it is in a pool. */
  public static long estimatedBytes(Transaction transaction) {
    return Entry.estimatedBytes(transaction, 0);
  }

  /** Whether nothing is here, orphans neither. May be asked from any thread. */
  public boolean isEmpty() {
    Sizes now = sizes;
    return now.transactions == 0 && now.orphans == 0;
  }

  /** Sizes and counts. May be called from any thread. */
  public MempoolInfo info() {
    Sizes now = sizes;
    return new MempoolInfo(
        now.transactions,
        now.bytes,
        options.maxTransactions(),
        options.maxBytes(),
        now.ready,
        now.high,
        now.orphans,
        now.orphanBytes,
        options.orphans().maxOrphans(),
        options.orphans().maxBytes(),
        now.accepted,
        counters.all());
  }

  /** Work that changes the pool: its sizes are told from step to step. */
  private <T> Work<T> published(Work<T> work) {
    publish();
    return new Work<>() {
      @Override
      public List<Candidate> next() {
        List<Candidate> next = work.next();
        publish();
        return next;
      }

      @Override
      public void checked(List<Check> checks) {
        work.checked(checks);
        publish();
      }

      @Override
      public T result() {
        T result = work.result();
        publish();
        return result;
      }
    };
  }

  private void publish() {
    sizes =
        new Sizes(
            pool.size(),
            pool.bytes(),
            pool.frontier().size(),
            pool.high().size(),
            orphans.size(),
            orphans.bytes(),
            accepted.size());
  }
}
