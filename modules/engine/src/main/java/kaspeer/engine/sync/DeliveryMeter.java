package kaspeer.engine.sync;

import java.time.Duration;
import kaspeer.flow.peers.Sync.Delivery;

/**
 * How fast a peer delivers: items for the time we waited on it, from request to arrival. What we do
 * with them meanwhile does not count, so that our own slowness makes no peer slow.
 */
final class DeliveryMeter {
  /** Waiting after which an observation weighs half. */
  private static final double HALF_LIFE_SECONDS = 10;

  /** Deliveries that cost no measurable waiting still took some. */
  private static final double LEAST_SECONDS = 0.001;

  private double items;
  private double seconds;
  private long windowItems;
  private Duration windowWaited = Duration.ZERO;
  private boolean measured;

  void delivered(Delivery delivery, Duration window) {
    double waited = Math.max(LEAST_SECONDS, delivery.waited().toNanos() / 1e9);
    double kept = Math.pow(0.5, waited / HALF_LIFE_SECONDS);
    items = items * kept + delivery.items();
    seconds = seconds * kept + waited;
    measured = true;
    if (windowWaited.compareTo(window) >= 0) {
      windowItems = 0;
      windowWaited = Duration.ZERO;
    }
    windowItems += delivery.items();
    windowWaited = windowWaited.plus(delivery.waited());
  }

  /** Whether anything is known of this peer. */
  boolean isMeasured() {
    return measured;
  }

  /** Items for a second of waiting, lately; 0 if nothing is known. */
  double itemsPerSecond() {
    return measured ? items / seconds : 0;
  }

  /** Whether this peer is faster than another, as far as is known. */
  boolean mayBeat(DeliveryMeter other) {
    return !measured || itemsPerSecond() > other.itemsPerSecond();
  }

  /**
   * Whether the peer delivers less than this.
   *
   * @param window how long we must have waited for it before that can be said
   * @param silence how long it has been silent by now
   */
  boolean isBelow(int itemsPerMinute, Duration window, Duration silence) {
    Duration waited = windowWaited.plus(silence);
    return waited.compareTo(window) >= 0
        && windowItems * 60_000.0 < (double) itemsPerMinute * waited.toMillis();
  }
}
