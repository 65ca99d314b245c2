package kaspeer.cluster.wire;

/**
 * What another member sent makes no sense: it is of another version, or has a fault. Has no stack
 * trace: whoever reads the message answers it with a word.
 */
public final class MalformedMessageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param what does not make sense
   */
  public MalformedMessageException(String what) {
    super(what, null, false, false);
  }

  /**
   * @param what does not make sense
   */
  public MalformedMessageException(String what, Throwable cause) {
    super(what, cause, false, false);
  }
}
