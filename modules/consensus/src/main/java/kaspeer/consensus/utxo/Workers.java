package kaspeer.consensus.utxo;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Spreads tasks over the worker pool. The caller takes part, so the tasks get done even while the
 * workers are busy with something else.
 */
public final class Workers {
  private final Executor executor;
  private final int helpers;

  /**
   * @param helpers most workers to ask for help
   */
  public Workers(Executor executor, int helpers) {
    this.executor = executor;
    this.helpers = helpers;
  }

  /**
   * Runs all tasks and returns when they are done, with their effects visible.
   *
   * @throws RuntimeException what a task threw; the others may be done or not
   */
  public void run(List<? extends Runnable> tasks) {
    if (tasks.size() < 2) {
      tasks.forEach(Runnable::run);
      return;
    }
    Run run = new Run(tasks);
    askForHelp(run, Math.min(helpers, tasks.size() - 1));
    run.run();
    run.join();
  }

  private void askForHelp(Run run, int count) {
    for (int i = 0; i < count; i++) {
      try {
        executor.execute(run);
      } catch (RejectedExecutionException e) {
        return; // the pool has ended: the caller does the rest alone
      }
    }
  }

  /** One call's tasks; every thread that runs it takes the next one until there are none. */
  private static final class Run implements Runnable {
    private final List<? extends Runnable> tasks;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Run(List<? extends Runnable> tasks) {
      this.tasks = tasks;
      this.open = new CountDownLatch(tasks.size());
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            tasks.get(i).run();
          }
        } catch (RuntimeException | Error thrown) {
          failure.compareAndSet(null, thrown);
        } finally {
          open.countDown();
        }
      }
    }

    void join() {
      boolean interrupted = false;
      while (true) {
        try {
          open.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true; // the tasks must not outlive the call
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        default -> throw new IllegalStateException(failure.get());
      }
    }
  }
}
