package kaspeer.consensus;

import java.util.List;

/**
 * Hears of changes, in order, on a thread of its own. While it is slow, the bytes of the blocks it
 * has not heard of count as in flight, so that in the end new ones are refused as {@link
 * Verdict.Busy}.
 */
@FunctionalInterface
public interface ConsensusListener {
  /** Hears nothing. */
  ConsensusListener NONE = events -> {};

  /**
   * @param events what one commit changed
   */
  void onEvents(List<ConsensusEvent> events);
}
