package kaspeer.flows.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * An allowance that refills steadily. What it cannot pay for at once waits; nobody is blamed for
 * asking. Safe from any thread.
 */
final class TokenBucket {
  private final InstantSource clock;
  private final double perSecond;
  private final double burst;
  private double tokens;
  private Instant filledAt;

  /**
   * @param burst most tokens at any time; no price may be higher
   */
  TokenBucket(InstantSource clock, double perSecond, int burst) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filledAt = clock.instant();
  }

  /** Pays, and returns zero; or does not, and returns how long to wait before trying again. */
  synchronized Duration take(int price) {
    Instant now = clock.instant();
    double elapsed = Duration.between(filledAt, now).toMillis() / 1000.0;
    // A clock that was set back grants nothing, and one that was set forward no more than the
    // burst.
    tokens = Math.min(burst, tokens + Math.max(0, elapsed) * perSecond);
    filledAt = now;
    if (price <= tokens) {
      tokens -= price;
      return Duration.ZERO;
    }
    return Duration.ofMillis((long) Math.ceil((price - tokens) * 1000 / perSecond));
  }
}
