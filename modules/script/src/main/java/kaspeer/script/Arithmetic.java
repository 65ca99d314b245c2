package kaspeer.script;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Opcodes on numbers of 64 bits; a result beyond them fails the script. */
final class Arithmetic {
  private Arithmetic() {}

  /** A relation between two numbers. */
  @FunctionalInterface
  interface Relation {
    boolean holds(long a, long b);
  }

  /** Replaces a number. The operator throws {@link ArithmeticException} on overflow. */
  static Instruction unary(LongUnaryOperator operator) {
    return engine -> {
      long a = engine.stack.popNumber();
      long result;
      try {
        result = operator.applyAsLong(a);
      } catch (ArithmeticException e) {
        throw overflow(e);
      }
      engine.stack.pushNumber(result);
    };
  }

  /** Replaces two numbers. The operator throws {@link ArithmeticException} on overflow. */
  static Instruction binary(LongBinaryOperator operator) {
    return engine -> {
      engine.stack.require(2);
      long b = engine.stack.popNumber();
      long a = engine.stack.popNumber();
      engine.stack.pushNumber(apply(operator, a, b));
    };
  }

  /** As {@link #binary}, and the second number must not be zero. */
  static Instruction quotient(LongBinaryOperator operator) {
    return engine -> {
      engine.stack.require(2);
      long b = engine.stack.popNumber();
      long a = engine.stack.popNumber();
      if (b == 0) {
        throw new ScriptException(ScriptError.DIVISION_BY_ZERO);
      }
      engine.stack.pushNumber(apply(operator, a, b));
    };
  }

  /** Replaces two numbers by 1 if the relation holds, otherwise by 0. */
  static Instruction test(Relation relation) {
    return binary((a, b) -> relation.holds(a, b) ? 1 : 0);
  }

  private static long apply(LongBinaryOperator operator, long a, long b) throws ScriptException {
    try {
      return operator.applyAsLong(a, b);
    } catch (ArithmeticException e) {
      throw overflow(e);
    }
  }

  private static ScriptException overflow(ArithmeticException e) {
    return new ScriptException(ScriptError.NUMBER_OVERFLOW, String.valueOf(e.getMessage()));
  }

  static void equalVerify(ScriptEngine engine) throws ScriptException {
    engine.stack.require(2);
    long b = engine.stack.popNumber();
    long a = engine.stack.popNumber();
    Control.verify(a == b);
  }

  /** Whether a number is at least a lower and below an upper bound. */
  static void within(ScriptEngine engine) throws ScriptException {
    engine.stack.require(3);
    long upper = engine.stack.popNumber();
    long lower = engine.stack.popNumber();
    long x = engine.stack.popNumber();
    engine.stack.pushBoolean(lower <= x && x < upper);
  }

  /** Encodes a number in as many bytes as stated, at most 8. */
  static void toFixedWidth(ScriptEngine engine) throws ScriptException {
    int size = engine.stack.popIndex();
    if (size > ScriptNumber.MAX_SIZE) {
      throw new ScriptException(ScriptError.INVALID_NUMBER_SIZE, size + " bytes");
    }
    engine.stack.push(ScriptNumber.encode(engine.stack.popNumber(), size));
  }
}
