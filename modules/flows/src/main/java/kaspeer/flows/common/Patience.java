package kaspeer.flows.common;

import java.time.Duration;
import kaspeer.flow.FlowContext;

/**
 * How much longer than its limit an answer is waited for: as long as we did not read what the peer
 * sends, for the answer may be among that. Belongs to its flow's actor.
 */
public final class Patience {
  private final FlowContext flow;
  private Duration counted;

  /** An answer is due from now on. */
  public Patience(FlowContext flow) {
    this.flow = flow;
    this.counted = flow.notReading();
  }

  /** Another answer is due, from now on. */
  public void begin() {
    counted = flow.notReading();
  }

  /**
   * The limit has passed, or what this returned before. Returns how much longer to wait; zero if
   * the peer had all its time, and is late.
   */
  public Duration more() {
    Duration before = counted;
    counted = flow.notReading();
    return counted.minus(before);
  }
}
