package kaspeer.script;

/** Branches, verification, and the opcodes that only fail. */
final class Control {
  static final Instruction RESERVED = failing(ScriptError.RESERVED_OPCODE);
  static final Instruction DISABLED = failing(ScriptError.DISABLED_OPCODE);
  static final Instruction INVALID = failing(ScriptError.INVALID_OPCODE);
  static final Instruction RETURN = failing(ScriptError.EARLY_RETURN);

  private Control() {}

  private static Instruction failing(ScriptError error) {
    return engine -> {
      throw new ScriptException(error);
    };
  }

  /** IF and NOTIF: enters a branch if the top of the stack is as wanted. */
  static void branch(ScriptEngine engine, boolean wanted) throws ScriptException {
    if (engine.conditions.executing()) {
      engine.conditions.enter(engine.stack.popBoolean() == wanted);
    } else {
      engine.conditions.skip();
    }
  }

  static void verify(ScriptEngine engine) throws ScriptException {
    verify(engine.stack.popBoolean());
  }

  static void verify(boolean condition) throws ScriptException {
    if (!condition) {
      throw new ScriptException(ScriptError.VERIFY_FAILED);
    }
  }

  /** An opcode, and then VERIFY; the result between them is paid for. */
  static Instruction thenVerify(Instruction instruction) {
    return engine -> {
      instruction.execute(engine);
      verify(engine);
    };
  }
}
