package kaspeer.transport;

/** A token bucket for one thread. Looks at the clock only when it has run dry. */
final class RateLimit {
  private static final long SECOND = 1_000_000_000L;

  private final int burst;
  private final int perSecond;
  private int tokens;
  private long filledAt;

  /**
   * @param burst tokens it holds
   * @param perSecond tokens it gains
   */
  RateLimit(int burst, int perSecond, long now) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.tokens = burst;
    this.filledAt = now;
  }

  /** Takes a token; false if there is none. */
  boolean take() {
    if (tokens == 0) {
      fill(System.nanoTime());
    }
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Adds what was gained since it was last filled. */
  void fill(long now) {
    long gained = Math.min((now - filledAt) / (SECOND / perSecond), burst);
    if (gained > 0) {
      tokens = (int) Math.min(burst, tokens + gained);
      filledAt = now;
    }
  }
}
