package kaspeer.conformance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process that gets three tenths of the time it would like: it stands still most of each second.
 */
final class Slowed implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1_000;
  private static final long STANDS_MILLIS = 700;

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final long pid;

  Slowed(ProcessHandle process) {
    pid = process.pid();
    var _ = every(0, "STOP");
    var _ = every(STANDS_MILLIS, "CONT");
  }

  private ScheduledFuture<?> every(long after, String signal) {
    return clock.scheduleAtFixedRate(
        () -> signal(signal), after, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on it has all its time. */
  @Override
  public void close() {
    clock.close();
    signal("CONT");
  }
}
