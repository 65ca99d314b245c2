package kaspeer.engine.peer;

import kaspeer.primitives.Hash;

/**
 * What a peer is known to have: hashes it announced or was told of, as far as they fit. A table of
 * fixed size in which a later hash may push out an earlier one, which costs no more than one
 * needless announcement.
 */
final class KnownInventory {
  private static final int[] NONE = new int[0];

  private final int mask;
  private int[] marks = NONE;

  /**
   * @param size places, a power of two; memory is taken when the first hash comes
   */
  KnownInventory(int size) {
    if (Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("size is a power of two, not " + size);
    }
    this.mask = size - 1;
  }

  void add(Hash hash) {
    if (marks.length == 0) {
      marks = new int[mask + 1];
    }
    marks[place(hash)] = mark(hash);
  }

  boolean contains(Hash hash) {
    return marks.length > 0 && marks[place(hash)] == mark(hash);
  }

  private int place(Hash hash) {
    return (int) hash.word(3) & mask;
  }

  /**
   * 32 bits apart from those that chose the place; 0 stands for an empty place. Whoever makes
   * another hash with the same ones keeps nothing from anybody but himself.
   */
  private static int mark(Hash hash) {
    int mark = (int) hash.word(2);
    return mark == 0 ? 1 : mark;
  }
}
