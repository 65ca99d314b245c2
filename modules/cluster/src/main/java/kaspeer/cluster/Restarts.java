package kaspeer.cluster;

import java.time.Duration;

/**
 * How long a member waits before it starts over: not at all the first time, then longer and longer.
 * Its monitor is held by whoever opens or ends the cluster's actors, but not while that waits; and
 * a member that is to stop waits no more.
 */
final class Restarts {
  static final Duration SHORTEST = Duration.ofMillis(500);
  static final Duration LONGEST = Duration.ofSeconds(30);

  /** Who starts over again so soon after the last time waits longer. */
  static final Duration SOON = Duration.ofMinutes(1);

  /** Set before the monitor is asked for: whoever holds it may be trying to open until then. */
  private volatile boolean closed;

  private Duration pause = Duration.ZERO;
  private long last;
  private boolean restarted;

  /** Nothing is started over any more. */
  void close() {
    closed = true;
    synchronized (this) {
      notifyAll();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * How long to wait now.
   *
   * @param nowNanos of a clock that only goes forward
   */
  synchronized Duration next(long nowNanos) {
    if (!restarted || nowNanos - last > SOON.toNanos()) {
      pause = Duration.ZERO;
    } else {
      Duration longer = pause.isZero() ? SHORTEST : pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }
    restarted = true;
    last = nowNanos;
    return pause;
  }

  /** Waits for so long, or until it is closed; the monitor is free meanwhile. */
  synchronized void await(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toMillis();
          left > 0 && !closed;
          left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
