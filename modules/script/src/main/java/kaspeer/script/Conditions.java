package kaspeer.script;

/**
 * The conditionals a script is in (consensus reference 6.8.1), in constant memory: those entered
 * while the script was being executed have all taken their branches, save perhaps the innermost;
 * any in a branch that is not taken are just skipped and only need to be counted.
 */
final class Conditions {
  private int entered;
  private int skipped;

  /** Of the innermost entered. */
  private boolean taken = true;

  /** Whether opcodes are executed here. */
  boolean executing() {
    return taken;
  }

  boolean balanced() {
    return entered == 0;
  }

  /** Enters a conditional, which only an executed IF does. */
  void enter(boolean condition) {
    entered++;
    taken = condition;
  }

  void skip() {
    skipped++;
  }

  /**
   * ELSE.
   *
   * @throws ScriptException {@link ScriptError#UNBALANCED_CONDITIONAL} outside any conditional
   */
  void change() throws ScriptException {
    requireOpen();
    if (skipped == 0) {
      taken = !taken;
    }
  }

  /**
   * ENDIF.
   *
   * @throws ScriptException {@link ScriptError#UNBALANCED_CONDITIONAL} outside any conditional
   */
  void leave() throws ScriptException {
    requireOpen();
    if (skipped > 0) {
      skipped--;
    } else {
      entered--;
      taken = true;
    }
  }

  private void requireOpen() throws ScriptException {
    if (entered == 0) {
      throw new ScriptException(ScriptError.UNBALANCED_CONDITIONAL);
    }
  }
}
