package kaspeer.script;

/**
 * A script that fails. Scripts come from strangers and fail as often as those like, so the
 * exception carries no stack trace.
 */
public final class ScriptException extends Exception {
  private final ScriptError error;
  private final boolean forNow;

  /**
   * @param detail what exactly, empty if there is no more to say
   */
  public ScriptException(ScriptError error, String detail) {
    this(
        error, detail.isEmpty() ? error.description() : error.description() + ": " + detail, false);
  }

  private ScriptException(ScriptError error, String message, boolean forNow) {
    super(message, null, false, false);
    this.error = error;
    this.forNow = forNow;
  }

  ScriptException(ScriptError error) {
    this(error, "");
  }

  /** The same failure of a script that asked for something that is not the same for ever. */
  ScriptException asForNow() {
    return new ScriptException(error, String.valueOf(getMessage()), true);
  }

  /**
   * Whether the script asked for something that depends on where in the chain it is run: at another
   * place it may succeed.
   */
  public boolean isForNow() {
    return forNow;
  }

  /** Which rule. */
  public ScriptError error() {
    return error;
  }
}
