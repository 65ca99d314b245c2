package kaspeer.storage;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The store cannot be opened or used. The message is one line that an operator can act on. */
public final class StoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Reason {
    /** Another process, or this one, has the directory open. */
    IN_USE,
    /** The directory holds something that is not a store. */
    NOT_OURS,
    /** A newer version of this program wrote it. */
    NEWER_FORMAT,
    /** It belongs to another network or another genesis. */
    OTHER_NETWORK,
    /** It was filled under other consensus parameters. */
    OTHER_PARAMETERS,
    /** What is on the disk is damaged or incomplete. */
    CORRUPT,
    /** No space is left on the disk. */
    DISK_FULL,
    /** The disk or the operating system refused. */
    IO,
    /** The store was closed. */
    CLOSED
  }

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(
        message.lines().map(String::strip).reduce((a, b) -> a + "; " + b).orElse(reason.name()),
        cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
