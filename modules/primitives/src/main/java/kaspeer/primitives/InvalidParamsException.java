package kaspeer.primitives;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A parameter override that cannot be used; the message names the field and says why, in one line.
 */
public final class InvalidParamsException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  InvalidParamsException(String message) {
    super(message);
  }

  InvalidParamsException(@Nullable String message, Throwable cause) {
    super(message, cause);
  }
}
