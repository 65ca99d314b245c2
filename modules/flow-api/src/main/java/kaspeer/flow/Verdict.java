package kaspeer.flow;

import kaspeer.flow.policy.ViolationCode;

/**
 * What becomes of an intercepted message. The first word counts, and none after the deadline. Safe
 * from any thread.
 */
public interface Verdict {
  /** The built-in flow has it. */
  void pass();

  /**
   * The built-in flow never hears of it. A dropped transaction is to that flow one that the peer
   * did not have.
   */
  void drop();

  /** It is dropped, and the policy decides what follows for the peer. */
  void violation(ViolationCode code, String detail);
}
