package kaspeer.script;

import kaspeer.primitives.LockTime;
import kaspeer.primitives.Sequence;
import kaspeer.primitives.Transaction.Input;

/** Opcodes that hold an output back; unlike Bitcoin's, they take their operand off the stack. */
final class LockTimes {
  private LockTimes() {}

  /** The transaction must be locked, by the same clock, until the stated time or later. */
  static void checkLockTime(ScriptEngine engine) throws ScriptException {
    long wanted = popUnsigned(engine.stack);
    long locked = engine.transaction().lockTime();
    if (LockTime.isDaaScore(wanted) != LockTime.isDaaScore(locked)) {
      throw unsatisfied("a lock time and a DAA score are not comparable");
    }
    if (Long.compareUnsigned(wanted, locked) > 0) {
      throw unsatisfied(
          "locked until "
              + Long.toUnsignedString(locked)
              + ", not "
              + Long.toUnsignedString(wanted));
    }
    // Otherwise a transaction whose inputs are all final would not be locked at all.
    if (engine.spender().sequence() == Sequence.FINAL) {
      throw unsatisfied("the input is final");
    }
  }

  /** The output spent must be as old as stated, or older: the input's sequence sees to that. */
  static void checkSequence(ScriptEngine engine) throws ScriptException {
    long wanted = popUnsigned(engine.stack);
    if ((wanted & Sequence.LOCK_TIME_DISABLED) != 0) {
      return;
    }
    Input spender = engine.spender();
    if ((spender.sequence() & Sequence.LOCK_TIME_DISABLED) != 0) {
      throw unsatisfied("the input's sequence locks nothing");
    }
    long least = wanted & Sequence.LOCK_TIME_MASK;
    long locked = spender.sequence() & Sequence.LOCK_TIME_MASK;
    if (least > locked) {
      throw unsatisfied("locked for " + locked + ", not " + least);
    }
  }

  /** Takes a little-endian number of up to 8 bytes, without a sign. */
  private static long popUnsigned(ScriptStack stack) throws ScriptException {
    stack.require(1);
    byte[] bytes = stack.pop();
    if (bytes.length > Long.BYTES) {
      throw new ScriptException(ScriptError.NUMBER_TOO_BIG, bytes.length + " bytes");
    }
    long value = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return value;
  }

  private static ScriptException unsatisfied(String detail) {
    return new ScriptException(ScriptError.UNSATISFIED_LOCK_TIME, detail);
  }
}
