package kaspeer.testkit.flow;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The scheduler of an actor system in which time passes only when told. Tasks run on the thread
 * that lets it pass, in the order of their time. (Pekko's own manual one sleeps a tenth of a second
 * at each step.) Made by the actor system, by name.
 */
public final class ManualScheduler extends AbstractScheduler implements Closeable {
  /** Of a system that has such a scheduler, and few threads: one flow runs at a time. */
  static final Config CONFIG =
      ConfigFactory.parseString(
          """
          pekko.actor.default-dispatcher.executor = "fork-join-executor"
          pekko.actor.default-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 2 }
          pekko.actor.internal-dispatcher.executor = "fork-join-executor"
          pekko.actor.internal-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 2 }
          pekko.scheduler.implementation = "kaspeer.testkit.flow.ManualScheduler"
          pekko.log-dead-letters = off
          pekko.loglevel = WARNING
          """);

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparingLong((Task task) -> task.dueNanos)
              .thenComparingLong(task -> task.number));
  private long nowNanos;
  private long made;
  private boolean closed;

  /** The signature that actor systems look for. */
  public ManualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    log.debug("time stands still");
  }

  private final class Task implements Cancellable {
    final long dueNanos;
    final long number;
    final Runnable action;
    boolean cancelled;

    Task(long dueNanos, long number, Runnable action) {
      this.dueNanos = dueNanos;
      this.number = number;
      this.action = action;
    }

    @Override
    public boolean cancel() {
      synchronized (ManualScheduler.this) {
        boolean first = !cancelled && tasks.remove(this);
        cancelled = true;
        return first;
      }
    }

    @Override
    public boolean isCancelled() {
      synchronized (ManualScheduler.this) {
        return cancelled;
      }
    }
  }

  @Override
  public synchronized Cancellable scheduleOnce(
      FiniteDuration delay, Runnable action, ExecutionContext executor) {
    if (closed) {
      throw new IllegalStateException("the actor system has ended");
    }
    Task task = new Task(nowNanos + Math.max(0, delay.toNanos()), made++, action);
    tasks.add(task);
    return task;
  }

  @Override
  @Deprecated
  public Cancellable schedule(
      FiniteDuration initialDelay,
      FiniteDuration interval,
      Runnable action,
      ExecutionContext executor) {
    throw new UnsupportedOperationException("fixed rates; flows use fixed delays");
  }

  @Override
  public double maxFrequency() {
    return 1e9;
  }

  /** How long until the next task is due, or null if there is none. */
  synchronized @Nullable Duration untilNext() {
    Task next = tasks.peek();
    return next == null ? null : Duration.ofNanos(next.dueNanos - nowNanos);
  }

  /** Lets time pass and runs what became due. */
  void pass(Duration duration) {
    List<Task> due = new ArrayList<>();
    synchronized (this) {
      nowNanos += duration.toNanos();
      while (!tasks.isEmpty() && tasks.element().dueNanos <= nowNanos) {
        due.add(tasks.remove());
      }
    }
    due.forEach(task -> task.action.run());
  }

  /** Runs all that is left: dispatchers end by such tasks. */
  @Override
  public void close() {
    List<Task> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(tasks);
      tasks.clear();
    }
    left.forEach(task -> task.action.run());
  }
}
