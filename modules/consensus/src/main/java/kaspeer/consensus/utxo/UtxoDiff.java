package kaspeer.consensus.utxo;

import java.util.List;
import java.util.function.BiConsumer;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * What changes in a UTXO set between two chain blocks (consensus reference 6.9).
 *
 * <p>A transaction that is accepted on another chain makes the same outpoint with another DAA
 * score. So an outpoint can be both removed, with the old score, and added, with the new one; only
 * entries of the same score cancel each other.
 *
 * <p>Not safe for concurrent use while it is changed.
 */
public final class UtxoDiff {
  private final OutpointMap<UtxoEntry> added;
  private final OutpointMap<UtxoEntry> removed;

  /** Nothing changes. */
  public UtxoDiff() {
    this(8, 8);
  }

  /** Nothing changes yet, with room for so many entries. */
  public UtxoDiff(int expectedAdded, int expectedRemoved) {
    this(new OutpointMap<>(expectedAdded), new OutpointMap<>(expectedRemoved));
  }

  private UtxoDiff(OutpointMap<UtxoEntry> added, OutpointMap<UtxoEntry> removed) {
    this.added = added;
    this.removed = removed;
  }

  /** What the first adds is added, what the second adds is removed. Shares their entries. */
  static UtxoDiff of(UtxoDiff added, UtxoDiff removed) {
    return new UtxoDiff(added.added, removed.added);
  }

  /** The way back: what was added is removed and the reverse. Shares this diff's entries. */
  public UtxoDiff reversed() {
    return new UtxoDiff(removed, added);
  }

  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty();
  }

  /** Number of entries, added and removed. */
  public int size() {
    return added.size() + removed.size();
  }

  public int addedCount() {
    return added.size();
  }

  public int removedCount() {
    return removed.size();
  }

  /** The entry this adds for an outpoint, or null. */
  public @Nullable UtxoEntry added(Outpoint outpoint) {
    return added.get(outpoint);
  }

  /** The entry this removes for an outpoint, or null; it may add another one for it. */
  public @Nullable UtxoEntry removed(Outpoint outpoint) {
    return removed.get(outpoint);
  }

  public void forEachAdded(BiConsumer<? super Outpoint, ? super UtxoEntry> visitor) {
    added.forEach(visitor);
  }

  public void forEachRemoved(BiConsumer<? super Outpoint, ? super UtxoEntry> visitor) {
    removed.forEach(visitor);
  }

  /**
   * Adds an output.
   *
   * @throws UtxoConflictException if this diff adds the outpoint already
   */
  public void add(Outpoint outpoint, UtxoEntry entry) {
    boolean back = isSameScore(removed.get(outpoint), entry);
    UtxoEntry present = back ? added.get(outpoint) : added.putIfAbsent(outpoint, entry);
    if (present != null) {
      throw new UtxoConflictException("added twice", outpoint);
    }
    if (back) {
      removed.remove(outpoint);
    }
  }

  /**
   * Removes an output.
   *
   * @throws UtxoConflictException if this diff removes the outpoint already
   */
  public void remove(Outpoint outpoint, UtxoEntry entry) {
    if (isSameScore(added.get(outpoint), entry)) {
      added.remove(outpoint);
    } else if (removed.putIfAbsent(outpoint, entry) != null) {
      throw new UtxoConflictException("removed twice", outpoint);
    }
  }

  /**
   * Removes what a transaction spends and adds what it makes.
   *
   * @param spent the entries of its inputs, in their order
   * @param daaScore of the chain block that accepts it
   * @throws UtxoConflictException if an output is spent or made that was before
   */
  public void accept(Transaction transaction, List<UtxoEntry> spent, long daaScore) {
    List<Input> inputs = transaction.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      remove(inputs.get(i).previous(), spent.get(i));
    }
    boolean coinbase = transaction.isCoinbase();
    for (int i = 0; i < transaction.outputs().size(); i++) {
      add(
          new Outpoint(transaction.id(), i),
          UtxoEntry.of(transaction.outputs().get(i), daaScore, coinbase));
    }
  }

  /**
   * Makes this the diff of doing first this, then the other.
   *
   * @throws UtxoConflictException if the other cannot follow; this is then of no use any more
   */
  public void then(UtxoDiff other) {
    other.removed.forEach(this::remove);
    other.added.forEach(this::add);
  }

  private static boolean isSameScore(@Nullable UtxoEntry present, UtxoEntry entry) {
    return present != null && present.blockDaaScore() == entry.blockDaaScore();
  }
}
