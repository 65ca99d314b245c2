package kaspeer.flows.sync;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import kaspeer.flow.FlowContext;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * How long one kind of answer has been due. The limit counts ticks of a second rather than the
 * clock, so that neither a clock that is set nor a pause of our own process makes a peer late; the
 * clock only measures how fast answers come. Of both, the time does not count in which we did not
 * read what the peer sends.
 */
final class AnswerWait {
  /** Between two calls of {@link #tick}. */
  static final Duration TICK = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Supplier<Duration> notReading;
  private boolean waiting;
  private PayloadCase awaited = PayloadCase.PAYLOAD_NOT_SET;
  private Duration limit = Duration.ZERO;
  private int ticks;
  private long since;
  private Duration notReadBefore = Duration.ZERO;

  AnswerWait(FlowContext flow) {
    this(flow.clock(), flow::notReading);
  }

  /**
   * @param notReading for how long in all nothing was read from the peer
   */
  AnswerWait(InstantSource clock, Supplier<Duration> notReading) {
    this.clock = clock;
    this.notReading = notReading;
  }

  /** An answer is due from now on. */
  void begin(PayloadCase payload, Duration within) {
    waiting = true;
    awaited = payload;
    limit = within;
    ticks = 0;
    since = clock.millis();
    notReadBefore = notReading.get();
  }

  /** An answer came, or none is due any longer. Returns for how many milliseconds we waited. */
  long end() {
    if (!waiting) {
      return 0;
    }
    waiting = false;
    // A clock that was set back or forward tells nothing; the ticks then say how long it was at
    // most.
    long elapsed = Math.clamp(clock.millis() - since, 0, (ticks + 1) * TICK.toMillis());
    return Math.max(0, elapsed - notRead().toMillis());
  }

  private Duration notRead() {
    return notReading.get().minus(notReadBefore);
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

  /** For how long nothing has come although we were reading, to the second. */
  Duration silence() {
    Duration silence = waiting ? TICK.multipliedBy(ticks).minus(notRead()) : Duration.ZERO;
    return silence.isNegative() ? Duration.ZERO : silence.truncatedTo(ChronoUnit.SECONDS);
  }
}
