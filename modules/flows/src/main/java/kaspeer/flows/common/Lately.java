package kaspeer.flows.common;

import java.time.Duration;
import java.time.Instant;

/**
 * Short times by a clock that may be set. What seems to lie in the future happened before the clock
 * was set back, nobody knows when: it is not lately, so that nothing pauses for as long as the
 * step.
 */
public final class Lately {
  private Lately() {}

  /** Whether something happened no longer ago than this. */
  public static boolean was(Instant since, Duration within, Instant now) {
    return !now.isBefore(since) && now.isBefore(since.plus(within));
  }
}
