package kaspeer.testkit.node;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that another process will do. */
public final class Await {
  private Await() {}

  /**
   * Looks every 50 ms until it holds.
   *
   * @throws AssertionError if it does not in time; its text says what was waited for and how things
   *     stood
   */
  public static void until(
      String what, Duration limit, BooleanSupplier holds, Supplier<String> standing) {
    long end = System.nanoTime() + limit.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not within " + limit.toSeconds() + " s: " + what + "; " + standing.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
