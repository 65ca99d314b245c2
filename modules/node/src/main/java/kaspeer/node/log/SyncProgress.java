package kaspeer.node.log;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.DagSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how far a sync is: on a terminal in a line that changes in place, elsewhere in a log line
 * every few seconds.
 */
public final class SyncProgress implements AutoCloseable {
  /** Between log lines. */
  static final Duration LOG_INTERVAL = Duration.ofSeconds(5);

  private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(250);
  private static final Logger LOG = LoggerFactory.getLogger(SyncProgress.class);

  private final Console console;
  private final Supplier<SyncStatus> sync;
  private final Supplier<DagSnapshot> dag;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final TimeLeft timeLeft = new TimeLeft();
  private SyncStatus.State last = SyncStatus.State.WAITING;

  private SyncProgress(Console console, Supplier<SyncStatus> sync, Supplier<DagSnapshot> dag) {
    this.console = console;
    this.sync = sync;
    this.dag = dag;
  }

  /** Starts to look, several times a second or seconds apart. */
  public static SyncProgress start(
      Console console, Supplier<SyncStatus> sync, Supplier<DagSnapshot> dag) {
    SyncProgress progress = new SyncProgress(console, sync, dag);
    Thread.ofPlatform().daemon().name("sync-progress").start(progress::run);
    return progress;
  }

  private void run() {
    long millis = (console.isTerminal() ? TERMINAL_INTERVAL : LOG_INTERVAL).toMillis();
    try {
      while (!closed.await(millis, TimeUnit.MILLISECONDS)) {
        show();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Shows how things stand now. */
  synchronized void show() {
    SyncStatus status = sync.get();
    if (status.state() == SyncStatus.State.SYNCING) {
      timeLeft.note(status.stage(), status.progress(), System.nanoTime());
      String line = line(status, dag.get(), timeLeft.text());
      if (console.isTerminal()) {
        console.status(line);
      } else {
        LOG.info("{}", line);
      }
    } else {
      console.status("");
      if (status.state() == SyncStatus.State.SYNCED && last != SyncStatus.State.SYNCED) {
        LOG.info("synced: {} blocks, sink {}", dag.get().blockCount(), dag.get().sink().hash());
      }
    }
    last = status.state();
  }

  /**
   * A sync in one line, the most important first.
   *
   * @param left until the stage ends; may be empty
   */
  static String line(SyncStatus status, DagSnapshot dag, String left) {
    return String.format(
        Locale.ROOT,
        "sync: %s %.1f %%%s, %d headers (%.0f/s), %d blocks (%.0f/s)%s",
        status.stage().isEmpty() ? "starting" : status.stage(),
        100 * status.progress(),
        left.isEmpty() ? "" : ", " + left,
        dag.headerCount(),
        status.headersPerSecond(),
        dag.blockCount(),
        status.blocksPerSecond(),
        status.peer() == null ? "" : ", from peer " + status.peer());
  }

  @Override
  public void close() {
    closed.countDown();
    console.status("");
  }
}
