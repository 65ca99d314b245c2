package kaspeer.node.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The node could not be asked, or would not do it. The message is one line. */
public final class ClientException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public ClientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
