package kaspeer.transport;

/**
 * Heap held for one connection: what was received and is not done with, here or by whoever reads
 * the link. Counts to the process's budget. Safe from any thread.
 */
final class Holding {
  private final ProcessBudget budget;
  private final Runnable end;
  private long held;
  private long since;
  private boolean written;

  /**
   * @param end ends the connection
   */
  Holding(ProcessBudget budget, Runnable end) {
    this.budget = budget;
    this.end = end;
  }

  /** Counts bytes. If the process then holds too much, whoever holds most is ended. */
  void take(long bytes) {
    synchronized (this) {
      if (written) {
        return;
      }
      if (held == 0) {
        since = System.nanoTime();
      }
      held += bytes;
      budget.add(this, bytes, held);
    }
    budget.relieve();
  }

  /** Counts bytes no longer. */
  synchronized void give(long bytes) {
    if (!written && bytes > 0) {
      held -= bytes;
      since = System.nanoTime();
      budget.add(this, -bytes, held);
    }
  }

  synchronized long held() {
    return held;
  }

  /** When anything was given back last, or taken first, by {@link System#nanoTime}. */
  synchronized long since() {
    return since;
  }

  /** From now on nothing counts: what is held is let go of. */
  synchronized void writeOff() {
    if (!written) {
      written = true;
      budget.add(this, -held, 0);
      held = 0;
    }
  }

  /** Ends the connection; to be called with no lock held. */
  void end() {
    end.run();
  }
}
