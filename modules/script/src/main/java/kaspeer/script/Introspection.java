package kaspeer.script;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/**
 * Opcodes that look at the transaction: at fields of its own, of the input, the entry or the output
 * whose index is on the stack, and at the chain.
 */
final class Introspection {
  static final Subject<Input> SPENDER =
      (engine, index) -> get(engine.transaction().inputs(), index, ScriptError.NO_SUCH_INPUT);
  static final Subject<UtxoEntry> SPENT =
      (engine, index) -> get(engine.spending.spent(), index, ScriptError.NO_SUCH_INPUT);
  static final Subject<Output> OUTPUT =
      (engine, index) -> get(engine.transaction().outputs(), index, ScriptError.NO_SUCH_OUTPUT);

  /** Scripts see a script public key as its version, big-endian, and then the script. */
  private static final int VERSION_SIZE = 2;

  private Introspection() {}

  /** What an index is one of. */
  @FunctionalInterface
  interface Subject<T> {
    T at(ScriptEngine engine, int index) throws ScriptException;
  }

  private static <T> T get(List<T> list, int index, ScriptError error) throws ScriptException {
    if (index >= list.size()) {
      throw new ScriptException(error, index + " of " + list.size());
    }
    return list.get(index);
  }

  /** A number of the transaction; one of 64 bits without sign may come out negative. */
  static Instruction number(ToLongFunction<Transaction> field) {
    return engine -> engine.stack.pushNumber(field.applyAsLong(engine.transaction()));
  }

  /** A number of what has the index on the stack. */
  static <T> Instruction number(Subject<T> subject, ToLongFunction<T> field) {
    return engine -> {
      T chosen = subject.at(engine, engine.stack.popIndex());
      engine.stack.pushNumber(field.applyAsLong(chosen));
    };
  }

  /** As {@link #number}, but a number of 64 bits without sign must be less than 2^63. */
  static <T> Instruction amount(Subject<T> subject, ToLongFunction<T> field) {
    return engine -> {
      long amount = field.applyAsLong(subject.at(engine, engine.stack.popIndex()));
      if (amount < 0) {
        throw new ScriptException(ScriptError.NUMBER_TOO_BIG, Long.toUnsignedString(amount));
      }
      engine.stack.pushNumber(amount);
    };
  }

  /** Bytes of what has the index on the stack. */
  static <T> Instruction bytes(Subject<T> subject, Function<T, byte[]> field) {
    return engine -> {
      T chosen = subject.at(engine, engine.stack.popIndex());
      engine.stack.push(field.apply(chosen));
    };
  }

  /** Some bytes of what has the index on the stack, below the start and the end. */
  static <T> Instruction range(Subject<T> subject, Function<T, byte[]> field) {
    return engine -> {
      int[] operands = engine.stack.popIndices(3);
      T chosen = subject.at(engine, operands[0]);
      engine.stack.push(Splice.range(field.apply(chosen), operands[1], operands[2]));
    };
  }

  static void subnetworkId(ScriptEngine engine) throws ScriptException {
    engine.stack.push(engine.transaction().subnetworkId().toBytes());
  }

  static void payloadRange(ScriptEngine engine) throws ScriptException {
    int[] operands = engine.stack.popIndices(2);
    engine.stack.push(Splice.range(engine.transaction().payload(), operands[0], operands[1]));
  }

  static void inputIndex(ScriptEngine engine) throws ScriptException {
    engine.stack.pushNumber(engine.input);
  }

  static long outpointIndex(Input input) {
    return Integer.toUnsignedLong(input.previous().index());
  }

  static byte[] sequence(Input input) {
    byte[] bytes = new byte[Long.BYTES];
    Bytes.putLongLe(bytes, 0, input.sequence());
    return bytes;
  }

  static byte[] script(UtxoEntry entry) {
    return versioned(entry.scriptPublicKey());
  }

  static byte[] script(Output output) {
    return versioned(output.scriptPublicKey());
  }

  static int scriptLength(UtxoEntry entry) {
    return VERSION_SIZE + entry.scriptPublicKey().script().length;
  }

  static int scriptLength(Output output) {
    return VERSION_SIZE + output.scriptPublicKey().script().length;
  }

  private static byte[] versioned(ScriptPublicKey script) {
    byte[] bytes = new byte[VERSION_SIZE + script.script().length];
    bytes[0] = (byte) (script.version() >>> Byte.SIZE);
    bytes[1] = (byte) script.version();
    System.arraycopy(script.script(), 0, bytes, VERSION_SIZE, script.script().length);
    return bytes;
  }

  /** Of an output that no block has accepted yet this is not what it will be. */
  static void daaScore(ScriptEngine engine) throws ScriptException {
    engine.asksPlace = true;
    UtxoEntry chosen = SPENT.at(engine, engine.stack.popIndex());
    engine.stack.pushNumber(chosen.blockDaaScore());
  }

  static void sequencingCommitment(ScriptEngine engine) throws ScriptException {
    engine.asksPlace = true;
    Hash block = engine.stack.popHash();
    engine.stack.pushHash(engine.chain.sequencingCommitment(block));
  }
}
