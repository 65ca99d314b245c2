package kaspeer.flows.common;

import java.time.Duration;

/**
 * Counts a flow's questions to the shared actors of this node, so that one that is never answered
 * does not hold up the peer for ever: looked at from time to time, it tells whether nothing has
 * moved since the last look.
 */
public final class LocalQuestions {
  /**
   * How often to look. A question that stands at two looks with no answer to any between them is
   * lost.
   */
  public static final Duration LOOK_INTERVAL = Duration.ofMinutes(1);

  private long asked;
  private long answered;
  private long answeredAtLook;
  private boolean openAtLook;

  public void ask() {
    asked++;
  }

  public void answer() {
    answered++;
  }

  /** Whether questions were open at the last look already, and none of them was answered since. */
  public boolean areStalled() {
    boolean stalled = openAtLook && answered == answeredAtLook;
    openAtLook = asked > answered;
    answeredAtLook = answered;
    return stalled;
  }
}
