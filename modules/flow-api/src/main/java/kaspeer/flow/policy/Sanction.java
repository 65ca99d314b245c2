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

  /** What it is called on the outside, without its measure. */
  default String word() {
    return switch (this) {
      case Ignore _ -> "ignore";
      case Demerit _ -> "demerit";
      case Disconnect _ -> "disconnect";
      case Reject _ -> "reject";
      case Ban _ -> "ban";
    };
  }

  /** What it is called on the outside: {@code ban 3600 s}. */
  default String text() {
    return switch (this) {
      case Demerit(int points) -> word() + " " + points + " points";
      case Ban(Duration length) -> word() + " " + length.toSeconds() + " s";
      case Ignore _, Disconnect _, Reject _ -> word();
    };
  }

  /** Whether the connection ends. */
  default boolean endsPeer() {
    return !(this instanceof Ignore) && !(this instanceof Demerit);
  }
}
