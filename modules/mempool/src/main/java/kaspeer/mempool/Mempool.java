package kaspeer.mempool;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
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
public final class Mempool {
  private final Params params;
  private final MempoolOptions options;
  private final RandomGenerator random;
  private final long expiry;
  private final Pool pool;
  private final Orphans orphans;
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

  public Mempool(Params params, MempoolOptions options) {
    this(params, options, new SplittableRandom());
  }

  /**
   * @param random draws block templates, and must not be foreseeable by those who send transactions
   */
  public Mempool(Params params, MempoolOptions options, RandomGenerator random) {
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

  /** Takes a transaction in, or says why not. */
  public Admission submit(Transaction transaction, Submission how, VirtualState virtual) {
    return submitAll(List.of(transaction), how, virtual).getFirst();
  }

  /**
   * Takes transactions in, in whatever order they build on each other. Those that do not are
   * checked together: {@link VirtualState#checkAll}.
   *
   * @return what became of each, in the order given
   */
  public List<Admission> submitAll(
      List<Transaction> transactions, Submission how, VirtualState virtual) {
    List<Admission> admissions = admitter.submit(transactions, transaction -> how, virtual);
    publish();
    return admissions;
  }

  // --- the DAG grows --------------------------------------------------------------------------

  /**
   * Removes what virtual has accepted through a block, and what it therefore cannot accept any
   * more; to be called once virtual has seen the block.
   *
   * @param transactions the block's
   * @param daaScore the block's
   */
  public BlockEffect onBlock(List<Transaction> transactions, long daaScore, VirtualState virtual) {
    BlockEffect effect = settlement.block(transactions, daaScore, virtual);
    publish();
    return effect;
  }

  /**
   * Follows another selected chain: takes back what was accepted and is not any more, if virtual
   * can still accept it.
   *
   * @param returned transactions that blocks accepted which are on the chain no more, except those
   *     that blocks now on it accepted too; in any order
   * @param acceptedIds transactions that blocks now on the chain accepted
   */
  public BlockEffect onChainChanged(
      List<Transaction> returned, List<Hash> acceptedIds, VirtualState virtual) {
    BlockEffect effect = settlement.chain(returned, acceptedIds, virtual);
    publish();
    return effect;
  }

  // --- blocks are made ------------------------------------------------------------------------

  /** Draws transactions for a block, those of high fee rate more likely. The pool keeps them. */
  public Selection select(TemplateLimits limits) {
    return TemplateSelector.select(pool.frontier(), limits, random);
  }

  /**
   * Tells that selected transactions could not go into a block; those that virtual does not accept
   * leave the pool, with what builds on them.
   *
   * @return all that left
   */
  public List<Hash> onRejected(List<Hash> ids, VirtualState virtual) {
    List<Hash> gone = settlement.rejected(ids, virtual);
    publish();
    return gone;
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
