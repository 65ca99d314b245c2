package kaspeer.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops what was started, in reverse, each part in its time. A part that takes longer, or fails,
 * holds up none of the others: a node that is stopped without ceremony loses nothing that was
 * stored. All together stay below ten seconds: when those before have used up the time, the last
 * have less of it, but never none.
 */
final class StopSequence {
  static final Duration ADMIN = Duration.ofMillis(1500);
  static final Duration MINER = Duration.ofMillis(500);
  static final Duration DRAIN = Duration.ofMillis(500);
  static final Duration CLUSTER = Duration.ofSeconds(5);
  static final Duration ENGINE = Duration.ofSeconds(3);
  static final Duration ACTORS = Duration.ofSeconds(2);
  static final Duration DAG = Duration.ofMillis(1500);
  static final Duration STORE = Duration.ofSeconds(1);

  /** Of all parts together. */
  static final Duration ALL = Duration.ofSeconds(9);

  /** What each part has at least. */
  static final Duration LEAST = Duration.ofMillis(300);

  private static final Logger LOG = LoggerFactory.getLogger(StopSequence.class);

  private final Deque<Part> parts = new ArrayDeque<>();
  private final Duration all;

  StopSequence() {
    this(ALL);
  }

  /**
   * @param all the time of all parts together
   */
  StopSequence(Duration all) {
    this.all = all;
  }

  private record Part(String name, Duration limit, Stop stop) {}

  /** Stops a part. */
  interface Stop {
    void run() throws Exception;
  }

  /** Notes how to stop what was just started. */
  synchronized void add(String name, Duration limit, Stop stop) {
    parts.push(new Part(name, limit, stop));
  }

  /**
   * Stops everything that was noted. What is still at work when its time is over goes on by itself.
   */
  synchronized void run() {
    long end = System.nanoTime() + all.toNanos();
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      long left = end - System.nanoTime() - parts.size() * LEAST.toNanos();
      long limit = Math.min(part.limit.toNanos(), Math.max(LEAST.toNanos(), left));
      stop(part, Duration.ofNanos(limit));
    }
  }

  private static void stop(Part part, Duration limit) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              part.stop.run();
              return true;
            });
    Thread.ofPlatform().daemon().name("stop " + part.name).start(task);
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("{} did not stop within {} ms", part.name, limit.toMillis());
    } catch (ExecutionException e) {
      LOG.warn("{} did not stop as it should", part.name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while {} stopped", part.name);
    }
  }
}
