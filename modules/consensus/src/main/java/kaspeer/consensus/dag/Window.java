package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * The samples of a window (consensus reference 3.4): the {@code n} blocks with the highest (blue
 * work, hash) of those sampled. Shared by all blocks that see the same samples, together with what
 * follows from it.
 */
final class Window {
  static final Window EMPTY = new Window(new int[0]);

  /** Ascending by (blue work, hash). */
  private final int[] ids;

  private long result;

  /** Volatile, since templates read windows while the committer works. */
  private volatile boolean resultKnown;

  private Window(int[] ids) {
    this.ids = ids;
  }

  int size() {
    return ids.length;
  }

  int id(int index) {
    return ids[index];
  }

  int[] toArray() {
    return ids.clone();
  }

  /** This window after some more samples were entered, at most {@code n} blocks wide. */
  Window with(Blocks blocks, int[] samples, int length, int n) {
    int[] merged = Arrays.copyOf(ids, Math.min(n, ids.length + length));
    int size = ids.length;
    boolean changed = false;
    for (int i = 0; i < length; i++) {
      int place = blocks.placeByWork(merged, size, samples[i]);
      if (size < n) {
        System.arraycopy(merged, place, merged, place + 1, size - place);
        merged[place] = samples[i];
        size++;
        changed = true;
      } else if (place > 0) {
        System.arraycopy(merged, 1, merged, 0, place - 1);
        merged[place - 1] = samples[i];
        changed = true;
      }
    }
    return changed ? new Window(merged) : this;
  }

  /** Whether a block would still enter: if not, neither would anything in its past. */
  boolean admits(Blocks blocks, int id, int n) {
    return ids.length < n || blocks.compareWork(id, ids[0]) > 0;
  }

  boolean resultKnown() {
    return resultKnown;
  }

  /** What was computed from it: bits or a past median time. */
  long result() {
    return result;
  }

  /** Two threads may set it at the same time, to the same value. */
  void setResult(long value) {
    result = value;
    resultKnown = true;
  }

  /** Bytes of a window of this many blocks. */
  static long bytes(int size) {
    return 56 + 4L * size;
  }
}
