package kaspeer.script;

/** Opcodes that copy, move and drop what is on the stack. */
final class StackMoves {
  private StackMoves() {}

  static void toAltStack(ScriptEngine engine) throws ScriptException {
    engine.stack.require(1);
    engine.altStack.place(engine.stack.pop());
  }

  static void fromAltStack(ScriptEngine engine) throws ScriptException {
    engine.stack.place(engine.altStack.pop());
  }

  static Instruction drop(int count) {
    return engine -> {
      engine.stack.require(count);
      engine.stack.drop(count);
    };
  }

  /** Copies the top {@code count}. */
  static Instruction duplicate(int count) {
    return engine -> {
      engine.stack.require(count);
      engine.stack.copy(count, count);
    };
  }

  /** Copies the {@code count} below the top {@code count}. */
  static Instruction over(int count) {
    return engine -> {
      engine.stack.require(2 * count);
      engine.stack.copy(2 * count, count);
    };
  }

  /** Moves the lowest {@code count} of the top {@code span} to the top. */
  static Instruction rotate(int span, int count) {
    return engine -> {
      engine.stack.require(span);
      engine.stack.rotate(span, count);
    };
  }

  static void duplicateIfTrue(ScriptEngine engine) throws ScriptException {
    engine.stack.require(1);
    if (ScriptNumber.isTrue(engine.stack.peek())) {
      engine.stack.copy(1, 1);
    }
  }

  static void depth(ScriptEngine engine) throws ScriptException {
    engine.stack.pushNumber(engine.stack.size());
  }

  static void nip(ScriptEngine engine) throws ScriptException {
    engine.stack.require(2);
    engine.stack.rotate(2, 1);
    engine.stack.drop(1);
  }

  static void pick(ScriptEngine engine) throws ScriptException {
    engine.stack.copy(popDepth(engine.stack), 1);
  }

  static void roll(ScriptEngine engine) throws ScriptException {
    engine.stack.rotate(popDepth(engine.stack), 1);
  }

  static void tuck(ScriptEngine engine) throws ScriptException {
    engine.stack.require(2);
    engine.stack.tuck();
  }

  /** Takes the operand of PICK or ROLL, 0 for the top; returns the depth, 1 for the top. */
  private static int popDepth(ScriptStack stack) throws ScriptException {
    int depth = stack.popInt();
    if (depth < 0 || depth >= stack.size()) {
      throw new ScriptException(ScriptError.INVALID_STACK_DEPTH, depth + " of " + stack.size());
    }
    return depth + 1;
  }
}
