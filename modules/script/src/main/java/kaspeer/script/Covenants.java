package kaspeer.script;

import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** Opcodes that look at the covenants of the transaction (KIP-20, consensus reference 6.8.6). */
final class Covenants {
  private Covenants() {}

  static void authorizedCount(ScriptEngine engine) throws ScriptException {
    int input = requireInput(engine, engine.stack.popIndex());
    engine.stack.pushNumber(engine.covenants.authorizedCount(input));
  }

  static void authorizedOutput(ScriptEngine engine) throws ScriptException {
    int[] operands = engine.stack.popIndices(2);
    int input = requireInput(engine, operands[0]);
    engine.stack.pushNumber(engine.covenants.authorizedOutput(input, operands[1]));
  }

  private static int requireInput(ScriptEngine engine, int input) throws ScriptException {
    Introspection.SPENDER.at(engine, input);
    return input;
  }

  static void inputCount(ScriptEngine engine) throws ScriptException {
    engine.stack.pushNumber(engine.covenants.inputCount(engine.stack.popHash()));
  }

  static void input(ScriptEngine engine) throws ScriptException {
    int k = engine.stack.popIndex();
    engine.stack.pushNumber(engine.covenants.input(engine.stack.popHash(), k));
  }

  static void outputCount(ScriptEngine engine) throws ScriptException {
    engine.stack.pushNumber(engine.covenants.outputCount(engine.stack.popHash()));
  }

  static void output(ScriptEngine engine) throws ScriptException {
    int k = engine.stack.popIndex();
    engine.stack.pushNumber(engine.covenants.output(engine.stack.popHash(), k));
  }

  static byte[] idOf(UtxoEntry entry) {
    return orZero(entry.covenantId());
  }

  static byte[] idOf(Output output) {
    Covenant covenant = output.covenant();
    return orZero(covenant == null ? null : covenant.covenantId());
  }

  private static byte[] orZero(@Nullable Hash id) {
    return (id == null ? Hash.ZERO : id).toBytes();
  }

  /** The input that authorizes an output, -1 if there is none. */
  static long authorizingInput(Output output) {
    Covenant covenant = output.covenant();
    return covenant == null ? -1 : covenant.authorizingInput();
  }
}
