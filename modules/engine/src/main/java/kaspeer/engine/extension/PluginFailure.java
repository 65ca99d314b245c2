package kaspeer.engine.extension;

import org.jspecify.annotations.Nullable;

/**
 * Whatever a plug-in threw, as words and stack: what others do with it runs no code of the plug-in.
 * Never an error, which would end the whole actor system: a class that is missing or a stack that
 * is too deep is the plug-in's trouble alone.
 */
final class PluginFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Causes of causes that are kept. */
  private static final int MAX_DEPTH = 8;

  private PluginFailure(String words, @Nullable PluginFailure cause) {
    super(words, cause, false, true);
  }

  /** To be called on the plug-in's threads. */
  static PluginFailure of(Throwable thrown) {
    return thrown instanceof PluginFailure known ? known : of(thrown, MAX_DEPTH);
  }

  @SuppressWarnings("ThrowableNotThrown") // Its caller throws it.
  private static PluginFailure of(Throwable thrown, int depth) {
    try {
      Throwable cause = thrown.getCause();
      PluginFailure failure =
          new PluginFailure(
              Texts.cut(thrown.toString()),
              cause == null || depth == 1 ? null : of(cause, depth - 1));
      failure.setStackTrace(thrown.getStackTrace());
      return failure;
    } catch (Throwable unspeakable) {
      return new PluginFailure(thrown.getClass().getName(), null);
    }
  }
}
