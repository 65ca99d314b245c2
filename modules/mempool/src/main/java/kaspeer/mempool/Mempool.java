package kaspeer.mempool;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.NonStandard;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import org.jspecify.annotations.Nullable;

/**
 * The pool (consensus reference 8, protocol reference 8.4), as far as it goes without UTXO state:
 * whether the outputs that a transaction spends exist is not known, nor are fees. So the first to
 * spend an output wins, a transaction whose parents are absent is taken as if they were in the DAG,
 * and age decides what goes.
 *
 * <p><b>Room.</b> A source has a share of the bytes: when it is used up, the source's own oldest
 * transactions go. When the pool is full, the oldest from any peer go. Nothing that the newcomer
 * builds on goes; with a transaction goes all that builds on it. So one source can push out no more
 * than its share. What was submitted here goes only with what it builds on, and never expires.
 *
 * <p><b>Threads.</b> The methods of the first part are for one thread at a time, the owner; those
 * of the second part may be called from any.
 */
public final class Mempool {
  /**
   * The source of what was submitted to this node. Others are best named by address, so that
   * reconnecting gains nothing.
   */
  public static final String LOCAL = "local";

  private final MempoolOptions options;
  private final TransactionPolicy policy;
  private final long expiry;
  private final Pool pool = new Pool();
  private final AcceptedIds accepted;
  private final Map<MempoolCount, LongAdder> counts = new EnumMap<>(MempoolCount.class);

  public Mempool(Params params, MempoolOptions options) {
    this.options = options;
    this.policy = new TransactionPolicy(params, options.acceptNonStandard());
    this.expiry = options.expiry().toMillis() / params.targetTimePerBlock();
    this.accepted =
        new AcceptedIds(
            options.maxAcceptedBytes(),
            options.acceptedMemory().toMillis() / params.targetTimePerBlock());
    for (MempoolCount count : MempoolCount.values()) {
      counts.put(count, new LongAdder());
    }
  }

  // --- for the owner --------------------------------------------------------------------------

  /**
   * Takes a transaction in, or says why not.
   *
   * @param source who sent it, or {@link #LOCAL}
   */
  public Admission submit(Transaction transaction, String source, VirtualTime now) {
    Admission admission = admit(transaction, source, now);
    count(
        switch (admission) {
          case Accepted ignored -> MempoolCount.ACCEPTED;
          case Known ignored -> MempoolCount.KNOWN;
          case DoubleSpend ignored -> MempoolCount.DOUBLE_SPEND;
          case Admission.Invalid ignored -> MempoolCount.INVALID;
          case NonStandard ignored -> MempoolCount.NON_STANDARD;
          case Full ignored -> MempoolCount.FULL;
        },
        1);
    return admission;
  }

  /**
   * Removes what a block holds and what it contradicts, and remembers its ids.
   *
   * @param transactions the block's, the coinbase first
   * @param daaScore the block's
   */
  public BlockEffect onBlock(List<Transaction> transactions, long daaScore) {
    List<Hash> included = new ArrayList<>();
    List<Hash> conflicting = new ArrayList<>();
    for (Transaction transaction : transactions) {
      if (transaction.isCoinbase()) {
        continue;
      }
      Entry held = pool.get(transaction.id());
      if (held != null) {
        pool.remove(held);
        included.add(transaction.id());
      }
      for (Input input : transaction.inputs()) {
        Entry rival = pool.spender(input.previous());
        if (rival != null) {
          conflicting.addAll(pool.removeAll(Pool.withDescendants(rival)));
        }
      }
      accepted.add(transaction.id(), daaScore);
    }
    count(MempoolCount.INCLUDED, included.size());
    count(MempoolCount.CONFLICTING, conflicting.size());
    return new BlockEffect(included, conflicting);
  }

  /**
   * Removes what has been here for too long, and what builds on it; returns the ids.
   *
   * @param daaScore of a block that would be made now
   */
  public List<Hash> expire(long daaScore) {
    accepted.expire(daaScore);
    Set<Entry> expired = new LinkedHashSet<>();
    for (Entry oldest : pool.shares().victims()) {
      if (daaScore - oldest.daaScore <= expiry) {
        break;
      }
      expired.addAll(Pool.withDescendants(oldest));
    }
    List<Hash> ids = pool.removeAll(expired);
    count(MempoolCount.EXPIRED, ids.size());
    return ids;
  }

  // --- for any thread -------------------------------------------------------------------------

  /** A transaction of the pool, or null. */
  public @Nullable Transaction get(Hash id) {
    Entry entry = pool.get(id);
    return entry == null ? null : entry.transaction;
  }

  /** Whether a transaction is in the pool or was lately in a block, so need not be asked for. */
  public boolean isKnown(Hash id) {
    return pool.get(id) != null || accepted.contains(id);
  }

  /** Those that are not known, in the order given. */
  public List<Hash> missingOf(List<Hash> ids) {
    return ids.stream().filter(id -> !isKnown(id)).toList();
  }

  /** The ids in the pool, in no order. */
  public List<Hash> ids() {
    return pool.ids();
  }

  public MempoolInfo info() {
    Map<MempoolCount, Long> sums = new EnumMap<>(MempoolCount.class);
    counts.forEach((count, adder) -> sums.put(count, adder.sum()));
    return new MempoolInfo(
        pool.size(), pool.bytes(), options.maxTransactions(), options.maxBytes(), sums);
  }

  // --- admission ------------------------------------------------------------------------------

  private Admission admit(Transaction transaction, String source, VirtualTime now) {
    Hash id = transaction.id();
    if (pool.get(id) != null) {
      return new Known(id, false);
    }
    if (accepted.contains(id)) {
      return new Known(id, true);
    }
    Admission refusal = policy.refusal(transaction, now);
    if (refusal != null) {
      return refusal;
    }
    Entry entry = new Entry(transaction, source, now.daaScore());
    for (Input input : transaction.inputs()) {
      Entry rival = pool.spender(input.previous());
      if (rival != null) {
        return new DoubleSpend(id, rival.id(), input.previous());
      }
      Entry parent = pool.get(input.previous().transactionId());
      if (parent != null) {
        int outputs = parent.transaction.outputs().size();
        if (Integer.compareUnsigned(input.previous().index(), outputs) >= 0) {
          return new NonStandard(
              id,
              "spends output "
                  + Integer.toUnsignedString(input.previous().index())
                  + " of "
                  + parent.id()
                  + ", which has "
                  + outputs);
        }
        entry.parents.add(parent);
      }
    }
    Set<Entry> ancestors = Pool.ancestors(entry, options.maxAncestorLinks());
    if (ancestors == null) {
      return new NonStandard(id, "builds on too many transactions that are in no block yet");
    }
    Set<Entry> victims = Eviction.plan(pool, options, entry, ancestors);
    if (victims == null) {
      return new Full(id);
    }
    List<Hash> evicted = pool.removeAll(victims);
    count(MempoolCount.EVICTED, evicted.size());
    pool.add(entry);
    return new Accepted(id, evicted);
  }

  private void count(MempoolCount what, int times) {
    LongAdder adder = counts.get(what);
    if (adder != null) {
      adder.add(times);
    }
  }
}
