package kaspeer.node;

import org.jspecify.annotations.Nullable;

/**
 * What happens on SIGINT and SIGTERM. The JVM would end with the signal's number in its exit code;
 * a node that was asked to stop, and did, ends with 0.
 */
public final class Termination {
  private static final int STOPPED = 0;

  /** How long a signal that comes during the start waits for the start to end. */
  private static final long START_MILLIS = 5_000;

  private @Nullable Runnable stop;
  private boolean armed = true;

  private Termination() {}

  /** Takes the signals over. */
  public static Termination install() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::signalled, "termination"));
    return termination;
  }

  /** From now on a signal runs this, in a thread of its own, before the process ends. */
  public synchronized void onSignal(Runnable action) {
    stop = action;
    notifyAll();
  }

  /** The process ends in another way; its exit code is its own. */
  public synchronized void disarm() {
    armed = false;
    notifyAll();
  }

  private void signalled() {
    Runnable action = awaitAction();
    if (action != null) {
      action.run();
      Runtime.getRuntime().halt(STOPPED);
    }
  }

  /**
   * What to do; nothing if the process ends by itself. A start that does not end is cut off:
   * nothing runs yet.
   */
  private synchronized @Nullable Runnable awaitAction() {
    long end = System.nanoTime() + START_MILLIS * 1_000_000;
    while (armed && stop == null) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return () -> {};
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return () -> {};
      }
    }
    return armed ? stop : null;
  }
}
