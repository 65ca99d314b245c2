package kaspeer.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Time that never goes back, for limits and pauses: when the clock of the machine is set back this
 * one goes on from where it was. Otherwise whatever had its time taken down before would not be due
 * until the clock had caught up, which may take hours. It is not what time it is: that may be far
 * from it after such a step. Belongs to one actor.
 */
public final class SteadyClock implements InstantSource {
  private final InstantSource wall;
  private Instant lastRead;
  private Instant now;

  /** Goes as this one does, except back. */
  public SteadyClock(InstantSource wall) {
    this.wall = wall;
    this.lastRead = wall.instant();
    this.now = lastRead;
  }

  @Override
  public Instant instant() {
    Instant read = wall.instant();
    if (read.isAfter(lastRead)) {
      now = now.plus(Duration.between(lastRead, read));
    }
    lastRead = read;
    return now;
  }
}
