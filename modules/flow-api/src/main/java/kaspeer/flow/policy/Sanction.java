package kaspeer.flow.policy;

import java.time.Duration;

/** What follows from a breach, from mildest to hardest. */
public sealed interface Sanction {
  /** Nothing but a count. */
  record Ignore() implements Sanction {}

  /** Points to the peer's score; at the ban limit of the policy it is banned. */
  record Demerit(int points) implements Sanction {}

  /** The connection ends without a word. */
  record Disconnect() implements Sanction {}

  /** The peer is told why and disconnected. */
  record Reject() implements Sanction {}

  /** Told why, disconnected, and its address refused for this long. */
  record Ban(Duration length) implements Sanction {}

  /** Whether the connection ends. */
  default boolean endsPeer() {
    return !(this instanceof Ignore) && !(this instanceof Demerit);
  }
}
