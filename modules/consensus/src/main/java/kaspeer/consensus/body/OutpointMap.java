package kaspeer.consensus.body;

import java.security.SecureRandom;
import java.util.function.BiConsumer;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/**
 * Values by outpoint, in one flat table. Anyone can make up outpoints that fall together under a
 * known hash function, so this one is drawn at random for each process. The hashes are kept beside
 * the keys: a search goes along them, and looks at the one key that it wants. Not safe for
 * concurrent use.
 */
public final class OutpointMap<V> {
  private static final long[] SALT = new SecureRandom().longs(5).toArray();

  private static final int FREE = 0;

  private int[] hashes;
  private @Nullable Outpoint[] keys;
  private @Nullable Object[] values;
  private int size;

  /**
   * @param expected entries it takes without growing
   */
  public OutpointMap(int expected) {
    int capacity = capacityFor(expected);
    hashes = new int[capacity];
    keys = new @Nullable Outpoint[capacity];
    values = new @Nullable Object[capacity];
  }

  public int size() {
    return size;
  }

  public @Nullable V get(Outpoint outpoint) {
    return size == 0 ? null : value(slot(hash(outpoint), outpoint));
  }

  /** Sets the value unless there is one; returns the one there was, else null. */
  public @Nullable V putIfAbsent(Outpoint outpoint, V value) {
    int hash = hash(outpoint);
    int slot = slot(hash, outpoint);
    V present = value(slot);
    if (present == null) {
      insert(slot, hash, outpoint, value);
    }
    return present;
  }

  /** Sets the value, whether or not there is one; returns the one there was, else null. */
  public @Nullable V put(Outpoint outpoint, V value) {
    int hash = hash(outpoint);
    int slot = slot(hash, outpoint);
    V present = value(slot);
    if (present == null) {
      insert(slot, hash, outpoint, value);
    } else {
      values[slot] = value;
    }
    return present;
  }

  private void insert(int free, int hash, Outpoint outpoint, V value) {
    int slot = free;
    if ((size + 1) * 2 > keys.length) {
      grow();
      slot = freeSlot(hash);
    }
    hashes[slot] = hash;
    keys[slot] = outpoint;
    values[slot] = value;
    size++;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Visits all entries, in no particular order. The map must not be changed meanwhile. */
  public void forEach(BiConsumer<? super Outpoint, ? super V> visitor) {
    for (int slot = 0; slot < keys.length; slot++) {
      Outpoint key = keys[slot];
      V value = value(slot);
      if (key != null && value != null) {
        visitor.accept(key, value);
      }
    }
  }

  /** Removes an outpoint; returns its value, or null if it had none. */
  public @Nullable V remove(Outpoint outpoint) {
    if (size == 0) {
      return null;
    }
    int slot = slot(hash(outpoint), outpoint);
    V removed = value(slot);
    if (removed != null) {
      size--;
      closeGap(slot);
    }
    return removed;
  }

  /** Entries after a removed one move up, so that every probe still ends at the first free slot. */
  private void closeGap(int removed) {
    int mask = keys.length - 1;
    int gap = removed;
    for (int next = (gap + 1) & mask; hashes[next] != FREE; next = (next + 1) & mask) {
      if (((next - hashes[next]) & mask) >= ((next - gap) & mask)) {
        hashes[gap] = hashes[next];
        keys[gap] = keys[next];
        values[gap] = values[next];
        gap = next;
      }
    }
    hashes[gap] = FREE;
    keys[gap] = null;
    values[gap] = null;
  }

  /** Where the outpoint is, or the free slot where it belongs. */
  private int slot(int hash, Outpoint outpoint) {
    int mask = keys.length - 1;
    int slot = hash & mask;
    while (hashes[slot] != FREE && !(hashes[slot] == hash && outpoint.equals(keys[slot]))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int freeSlot(int hash) {
    int mask = keys.length - 1;
    int slot = hash & mask;
    while (hashes[slot] != FREE) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  @SuppressWarnings("unchecked") // only values of V are put in
  private @Nullable V value(int slot) {
    return (V) values[slot];
  }

  private void grow() {
    int[] oldHashes = hashes;
    @Nullable Outpoint[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    hashes = new int[oldKeys.length * 2];
    keys = new @Nullable Outpoint[oldKeys.length * 2];
    values = new @Nullable Object[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldHashes[i] != FREE) {
        int slot = freeSlot(oldHashes[i]);
        hashes[slot] = oldHashes[i];
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  /** Not {@link #FREE}; the low bits say where the outpoint belongs. */
  private static int hash(Outpoint outpoint) {
    Hash id = outpoint.transactionId();
    long mixed = fold(outpoint.index() ^ SALT[4], SALT[4]);
    for (int word = 0; word < 4; word++) {
      mixed = fold(mixed ^ id.word(word), SALT[word]);
    }
    int hash = (int) mixed;
    return hash == FREE ? 1 : hash;
  }

  /**
   * Both halves of the 128-bit product with a secret odd number, folded: every bit depends on every
   * other.
   */
  private static long fold(long value, long secret) {
    long odd = secret | 1;
    return value * odd ^ Math.unsignedMultiplyHigh(value, odd);
  }

  private static int capacityFor(int expected) {
    int wanted = Math.max(8, Math.min(expected, 1 << 28));
    return Integer.highestOneBit(wanted * 2 - 1) << 1;
  }
}
