package kaspeer.consensus;

import org.jspecify.annotations.Nullable;

/** The consensus was closed, or broke and accepts nothing any more; then the cause says why. */
public final class ConsensusUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ConsensusUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
