package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pool in step with the DAG.
 *
 * <p>That a block holds a transaction says nothing yet: scripts are looked at only when a chain
 * block accepts it, and the id leaves signatures out, so anyone who mines could put a worthless
 * copy of any transaction into a block, or a worthless rival. What counts is virtual's UTXO set:
 * when an output that a transaction spends is gone from it, then the transaction was accepted, or
 * another that spends the same; in either case no block on virtual can hold it. What builds on it
 * stays if its outputs are there.
 *
 * <p>After a reorganisation outputs are gone of which the makers are to come back. Until they have,
 * what spends them is left alone.
 */
final class Settlement {
  /** For what blocks hold that is not accepted yet. */
  private static final long MAX_UNMERGED_BYTES = 4 << 20;

  private final Pool pool;
  private final Orphans orphans;
  private final AcceptedIds accepted;
  private final Admitter admitter;
  private final Counters counters;
  private final Unmerged unmerged = new Unmerged(MAX_UNMERGED_BYTES);
  private final Returning returning;

  Settlement(
      Pool pool, Orphans orphans, AcceptedIds accepted, Admitter admitter, Counters counters) {
    this.pool = pool;
    this.orphans = orphans;
    this.accepted = accepted;
    this.admitter = admitter;
    this.counters = counters;
    this.returning = new Returning(pool, accepted, unmerged, counters);
  }

  /** What left the pool. */
  final class Leavers {
    private final List<Hash> included = new ArrayList<>(0);
    private final List<Hash> conflicting = new ArrayList<>(0);

    /** One whose outputs are there was accepted, though its block may not have been told of yet. */
    private void add(Entry entry, VirtualState virtual) {
      Hash id = entry.id();
      if (accepted.contains(id) || virtual.utxo(firstOutput(id)) != null) {
        accepted.add(id, virtual.daaScore(), entry.high);
        included.add(id);
      } else {
        conflicting.add(id);
      }
    }

    private BlockEffect effect(List<Admission> returned, List<Admission> redeemed) {
      counters.count(MempoolCount.INCLUDED, included.size());
      counters.count(MempoolCount.CONFLICTING, conflicting.size());
      return new BlockEffect(included, conflicting, returned, redeemed);
    }

    List<Hash> all() {
      List<Hash> all = new ArrayList<>(included);
      all.addAll(conflicting);
      return all;
    }
  }

  /** Whether transactions are still to come back after a reorganisation. */
  boolean isReturning() {
    return returning.isPending();
  }

  /** How often the chain moved. */
  long moves() {
    return pool.moves;
  }

  Work<BlockEffect> block(List<Transaction> transactions, long daaScore, VirtualState virtual) {
    pool.moves++;
    Leavers leavers = new Leavers();
    List<Orphan> ready = new ArrayList<>(0);
    // This is looked at first: what the chain takes back in between will be told.
    List<Outpoint> made = transactions.stream().map(tx -> firstOutput(tx.id())).toList();
    Set<Outpoint> unmade = absent(made, virtual);
    Set<Outpoint> gone = gone(transactions, virtual);
    for (Transaction transaction : transactions) {
      if (transaction.isCoinbase()) {
        continue;
      }
      Hash id = transaction.id();
      // What it spends may be gone though it is not accepted: a rival was, or what makes it lies on
      // another branch. The chain may yet accept it, and tell its id alone.
      if (unmade.contains(firstOutput(id))) {
        unmerged.add(transaction);
      }
      if (spendsAny(transaction, gone)) {
        Entry entry = pool.get(id);
        accepted.add(id, daaScore, entry != null && entry.high);
        orphans.remove(id);
        if (entry != null) {
          settle(entry, virtual, leavers);
        }
      }
      for (Input input : transaction.inputs()) {
        Entry rival = gone.contains(input.previous()) ? pool.spender(input.previous()) : null;
        if (rival != null) {
          settle(rival, virtual, leavers);
        }
      }
      ready.addAll(orphans.arrived(transaction));
    }
    return redeeming(leavers, ready, virtual);
  }

  private Work<BlockEffect> redeeming(Leavers leavers, List<Orphan> ready, VirtualState virtual) {
    return new Then<>(
        admitter.redeem(ready, virtual), redeemed -> leavers.effect(List.of(), redeemed));
  }

  /**
   * Settles what the chain accepted, and what spends the same.
   *
   * @param returns whether others are not accepted any more, which {@link #returned} will tell
   */
  Work<BlockEffect> chain(List<Hash> acceptedIds, boolean returns, VirtualState virtual) {
    pool.moves++;
    if (returns) {
      returning.begin();
    }
    Leavers leavers = new Leavers();
    for (Hash id : acceptedIds) {
      Entry entry = pool.get(id);
      accepted.add(id, virtual.daaScore(), entry != null && entry.high);
      orphans.remove(id);
      List<Outpoint> spent = unmerged.take(id);
      if (entry != null && isSpent(entry.transaction, virtual)) {
        settle(entry, virtual, leavers);
      }
      for (Outpoint outpoint : spent == null ? List.<Outpoint>of() : spent) {
        Entry rival = pool.spender(outpoint);
        if (rival != null && !rival.id().equals(id) && virtual.utxo(outpoint) == null) {
          settle(rival, virtual, leavers);
        }
      }
    }
    return redeeming(leavers, orphans.waitingFor(new HashSet<>(acceptedIds)), virtual);
  }

  /**
   * Takes back what was accepted and is not any more.
   *
   * @param last whether that is all
   */
  Work<BlockEffect> returned(List<Transaction> transactions, boolean last, VirtualState virtual) {
    // A coinbase is gone with its block, but something may build on it.
    List<Transaction> back = transactions.stream().filter(tx -> !tx.isCoinbase()).toList();
    returning.came(transactions);
    return new Then<>(
        returning.readmit(back, admitter, virtual),
        admissions -> {
          Leavers leavers = new Leavers();
          if (last) {
            returning.end().forEach(transaction -> abandon(transaction, virtual, leavers));
          }
          return leavers.effect(admissions, List.of());
        });
  }

  /** Unless it came back, removes what builds on outputs that are not in virtual's UTXO set. */
  private void abandon(Transaction transaction, VirtualState virtual, Leavers leavers) {
    if (pool.get(transaction.id()) != null) {
      return;
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      Outpoint outpoint = new Outpoint(transaction.id(), i);
      Entry spender = pool.spender(outpoint);
      if (spender != null && virtual.utxo(outpoint) == null) {
        settle(spender, virtual, leavers);
      }
    }
  }

  /** Removes those of which an output that they spend is gone, with what cannot do without. */
  Leavers settleSpent(List<Entry> entries, VirtualState virtual) {
    Leavers leavers = new Leavers();
    if (isReturning()) {
      return leavers;
    }
    Set<Outpoint> gone = gone(entries.stream().map(entry -> entry.transaction).toList(), virtual);
    for (Entry entry : entries) {
      if (spendsAny(entry.transaction, gone)) {
        settle(entry, virtual, leavers);
      }
    }
    leavers.effect(List.of(), List.of());
    return leavers;
  }

  /** Removes those of these that were accepted, or cannot be any more; returns what went. */
  List<Hash> sweep(List<Hash> ids, VirtualState virtual) {
    List<Entry> entries = new ArrayList<>(ids.size());
    for (Hash id : ids) {
      Entry entry = pool.get(id);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return settleSpent(entries, virtual).all();
  }

  /**
   * Looks whether all that the next ones of high priority spend is still there, and removes those
   * of which it is not; returns the others.
   */
  List<Hash> revalidate(int count, VirtualState virtual) {
    List<Entry> next = new ArrayList<>();
    for (Iterator<Entry> all = pool.high().iterator(); all.hasNext() && next.size() < count; ) {
      next.add(all.next());
    }
    settleSpent(next, virtual);
    List<Hash> good = new ArrayList<>(next.size());
    for (Entry entry : next) {
      if (pool.get(entry.id()) == entry) {
        pool.high().addLast(entry);
        good.add(entry.id());
      }
    }
    return good;
  }

  /** Of what transactions spend, that which is neither in the pool nor in virtual's UTXO set. */
  private Set<Outpoint> gone(List<Transaction> transactions, VirtualState virtual) {
    List<Outpoint> outpoints = new ArrayList<>();
    for (Transaction transaction : transactions) {
      for (Input input : transaction.inputs()) {
        if (pool.get(input.previous().transactionId()) == null) {
          outpoints.add(input.previous());
        }
      }
    }
    return absent(outpoints, virtual);
  }

  private static Set<Outpoint> absent(List<Outpoint> outpoints, VirtualState virtual) {
    List<@Nullable UtxoEntry> entries = virtual.utxos(outpoints);
    Set<Outpoint> absent = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i) == null) {
        absent.add(outpoints.get(i));
      }
    }
    return absent;
  }

  private static Outpoint firstOutput(Hash id) {
    return new Outpoint(id, 0);
  }

  private static boolean spendsAny(Transaction transaction, Set<Outpoint> gone) {
    for (Input input : transaction.inputs()) {
      if (gone.contains(input.previous())) {
        return true;
      }
    }
    return false;
  }

  private boolean isSpent(Transaction transaction, VirtualState virtual) {
    return !gone(List.of(transaction), virtual).isEmpty();
  }

  /**
   * Removes one that no block on virtual can hold, and of what builds on it what spends an output
   * that is not there.
   */
  private void settle(Entry first, VirtualState virtual, Leavers leavers) {
    ArrayDeque<Entry> queue = new ArrayDeque<>();
    queue.add(first);
    for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
      if (pool.get(entry.id()) != entry) {
        continue;
      }
      List<Entry> children = List.copyOf(entry.children());
      pool.remove(entry);
      leavers.add(entry, virtual);
      for (Entry child : children) {
        if (lacks(child, entry.id(), virtual)) {
          queue.add(child);
        }
      }
    }
  }

  /** Whether an output of this transaction, which is in the pool no more, is not in virtual. */
  private static boolean lacks(Entry child, Hash parent, VirtualState virtual) {
    for (Input input : child.transaction.inputs()) {
      if (input.previous().transactionId().equals(parent)
          && virtual.utxo(input.previous()) == null) {
        return true;
      }
    }
    return false;
  }
}
