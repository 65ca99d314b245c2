package kaspeer.consensus.dag;

import java.util.concurrent.ThreadLocalRandom;
import kaspeer.primitives.Hash;

/** From block hash to id: open addressing over the hash words that {@link Blocks} holds. */
final class HashIndex {
  private final Blocks blocks;

  /** Odd and secret, so that nobody can choose hashes that collide here. */
  private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

  /**
   * Id plus one; 0 is free. At most half full. {@link Blocks#MAX_BLOCKS} fit into the largest table
   * that there can be, of 2^30 slots.
   */
  private int[] slots = new int[1 << 10];

  private int size;

  HashIndex(Blocks blocks) {
    this.blocks = blocks;
  }

  /** The id, or -1. */
  int find(Hash hash) {
    int mask = slots.length - 1;
    int at = slot(hash.word(3));
    while (slots[at] != 0) {
      int id = slots[at] - 1;
      if (blocks.hasHash(id, hash)) {
        return id;
      }
      at = (at + 1) & mask;
    }
    return -1;
  }

  /** Adds an id whose hash is not here yet. */
  void add(int id) {
    if (2 * (size + 1) > slots.length) {
      int[] old = slots;
      slots = new int[2 * old.length];
      for (int entry : old) {
        if (entry != 0) {
          place(entry);
        }
      }
    }
    place(id + 1);
    size++;
  }

  private void place(int entry) {
    int mask = slots.length - 1;
    int at = slot(blocks.lastHashWord(entry - 1));
    while (slots[at] != 0) {
      at = (at + 1) & mask;
    }
    slots[at] = entry;
  }

  private int slot(long word) {
    return (int) (word * multiplier >>> (64 - Integer.numberOfTrailingZeros(slots.length)));
  }
}
