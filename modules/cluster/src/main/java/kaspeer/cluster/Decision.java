package kaspeer.cluster;

import java.util.Optional;

/**
 * What was decided last of a ban or of a permanent peer. Members that hear of several decisions on
 * one subject keep the latest, whichever came first.
 *
 * @param holds whether it holds; otherwise somebody has lifted it
 * @param at when that was decided, in milliseconds since 1970, and later than whatever it replaced;
 *     0 if that is not known: then it yields to any other
 * @param until milliseconds since 1970: when the ban is over, or for how long it is remembered that
 *     it was lifted
 */
record Decision(boolean holds, long at, long until, String reason) {
  /** Longest reason that others are told. */
  private static final int REASON = 64;

  /** For so long after its end others may still tell of it: their clocks are not ours. */
  private static final long MARGIN = 3_600_000;

  /** Ends that differ by so much are the same. */
  private static final long SAME_TIME = 10_000;

  /** No clock is beyond the year 10000: who says so would have the last word for ever. */
  private static final long LATEST = 253_402_300_800_000L;

  private static final int PARTS = 4;

  private static final String HOLDS = "holds";
  private static final String LIFTED = "lifted";

  Decision {
    reason = reason.substring(0, Math.min(reason.length(), REASON));
  }

  /** Whether this one counts, and not the other; of two at one time that which is lifted. */
  boolean isAfter(Decision other) {
    if (at != other.at) {
      return at > other.at;
    }
    return holds == other.holds ? until > other.until : !holds;
  }

  /** Whether it says the same, but for who decided it and when. */
  boolean isLike(Decision other) {
    return holds == other.holds && Math.abs(until - other.until) <= SAME_TIME;
  }

  /** Whether nobody need know of it any more. */
  boolean isForgotten(long now) {
    return until < now - MARGIN;
  }

  /** Whether its time is over, or as good as that. */
  boolean isOver(long now) {
    return until <= now + SAME_TIME;
  }

  /** As members tell it: three words, and a reason that may be empty. */
  String text() {
    return (holds ? HOLDS : LIFTED) + " " + at + " " + until + " " + reason;
  }

  static Optional<Decision> parse(String text) {
    String[] parts = text.split(" ", PARTS);
    boolean holds = parts[0].equals(HOLDS);
    if (parts.length < PARTS || !holds && !parts[0].equals(LIFTED)) {
      return Optional.empty();
    }
    try {
      long at = Long.parseLong(parts[1]);
      return at < 0 || at > LATEST
          ? Optional.empty()
          : Optional.of(new Decision(holds, at, Long.parseLong(parts[2]), parts[3]));
    } catch (NumberFormatException malformed) {
      return Optional.empty();
    }
  }
}
