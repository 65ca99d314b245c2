package kaspeer.flows.sync;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many answers of a kind may be in the making at once, over all peers: each takes memory until
 * its peer has taken it. Safe from any thread.
 */
final class Permits {
  private final AtomicInteger free;

  Permits(int count) {
    free = new AtomicInteger(count);
  }

  /** Takes a permit if there is one. */
  boolean tryTake() {
    return free.getAndUpdate(n -> n > 0 ? n - 1 : n) > 0;
  }

  void giveBack() {
    free.incrementAndGet();
  }
}
