package kaspeer.consensus.body;

import java.security.SecureRandom;
import java.util.function.BiConsumer;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/**
 * Values by outpoint, in one flat table. Anyone can make up outpoints that fall together under a
 * known hash function, so this one is drawn at random for each process. Not safe for concurrent
 * use.
 */
public final class OutpointMap<V> {
  private static final long[] SALT = new SecureRandom().longs(5).toArray();

  private @Nullable Outpoint[] keys;
  private @Nullable Object[] values;
  private int size;

  /**
   * @param expected entries it takes without growing
   */
  public OutpointMap(int expected) {
    int capacity = capacityFor(expected);
    keys = new @Nullable Outpoint[capacity];
    values = new @Nullable Object[capacity];
  }

  public int size() {
    return size;
  }

  public @Nullable V get(Outpoint outpoint) {
    return value(slot(outpoint));
  }

  /** Sets the value unless there is one; returns the one there was, else null. */
  public @Nullable V putIfAbsent(Outpoint outpoint, V value) {
    int slot = slot(outpoint);
    V present = value(slot);
    if (present != null) {
      return present;
    }
    if ((size + 1) * 2 > keys.length) {
      grow();
      slot = slot(outpoint);
    }
    keys[slot] = outpoint;
    values[slot] = value;
    size++;
    return null;
  }

  /** Sets the value, whether or not there is one; returns the one there was, else null. */
  public @Nullable V put(Outpoint outpoint, V value) {
    int slot = slot(outpoint);
    V present = value(slot);
    if (present == null) {
      putIfAbsent(outpoint, value);
    } else {
      values[slot] = value;
    }
    return present;
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
    int slot = slot(outpoint);
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
    for (int next = (gap + 1) & mask; ; next = (next + 1) & mask) {
      Outpoint key = keys[next];
      if (key == null) {
        break;
      }
      int home = home(key, mask);
      if (((next - home) & mask) >= ((next - gap) & mask)) {
        keys[gap] = key;
        values[gap] = values[next];
        gap = next;
      }
    }
    keys[gap] = null;
    values[gap] = null;
  }

  /** Where the outpoint is, or the free slot where it belongs. */
  private int slot(Outpoint outpoint) {
    int mask = keys.length - 1;
    int slot = home(outpoint, mask);
    for (Outpoint key = keys[slot]; key != null && !key.equals(outpoint); key = keys[slot]) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  @SuppressWarnings("unchecked") // only values of V are put in
  private @Nullable V value(int slot) {
    return (V) values[slot];
  }

  private void grow() {
    @Nullable Outpoint[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new @Nullable Outpoint[oldKeys.length * 2];
    values = new @Nullable Object[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      Outpoint key = oldKeys[i];
      if (key != null) {
        int slot = slot(key);
        keys[slot] = key;
        values[slot] = oldValues[i];
      }
    }
  }

  private static int home(Outpoint outpoint, int mask) {
    Hash id = outpoint.transactionId();
    long mixed = fold(outpoint.index() ^ SALT[4], SALT[4]);
    for (int word = 0; word < 4; word++) {
      mixed = fold(mixed ^ id.word(word), SALT[word]);
    }
    return (int) mixed & mask;
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
