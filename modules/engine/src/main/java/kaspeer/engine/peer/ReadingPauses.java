package kaspeer.engine.peer;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * For how long nothing was read from one peer. Its supervisor says when it stops and goes on; its
 * flows ask, from any thread.
 */
final class ReadingPauses {
  /**
   * @param past nanoseconds of the pauses that are over
   * @param since when the present one began
   */
  private record State(long past, boolean paused, long since) {
    long total(long now) {
      return paused ? past + Math.max(0, now - since) : past;
    }
  }

  private final LongSupplier nanos;
  private volatile State state = new State(0, false, 0);

  /**
   * @param nanos as {@link System#nanoTime}
   */
  ReadingPauses(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** What came is not taken for now, or taken again. Supervisor only. */
  void paused(boolean now) {
    if (now != state.paused) {
      long at = nanos.getAsLong();
      state = new State(state.total(at), now, at);
    }
  }

  /** All pauses until now. */
  Duration total() {
    State seen = state;
    return Duration.ofNanos(seen.paused ? seen.total(nanos.getAsLong()) : seen.past);
  }
}
