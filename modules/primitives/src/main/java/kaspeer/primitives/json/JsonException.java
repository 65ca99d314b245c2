package kaspeer.primitives.json;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Text that is not JSON, or JSON that is not what was expected; the message says where, in one
 * line.
 */
public final class JsonException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public JsonException(String message) {
    super(message);
  }

  public JsonException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
