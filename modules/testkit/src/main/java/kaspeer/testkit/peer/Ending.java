package kaspeer.testkit.peer;

import org.jspecify.annotations.Nullable;

/**
 * How a connection ended, as the scripted peer saw it.
 *
 * @param kind the first sign of the end
 * @param code of HTTP/2, for a reset and a goodbye; else 0
 * @param reject text of the last Reject that came before it, if one came
 */
public record Ending(Kind kind, int code, @Nullable String reject) {
  /** Signs of an end. */
  public enum Kind {
    /** The stream was closed in good order. */
    STREAM_CLOSED,
    /** The stream was reset. */
    STREAM_RESET,
    /** The whole connection was refused by HTTP/2's goodbye. */
    GOODBYE,
    /** TCP was closed in good order. */
    DISCONNECTED,
    /** TCP was reset, or failed. */
    BROKEN,
    /** The script closed it. */
    OURS
  }
}
