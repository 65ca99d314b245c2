package kaspeer.engine.extension;

/**
 * Whatever a plug-in threw. Never an error, which would end the whole actor system: a class that is
 * missing or a stack that is too deep is the plug-in's trouble alone.
 */
final class PluginFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private PluginFailure(Throwable cause) {
    super(cause.toString(), cause, false, false);
  }

  static PluginFailure of(Throwable cause) {
    return cause instanceof PluginFailure known ? known : new PluginFailure(cause);
  }
}
