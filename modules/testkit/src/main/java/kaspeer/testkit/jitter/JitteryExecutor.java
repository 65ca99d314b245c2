package kaspeer.testkit.jitter;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * The threads of a Pekko dispatcher, of which some of the work begins late at random: what one
 * actor is told stays in order, what several do does not. A test that fails under it relies on
 * chance, or waits too short a time.
 *
 * <p>Named as the {@code executor} of a dispatcher. The system properties {@code
 * kaspeer.jitter.percent} and {@code kaspeer.jitter.millis} say how much of the work is late, and
 * by how much at most.
 */
public final class JitteryExecutor extends ExecutorServiceConfigurator {
  static final String PERCENT = "kaspeer.jitter.percent";
  static final String MILLIS = "kaspeer.jitter.millis";
  private static final int DEFAULT_PERCENT = 20;
  private static final int DEFAULT_MILLIS = 40;

  /** Made by Pekko. */
  public JitteryExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> new Late(threads);
  }

  private static final class Late extends AbstractExecutorService {
    private final int percent = Integer.getInteger(PERCENT, DEFAULT_PERCENT);
    private final int micros = 1_000 * Integer.getInteger(MILLIS, DEFAULT_MILLIS);
    private final ExecutorService workers;
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jitter").factory());

    Late(ThreadFactory threads) {
      workers = Executors.newCachedThreadPool(threads);
    }

    @Override
    public void execute(Runnable task) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      if (random.nextInt(100) < percent) {
        var _ =
            clock.schedule(() -> begin(task), random.nextLong(micros) + 1, TimeUnit.MICROSECONDS);
      } else {
        workers.execute(task);
      }
    }

    private void begin(Runnable task) {
      try {
        workers.execute(task);
      } catch (RejectedExecutionException _) {
        // The actor system has ended meanwhile.
      }
    }

    @Override
    public void shutdown() {
      clock.shutdown();
      workers.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
      clock.shutdownNow();
      return workers.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
      return workers.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return workers.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return workers.awaitTermination(timeout, unit);
    }
  }
}
