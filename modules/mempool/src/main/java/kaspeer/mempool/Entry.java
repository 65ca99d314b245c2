package kaspeer.mempool;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import org.jspecify.annotations.Nullable;

/** A transaction in the pool, that passed all checks. */
final class Entry {
  /**
   * Lowest fee rate first; equal ones by fee, then by id. Many pay the same, and trees of them are
   * deep: all that is looked at, but for two ids that begin alike, is in the entries themselves.
   */
  static final Comparator<Entry> BY_FEE_RATE =
      (a, b) -> {
        int c = Double.compare(a.feeRate, b.feeRate);
        if (c == 0) {
          c = Long.compare(a.fee, b.fee);
        }
        if (c == 0) {
          c = Long.compareUnsigned(a.idStart, b.idStart);
        }
        return c != 0 ? c : a.id().compareTo(b.id());
      };

  /**
   * A transaction of the pool that it spends of: the two sets in which they know each other, and
   * their places there.
   */
  private static final long LINK_BYTES = 208;

  /** Entry, price, its place in seven indexes, transaction with id and hash. */
  private static final long FIXED_BYTES = 496;

  /** Input, outpoint, hash, script array, place among the spent outpoints. */
  private static final long INPUT_BYTES = 176;

  /** Output, script, script array, covenant or none. */
  private static final long OUTPUT_BYTES = 144;

  final Transaction transaction;
  final boolean high;

  /** When it came: the DAA score then. */
  final long daaScore;

  final Price price;
  final double feeRate;
  final long bytes;
  private final long fee;
  private final long idStart;

  /** Where it is in the frontier; null while it builds on others in the pool. */
  Frontier.@Nullable Place place;

  /** How often a template refused it though it passed our check, while the chain stood still. */
  int rejections;

  /** {@link Pool#moves} when that was. */
  long rejectedAt;

  private Set<Entry> parents = Set.of();
  private Set<Entry> children = Set.of();

  /**
   * @param transaction committing to its storage mass
   * @param parents how many transactions of the pool it spends of
   */
  Entry(Transaction transaction, Price price, boolean high, long daaScore, int parents) {
    this.transaction = transaction;
    this.price = price;
    this.feeRate = price.feeRate();
    this.fee = price.fee();
    this.idStart = transaction.id().word(0);
    this.high = high;
    this.daaScore = daaScore;
    this.bytes = estimatedBytes(transaction, parents);
  }

  Hash id() {
    return transaction.id();
  }

  /** Transactions of the pool whose outputs it spends. */
  Set<Entry> parents() {
    return parents;
  }

  /** Transactions of the pool that spend its outputs. */
  Set<Entry> children() {
    return children;
  }

  /** Notes that it spends outputs of another. */
  void buildsOn(Entry parent) {
    parents = with(parents, parent);
    parent.children = with(parent.children, this);
  }

  /** Notes that it does not any more. */
  void partsFrom(Entry parent) {
    parents = without(parents, parent);
    parent.children = without(parent.children, this);
  }

  /** Most have neither parents nor children: those share one empty set. */
  private static Set<Entry> with(Set<Entry> entries, Entry added) {
    Set<Entry> grown = entries.isEmpty() ? new LinkedHashSet<>(2) : entries;
    grown.add(added);
    return grown;
  }

  private static Set<Entry> without(Set<Entry> entries, Entry removed) {
    if (entries.isEmpty()) {
      return entries;
    }
    entries.remove(removed);
    return entries.isEmpty() ? Set.of() : entries;
  }

  /**
   * Bytes of heap a transaction takes while it is in the pool.
   *
   * @param parents how many transactions of the pool it spends of
   */
  static long estimatedBytes(Transaction transaction, int parents) {
    long bytes = FIXED_BYTES + transaction.payload().length + parents * LINK_BYTES;
    for (Input input : transaction.inputs()) {
      bytes += INPUT_BYTES + input.signatureScript().length;
    }
    for (Output output : transaction.outputs()) {
      bytes += OUTPUT_BYTES + output.scriptPublicKey().script().length;
    }
    return bytes;
  }
}
