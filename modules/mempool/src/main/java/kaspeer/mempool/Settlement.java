package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/**
 * Keeps the pool in step with the DAG.
 *
 * <p>That a block holds a transaction says nothing yet: scripts are looked at only when a chain
 * block accepts it, and the id leaves signatures out, so anyone who mines could put a worthless
 * copy of any transaction into a block, or a worthless rival. What counts is virtual's UTXO set:
 * when an output that a transaction spends is gone from it, then the transaction was accepted, or
 * another that spends the same; in either case no block on virtual can hold it. What builds on it
 * stays if its outputs are there.
 */
final class Settlement {
  /** So often a template may refuse what our own check passes. */
  private static final int MAX_REJECTIONS = 3;

  private final Pool pool;
  private final Orphans orphans;
  private final AcceptedIds accepted;
  private final Admitter admitter;
  private final Counters counters;

  Settlement(
      Pool pool, Orphans orphans, AcceptedIds accepted, Admitter admitter, Counters counters) {
    this.pool = pool;
    this.orphans = orphans;
    this.accepted = accepted;
    this.admitter = admitter;
    this.counters = counters;
  }

  /** What left the pool. */
  private final class Leavers {
    private final List<Hash> included = new ArrayList<>(0);
    private final List<Hash> conflicting = new ArrayList<>(0);

    /** One whose outputs are there was accepted, though its block may not have been told of yet. */
    private void add(Entry entry, VirtualState virtual) {
      Hash id = entry.id();
      if (accepted.contains(id) || virtual.utxo(new Outpoint(id, 0)) != null) {
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
  }

  BlockEffect block(List<Transaction> transactions, long daaScore, VirtualState virtual) {
    Leavers leavers = new Leavers();
    List<Orphan> ready = new ArrayList<>(0);
    for (Transaction transaction : transactions) {
      if (transaction.isCoinbase()) {
        continue;
      }
      Hash id = transaction.id();
      if (isSpent(transaction, virtual)) {
        Entry entry = pool.get(id);
        accepted.add(id, daaScore, entry != null && entry.high);
        orphans.remove(id);
        if (entry != null) {
          settle(entry, virtual, leavers);
        }
      }
      for (Input input : transaction.inputs()) {
        Entry rival = pool.spender(input.previous());
        if (rival != null && isSpent(rival.transaction, virtual)) {
          settle(rival, virtual, leavers);
        }
      }
      ready.addAll(orphans.arrived(transaction));
    }
    return leavers.effect(List.of(), admitter.redeem(ready, virtual));
  }

  BlockEffect chain(List<Transaction> returned, List<Hash> acceptedIds, VirtualState virtual) {
    Leavers leavers = new Leavers();
    for (Hash id : acceptedIds) {
      Entry entry = pool.get(id);
      accepted.add(id, virtual.daaScore(), entry != null && entry.high);
      orphans.remove(id);
      if (entry != null && isSpent(entry.transaction, virtual)) {
        settle(entry, virtual, leavers);
      }
    }
    // A coinbase is gone with its block, but something may build on it.
    List<Admission> admissions =
        readmit(returned.stream().filter(tx -> !tx.isCoinbase()).toList(), virtual);
    returned.forEach(transaction -> abandon(transaction, virtual, leavers));
    List<Orphan> ready = orphans.waitingFor(new HashSet<>(acceptedIds));
    return leavers.effect(admissions, admitter.redeem(ready, virtual));
  }

  /** Submits what was accepted once; what is not taken counts as accepted still. */
  private List<Admission> readmit(List<Transaction> returned, VirtualState virtual) {
    if (returned.isEmpty()) {
      return List.of();
    }
    Set<Hash> high = new LinkedHashSet<>();
    Set<Hash> known = new LinkedHashSet<>();
    for (Transaction transaction : returned) {
      Hash id = transaction.id();
      if (accepted.isHigh(id)) {
        high.add(id);
      }
      if (accepted.contains(id)) {
        known.add(id);
        accepted.remove(id);
      }
    }
    List<Admission> admissions =
        admitter.submit(
            returned, transaction -> Submission.returned(high.contains(transaction.id())), virtual);
    for (Admission admission : admissions) {
      if (admission instanceof Accepted) {
        counters.count(MempoolCount.RETURNED, 1);
      } else if (known.contains(admission.id())) {
        accepted.add(admission.id(), virtual.daaScore(), high.contains(admission.id()));
      }
    }
    return admissions;
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

  /** Removes those that virtual refuses for good; returns the ids of all that went. */
  List<Hash> rejected(List<Hash> ids, VirtualState virtual) {
    List<Entry> open = new ArrayList<>(ids.size());
    Leavers leavers = new Leavers();
    for (Hash id : ids) {
      Entry entry = pool.get(id);
      if (entry != null && isSpent(entry.transaction, virtual)) {
        settle(entry, virtual, leavers);
      } else if (entry != null) {
        open.add(entry);
      }
    }
    List<Check> checks = virtual.checkAll(open.stream().map(this::candidate).toList());
    List<Hash> gone = new ArrayList<>(leavers.included);
    gone.addAll(leavers.conflicting);
    for (int i = 0; i < open.size(); i++) {
      Entry entry = open.get(i);
      boolean stays = checks.get(i) instanceof Check.Passed && ++entry.rejections < MAX_REJECTIONS;
      if (!stays && pool.get(entry.id()) == entry) {
        gone.addAll(pool.removeAll(Pool.withDescendants(entry)));
      }
    }
    counters.count(MempoolCount.REJECTED, gone.size());
    return gone;
  }

  private Candidate candidate(Entry entry) {
    OutpointMap<UtxoEntry> unconfirmed = new OutpointMap<>(0);
    for (Input input : entry.transaction.inputs()) {
      Entry parent = pool.get(input.previous().transactionId());
      UtxoEntry output = parent == null ? null : Pool.output(parent, input.previous());
      if (output != null) {
        unconfirmed.putIfAbsent(input.previous(), output);
      }
    }
    return new Candidate(entry.transaction, unconfirmed::get);
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
    Leavers leavers = new Leavers();
    List<Hash> good = new ArrayList<>(next.size());
    for (Entry entry : next) {
      if (pool.get(entry.id()) != entry) {
        continue;
      }
      if (isSpent(entry.transaction, virtual)) {
        settle(entry, virtual, leavers);
      } else {
        pool.high().addLast(entry);
        good.add(entry.id());
      }
    }
    leavers.effect(List.of(), List.of());
    // One that was looked at early may have gone with one that was looked at late.
    good.removeIf(id -> pool.get(id) == null);
    return good;
  }

  /**
   * Whether something that a transaction spends is neither in the pool nor in virtual's UTXO set.
   */
  private boolean isSpent(Transaction transaction, VirtualState virtual) {
    for (Input input : transaction.inputs()) {
      Outpoint outpoint = input.previous();
      if (pool.get(outpoint.transactionId()) == null && virtual.utxo(outpoint) == null) {
        return true;
      }
    }
    return false;
  }

  /** Removes one that no block on virtual can hold, and of what builds on it what cannot either. */
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
        if (isSpent(child.transaction, virtual)) {
          queue.add(child);
        }
      }
    }
  }
}
