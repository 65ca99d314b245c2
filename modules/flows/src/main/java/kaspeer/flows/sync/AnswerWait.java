package kaspeer.flows.sync;

import java.time.Duration;
import java.time.InstantSource;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * How long one kind of answer has been due. The limit counts ticks of a second rather than the
 * clock, so that neither a clock that is set nor a pause of our own process makes a peer late; the
 * clock only measures how fast answers come.
 */
final class AnswerWait {
  /** Between two calls of {@link #tick}. */
  static final Duration TICK = Duration.ofSeconds(1);

  private final InstantSource clock;
  private boolean waiting;
  private PayloadCase awaited = PayloadCase.PAYLOAD_NOT_SET;
  private Duration limit = Duration.ZERO;
  private int ticks;
  private long since;

  AnswerWait(InstantSource clock) {
    this.clock = clock;
  }

  /** An answer is due from now on. */
  void begin(PayloadCase payload, Duration within) {
    waiting = true;
    awaited = payload;
    limit = within;
    ticks = 0;
    since = clock.millis();
  }

  /** An answer came, or none is due any longer. Returns for how many milliseconds we waited. */
  long end() {
    if (!waiting) {
      return 0;
    }
    waiting = false;
    // A clock that was set back or forward tells nothing; the ticks then say how long it was at
    // most.
    return Math.clamp(clock.millis() - since, 0, (ticks + 1) * TICK.toMillis());
  }

  boolean isWaiting() {
    return waiting;
  }

  /** A second has passed. */
  void tick() {
    if (waiting) {
      ticks++;
    }
  }

  /** Whether the answer did not come within its limit. */
  boolean isLate() {
    return silence().compareTo(limit) >= 0 && waiting;
  }

  PayloadCase awaited() {
    return awaited;
  }

  /** For how long nothing has come, to the second. */
  Duration silence() {
    return waiting ? TICK.multipliedBy(ticks) : Duration.ZERO;
  }
}
