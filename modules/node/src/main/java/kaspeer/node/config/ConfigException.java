package kaspeer.node.config;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The node was told something that makes no sense. The message is one line that names what and
 * where.
 */
public final class ConfigException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public ConfigException(String message) {
    this(message, null);
  }

  public ConfigException(String message, @Nullable Throwable cause) {
    super(message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(""), cause);
  }
}
