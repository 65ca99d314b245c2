package kaspeer.mempool;

/**
 * How a transaction came, and so what may become of it (protocol reference 8.4).
 *
 * @param source who sent it; best named by address, so that reconnecting gains nothing
 * @param orphanAllowed whether it may wait for transactions that it builds on
 */
public record Submission(
    String source, Priority priority, Replacement replacement, boolean orphanAllowed) {
  /** The source of what was submitted to this node. */
  public static final String LOCAL = "local";

  /** How long a transaction stays. It makes no difference for block templates. */
  public enum Priority {
    /** Expires, and may be evicted to make room. */
    LOW,
    /** Neither, and peers are told of it again and again. */
    HIGH
  }

  /** Whether a transaction may push out those that spend the same, if its fee rate is higher. */
  public enum Replacement {
    FORBIDDEN,
    ALLOWED,
    /** It must push out exactly one. */
    MANDATORY
  }

  /** From a peer. */
  public static Submission relayed(String source) {
    return new Submission(source, Priority.LOW, Replacement.ALLOWED, true);
  }

  /** Submitted to this node. */
  public static Submission local() {
    return new Submission(LOCAL, Priority.HIGH, Replacement.FORBIDDEN, false);
  }

  /** Submitted to this node to replace another. */
  public static Submission localReplacement() {
    return new Submission(LOCAL, Priority.HIGH, Replacement.MANDATORY, false);
  }

  /** Was in a block that is not on the selected chain any more. */
  static Submission returned(boolean local) {
    return new Submission(
        "chain", local ? Priority.HIGH : Priority.LOW, Replacement.ALLOWED, false);
  }

  boolean isHigh() {
    return priority == Priority.HIGH;
  }
}
