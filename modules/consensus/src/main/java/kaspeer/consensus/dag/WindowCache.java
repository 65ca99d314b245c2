package kaspeer.consensus.dag;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The windows of recent blocks. Each id has one slot, so the latest ids drive out older ones;
 * blocks build on recent blocks. What is not here is built anew from the DAG.
 */
final class WindowCache {
  private final int mask;
  private final int[] ids;
  private final @Nullable Window[] difficulty;
  private final @Nullable Window[] medianTime;

  /**
   * @param bytes what it may hold if no two blocks share a window; there is room for 64 blocks at
   *     least
   */
  WindowCache(long bytes, int difficultyWindow, int medianTimeWindow) {
    long perBlock = Window.bytes(difficultyWindow) + Window.bytes(medianTimeWindow) + 12;
    int slots =
        (int) Math.max(64, Math.min(1 << 20, Long.highestOneBit(Math.max(1, bytes / perBlock))));
    mask = slots - 1;
    ids = new int[slots];
    Arrays.fill(ids, Blocks.NONE);
    difficulty = new Window[slots];
    medianTime = new Window[slots];
  }

  @Nullable Window difficulty(int id) {
    return ids[id & mask] == id ? difficulty[id & mask] : null;
  }

  @Nullable Window medianTime(int id) {
    return ids[id & mask] == id ? medianTime[id & mask] : null;
  }

  void put(int id, Window difficultyWindow, Window medianTimeWindow) {
    ids[id & mask] = id;
    difficulty[id & mask] = difficultyWindow;
    medianTime[id & mask] = medianTimeWindow;
  }
}
