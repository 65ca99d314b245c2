package kaspeer.admin.http;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs every exchange in a virtual thread of its own and cuts those that take too long: whoever
 * sends half a request, or does not read the answer, holds a thread and a connection no longer than
 * the limit. Interrupting a thread that reads from or writes to a channel closes the channel.
 */
final class Deadlines implements Executor, AutoCloseable {
  private static final ThreadLocal<@Nullable Watch> CURRENT = new ThreadLocal<>();

  private final Duration limit;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-http-", 0).factory());
  private final ScheduledThreadPoolExecutor clock;

  /**
   * @param limit for one exchange, from the first byte of the request to the last of the answer
   */
  Deadlines(Duration limit) {
    this.limit = limit;
    clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("admin-http-deadlines").factory());
    clock.setRemoveOnCancelPolicy(true);
    // When the server ends, so do all exchanges: those that just began need no alarm.
    clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public void execute(Runnable exchange) {
    threads.execute(
        () -> {
          Watch watch = new Watch(Thread.currentThread());
          CURRENT.set(watch);
          try {
            watch.allow(limit);
            exchange.run();
          } finally {
            watch.end();
            CURRENT.remove();
          }
        });
  }

  /** Gives the exchange that runs in this thread so long from now. */
  static void allow(Duration time) {
    Watch watch = CURRENT.get();
    if (watch != null) {
      watch.allow(time);
    }
  }

  /** One exchange. */
  private final class Watch {
    private final Thread thread;
    private @Nullable Future<?> alarm;
    private boolean ended;

    Watch(Thread thread) {
      this.thread = thread;
    }

    synchronized void allow(Duration time) {
      if (alarm != null) {
        alarm.cancel(false);
      }
      alarm = clock.schedule(this::cut, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized void end() {
      ended = true;
      if (alarm != null) {
        alarm.cancel(false);
      }
    }

    private synchronized void cut() {
      if (!ended) {
        thread.interrupt();
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    threads.shutdownNow();
  }
}
