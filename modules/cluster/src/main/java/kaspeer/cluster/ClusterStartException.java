package kaspeer.cluster;

/** A member cannot start; the message says why in one line. */
public final class ClusterStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterStartException(String why) {
    super(why);
  }

  ClusterStartException(String why, Throwable cause) {
    super(why, cause);
  }
}
