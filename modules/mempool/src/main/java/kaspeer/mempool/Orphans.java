package kaspeer.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that wait for others, whose outputs they spend (consensus reference 8).
 *
 * <p>Nothing is known of them but that their form is good, so room is shared out by source: a
 * source whose share is used up pushes out its own oldest, and when all is full the oldest of the
 * source that takes most go. Those of high priority stay, and count as room that is not there.
 *
 * <p>No two spend the same output, be it known or not: of rivals the first that came waits.
 */
final class Orphans {
  /** Orphan, its places by id, by age and in its share. */
  private static final long FIXED_BYTES = 256;

  /** An outpoint that is waited for: place in the list and in the table. */
  private static final long MISSING_BYTES = 96;

  /** A transaction that waits. */
  static final class Orphan {
    final Transaction transaction;
    final Submission how;

    /** When it first came: the DAA score then. */
    final long daaScore;

    private final List<Outpoint> missing;
    private final long bytes;
    private int open;

    Orphan(Transaction transaction, Submission how, List<Outpoint> missing, long daaScore) {
      this.transaction = transaction;
      this.how = how;
      this.missing = missing;
      this.daaScore = daaScore;
      this.bytes = estimatedBytes(transaction, missing.size());
      this.open = missing.size();
    }
  }

  private static final class Share {
    private final LinkedHashSet<Orphan> low = new LinkedHashSet<>();
    private int count;
    private long bytes;
    private int highCount;
    private long highBytes;

    private void change(Orphan orphan, int sign) {
      count += sign;
      bytes += sign * orphan.bytes;
      if (orphan.how.isHigh()) {
        highCount += sign;
        highBytes += sign * orphan.bytes;
      } else if (sign > 0) {
        low.add(orphan);
      } else {
        low.remove(orphan);
      }
    }

    /** Whether another fits if all of low priority go. */
    private boolean couldTake(Orphan orphan, int maxCount, long maxBytes) {
      return highCount < maxCount && highBytes + orphan.bytes <= maxBytes;
    }

    private boolean hasRoomFor(Orphan orphan, int maxCount, long maxBytes) {
      return count < maxCount && bytes + orphan.bytes <= maxBytes;
    }
  }

  private final OrphanOptions options;
  private final long expiry;
  private final long highExpiry;
  private final Map<Hash, Orphan> byId = new LinkedHashMap<>();

  /** By each output that they spend. */
  private final OutpointMap<Orphan> spenders = new OutpointMap<>(64);

  /** By each output of those that did not come yet. */
  private final OutpointMap<Orphan> waiting = new OutpointMap<>(64);

  private final Map<String, Share> shares = new HashMap<>();
  private final Share total = new Share();

  /**
   * @param expiry of those of low priority, in DAA score
   * @param highExpiry of the others
   */
  Orphans(OrphanOptions options, long expiry, long highExpiry) {
    this.options = options;
    this.expiry = expiry;
    this.highExpiry = highExpiry;
  }

  @Nullable Transaction get(Hash id) {
    Orphan orphan = byId.get(id);
    return orphan == null ? null : orphan.transaction;
  }

  boolean contains(Hash id) {
    return byId.containsKey(id);
  }

  int size() {
    return total.count;
  }

  /** Estimated bytes of heap of all. */
  long bytes() {
    return total.bytes;
  }

  /** Which orphan spends an output, or null. */
  @Nullable Hash spender(Outpoint outpoint) {
    Orphan orphan = spenders.get(outpoint);
    return orphan == null ? null : orphan.transaction.id();
  }

  /**
   * Takes an orphan in, that is not here yet and spends nothing that another here spends.
   *
   * @return what had to go, or null if there is no room
   */
  @Nullable List<Hash> add(Orphan orphan) {
    Share share = shares.computeIfAbsent(orphan.how.source(), source -> new Share());
    boolean possible =
        share.couldTake(orphan, options.maxPerSource(), options.maxBytesPerSource())
            && total.couldTake(orphan, options.maxOrphans(), options.maxBytes());
    if (!possible) {
      dropIfEmpty(orphan.how.source(), share);
      return null;
    }
    List<Hash> evicted = new ArrayList<>(0);
    while (!share.hasRoomFor(orphan, options.maxPerSource(), options.maxBytesPerSource())) {
      evict(share, evicted);
    }
    while (!total.hasRoomFor(orphan, options.maxOrphans(), options.maxBytes())) {
      evict(largestWithLow(), evicted);
    }
    // The share was dropped if all it had went.
    shares.computeIfAbsent(orphan.how.source(), source -> share).change(orphan, 1);
    total.change(orphan, 1);
    byId.put(orphan.transaction.id(), orphan);
    orphan.transaction.inputs().forEach(input -> spenders.put(input.previous(), orphan));
    orphan.missing.forEach(outpoint -> waiting.put(outpoint, orphan));
    return evicted;
  }

  private void evict(Share share, List<Hash> evicted) {
    Orphan oldest = share.low.getFirst();
    remove(oldest);
    evicted.add(oldest.transaction.id());
  }

  private Share largestWithLow() {
    Share largest = total;
    long most = -1;
    for (Share share : shares.values()) {
      if (share.bytes > most && !share.low.isEmpty()) {
        largest = share;
        most = share.bytes;
      }
    }
    return largest;
  }

  /** Removes an orphan, if it is here. */
  void remove(Hash id) {
    Orphan orphan = byId.get(id);
    if (orphan != null) {
      remove(orphan);
    }
  }

  private void remove(Orphan orphan) {
    byId.remove(orphan.transaction.id());
    total.change(orphan, -1);
    String source = orphan.how.source();
    Share share = shares.get(source);
    if (share != null) {
      share.change(orphan, -1);
      dropIfEmpty(source, share);
    }
    orphan.transaction.inputs().forEach(input -> spenders.remove(input.previous()));
    orphan.missing.forEach(waiting::remove);
  }

  private void dropIfEmpty(String source, Share share) {
    if (share.count == 0) {
      shares.remove(source);
    }
  }

  /**
   * Tells that the outputs of a transaction are there now; removes and returns the orphans that
   * wait for nothing more.
   */
  List<Orphan> arrived(Transaction transaction) {
    List<Orphan> ready = new ArrayList<>(0);
    if (total.count == 0) {
      return ready;
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      Orphan orphan = waiting.remove(new Outpoint(transaction.id(), i));
      if (orphan == null) {
        continue;
      }
      orphan.open--;
      if (orphan.open == 0) {
        ready.add(orphan);
      }
    }
    ready.forEach(this::remove);
    return ready;
  }

  /** Removes and returns the orphans that wait for any output of these transactions. */
  List<Orphan> waitingFor(Set<Hash> ids) {
    List<Orphan> found = new ArrayList<>(0);
    for (Orphan orphan : byId.values()) {
      if (orphan.missing.stream().anyMatch(outpoint -> ids.contains(outpoint.transactionId()))) {
        found.add(orphan);
      }
    }
    found.forEach(this::remove);
    return found;
  }

  /** Removes what has waited for too long; returns the ids. */
  List<Hash> expire(long daaScore) {
    List<Orphan> expired = new ArrayList<>(0);
    for (Orphan orphan : byId.values()) {
      if (daaScore - orphan.daaScore > (orphan.how.isHigh() ? highExpiry : expiry)) {
        expired.add(orphan);
      }
    }
    expired.forEach(this::remove);
    return expired.stream().map(orphan -> orphan.transaction.id()).toList();
  }

  /** Bytes of heap a transaction takes while it waits for so many outputs. */
  static long estimatedBytes(Transaction transaction, int missing) {
    return Entry.estimatedBytes(transaction, 0) + FIXED_BYTES + missing * MISSING_BYTES;
  }
}
