package kaspeer.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
public final class MutableClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  public synchronized void advance(Duration time) {
    now = now.plus(time);
  }
}
