package kaspeer.flow.policy;

/**
 * What counts for a peer when a sanction is decided.
 *
 * @param permanent whether an operator asked for this peer: it is never banned
 * @param score points against it, decayed to now; see {@link Policy#decayed}
 */
public record Standing(boolean permanent, double score) {
  /** A peer that nothing is known against. */
  public static final Standing CLEAN = new Standing(false, 0);

  public Standing {
    if (!(score >= 0)) {
      throw new IllegalArgumentException("a score is 0 or more, not " + score);
    }
  }
}
