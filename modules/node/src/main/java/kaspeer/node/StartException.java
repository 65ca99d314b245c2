package kaspeer.node;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The node cannot start. The message is one line that an operator can act on. */
public final class StartException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public StartException(String message, @Nullable Throwable cause) {
    super(
        message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("cannot start"),
        cause);
  }
}
