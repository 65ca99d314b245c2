package kaspeer.script;

/** What an opcode does to the state of the engine. */
@FunctionalInterface
interface Instruction {
  /**
   * Does it.
   *
   * @throws ScriptException if the script fails by it
   */
  void execute(ScriptEngine engine) throws ScriptException;
}
