package kaspeer.script;

import kaspeer.primitives.Transaction.Input;

/** Opcodes that hold an output back; unlike Bitcoin's, they take their operand off the stack. */
final class LockTimes {
  /** Lock times below it are DAA scores, others milliseconds since 1970. */
  private static final long TIMESTAMPS_FROM = 500_000_000_000L;

  private static final long SEQUENCE_DISABLED = 1L << 63;
  private static final long SEQUENCE_MASK = 0xFFFF_FFFFL;

  /** All ones: an input that wants no lock time. */
  private static final long SEQUENCE_FINAL = -1L;

  private LockTimes() {}

  /** The transaction must be locked, by the same clock, until the stated time or later. */
  static void checkLockTime(ScriptEngine engine) throws ScriptException {
    long wanted = popUnsigned(engine.stack);
    long locked = engine.transaction().lockTime();
    if (isTimestamp(wanted) != isTimestamp(locked)) {
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
    if (engine.spender().sequence() == SEQUENCE_FINAL) {
      throw unsatisfied("the input is final");
    }
  }

  /** The output spent must be as old as stated, or older: the input's sequence sees to that. */
  static void checkSequence(ScriptEngine engine) throws ScriptException {
    long wanted = popUnsigned(engine.stack);
    if ((wanted & SEQUENCE_DISABLED) != 0) {
      return;
    }
    Input spender = engine.spender();
    if ((spender.sequence() & SEQUENCE_DISABLED) != 0) {
      throw unsatisfied("the input's sequence locks nothing");
    }
    long least = wanted & SEQUENCE_MASK;
    long locked = spender.sequence() & SEQUENCE_MASK;
    if (least > locked) {
      throw unsatisfied("locked for " + locked + ", not " + least);
    }
  }

  private static boolean isTimestamp(long lockTime) {
    return Long.compareUnsigned(lockTime, TIMESTAMPS_FROM) >= 0;
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
