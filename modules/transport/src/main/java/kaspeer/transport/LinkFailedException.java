package kaspeer.transport;

import java.io.IOException;

/**
 * A dialled peer was not reached, or would not have us. Has no stack trace: it is an answer, not an
 * accident.
 */
public final class LinkFailedException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient LinkEnd end;

  LinkFailedException(LinkEnd end) {
    super(end.toString());
    this.end = end;
  }

  public LinkEnd end() {
    return end;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
