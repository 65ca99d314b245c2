package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * A new block's parents at levels above 0: some runs of its own, then the rest of a stored block's
 * chain of nodes.
 */
final class LevelRuns {
  int count;

  /** The first level after each run. */
  int[] end = new int[16];

  /** Where each run's ids begin in {@link #ids}, ascending; one more entry than runs. */
  int[] from = new int[17];

  int[] ids = new int[64];

  /** What holds after the own runs. */
  int tail;

  void clear() {
    count = 0;
    from[0] = 0;
    tail = LevelStore.GENESIS_ONLY;
  }

  /** Appends a run; one with the same ids as the run before lengthens it. */
  void add(int runEnd, int[] set, int length) {
    if (count > 0 && Arrays.equals(ids, from[count - 1], from[count], set, 0, length)) {
      end[count - 1] = runEnd;
      return;
    }
    if (count == end.length) {
      end = Arrays.copyOf(end, 2 * count);
      from = Arrays.copyOf(from, 2 * count + 1);
    }
    int at = from[count];
    if (at + length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, at + length));
    }
    System.arraycopy(set, 0, ids, at, length);
    end[count] = runEnd;
    from[++count] = at + length;
  }
}
