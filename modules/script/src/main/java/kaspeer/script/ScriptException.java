package kaspeer.script;

/**
 * A script that fails. Scripts come from strangers and fail as often as those like, so the
 * exception carries no stack trace.
 */
public final class ScriptException extends Exception {
  private final ScriptError error;

  /**
   * @param detail what exactly, empty if there is no more to say
   */
  public ScriptException(ScriptError error, String detail) {
    super(
        detail.isEmpty() ? error.description() : error.description() + ": " + detail,
        null,
        false,
        false);
    this.error = error;
  }

  ScriptException(ScriptError error) {
    this(error, "");
  }

  /** Which rule. */
  public ScriptError error() {
    return error;
  }
}
