package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * A map from ids to ints for use within one computation; keeps its memory and its entries in order
 * of insertion.
 */
final class IntMap {
  /** What {@link #get} answers for a key that is absent. */
  static final int ABSENT = Integer.MIN_VALUE;

  private int[] keys = new int[32];
  private int[] values = new int[32];
  private int size;

  /** Index of an entry plus one; 0 is free. Twice as long as the entries at least. */
  private int[] slots = new int[64];

  int size() {
    return size;
  }

  int key(int index) {
    return keys[index];
  }

  int value(int index) {
    return values[index];
  }

  int get(int key) {
    int slot = slots[find(key)];
    return slot == 0 ? ABSENT : values[slot - 1];
  }

  /** Sets the value of a key; answers whether the key is new. */
  boolean put(int key, int value) {
    int at = find(key);
    if (slots[at] != 0) {
      values[slots[at] - 1] = value;
      return false;
    }
    if (size == keys.length) {
      grow();
      at = find(key);
    }
    keys[size] = key;
    values[size] = value;
    slots[at] = ++size;
    return true;
  }

  void clear() {
    if (size > slots.length / 16) {
      Arrays.fill(slots, 0);
    } else {
      for (int i = size - 1; i >= 0; i--) {
        // Backwards, each key's probe path is still whole when it is looked up.
        slots[find(keys[i])] = 0;
      }
    }
    size = 0;
  }

  private int find(int key) {
    int mask = slots.length - 1;
    int at = (key * 0x9E3779B9 >>> 7) & mask;
    while (slots[at] != 0 && keys[slots[at] - 1] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, 2 * size);
    values = Arrays.copyOf(values, 2 * size);
    slots = new int[4 * size];
    for (int i = 0; i < size; i++) {
      slots[find(keys[i])] = i + 1;
    }
  }
}
