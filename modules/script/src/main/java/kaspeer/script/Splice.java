package kaspeer.script;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/** Opcodes on values as bytes. */
final class Splice {
  private Splice() {}

  static void concatenate(ScriptEngine engine) throws ScriptException {
    byte[] b = engine.stack.pop();
    byte[] a = engine.stack.pop();
    // Checked before there is anything that big.
    ScriptStack.requireElementSize((long) a.length + b.length);
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    engine.stack.push(joined);
  }

  static void substring(ScriptEngine engine) throws ScriptException {
    ScriptStack stack = engine.stack;
    stack.require(2);
    int end = stack.popInt();
    int start = stack.popInt();
    byte[] data = stack.pop();
    stack.push(range(data, ScriptStack.requireIndex(start), ScriptStack.requireIndex(end)));
  }

  /** The bytes from {@code start} up to, not with, {@code end}; neither is negative. */
  static byte[] range(byte[] data, int start, int end) throws ScriptException {
    if (end < start) {
      throw new ScriptException(ScriptError.INVALID_RANGE, start + " to " + end);
    }
    ScriptStack.requireElementSize(end - start);
    if (end > data.length) {
      throw new ScriptException(
          ScriptError.RANGE_OUT_OF_BOUNDS, start + " to " + end + " of " + data.length);
    }
    return start == 0 && end == data.length ? data : Arrays.copyOfRange(data, start, end);
  }

  static void size(ScriptEngine engine) throws ScriptException {
    engine.stack.require(1);
    engine.stack.pushNumber(engine.stack.peek().length);
  }

  static void invert(ScriptEngine engine) throws ScriptException {
    byte[] inverse = engine.stack.pop().clone();
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = (byte) ~inverse[i];
    }
    engine.stack.push(inverse);
  }

  static Instruction bitwise(IntBinaryOperator operator) {
    return engine -> {
      byte[] b = engine.stack.pop();
      byte[] a = engine.stack.pop();
      if (a.length != b.length) {
        throw new ScriptException(
            ScriptError.OPERAND_LENGTH_MISMATCH, a.length + " and " + b.length + " bytes");
      }
      byte[] result = new byte[a.length];
      for (int i = 0; i < a.length; i++) {
        result[i] = (byte) operator.applyAsInt(a[i], b[i]);
      }
      engine.stack.push(result);
    };
  }

  static void equal(ScriptEngine engine) throws ScriptException {
    engine.stack.pushBoolean(popEqual(engine.stack));
  }

  static void equalVerify(ScriptEngine engine) throws ScriptException {
    Control.verify(popEqual(engine.stack));
  }

  private static boolean popEqual(ScriptStack stack) throws ScriptException {
    stack.require(2);
    return Arrays.equals(stack.pop(), stack.pop());
  }
}
