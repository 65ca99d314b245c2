package kaspeer.engine.extension;

/** So much a second, with something in hand for bursts. Safe from any thread. */
final class Rate {
  private final double perNano;
  private final double most;
  private double left;
  private long since;

  /**
   * @param most at once
   * @param now by {@link System#nanoTime}
   */
  Rate(double perSecond, double most, long now) {
    this.perNano = perSecond / 1e9;
    this.most = most;
    this.left = most;
    this.since = now;
  }

  /** Takes so much if it is there. */
  synchronized boolean take(double amount, long now) {
    left = Math.min(most, left + (now - since) * perNano);
    since = now;
    if (left < amount) {
      return false;
    }
    left -= amount;
    return true;
  }
}
