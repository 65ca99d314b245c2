package kaspeer.script;

import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.UtxoEntry;

/**
 * Runs the scripts of one input once (consensus reference 6.8.1). The fields are what opcodes work
 * on.
 */
final class ScriptEngine {
  final SpendingTransaction spending;
  final int input;
  final CovenantContext covenants;
  final ChainCommitments chain;
  final SignatureVerifier verifier;
  final UnitMeter meter;
  final Conditions conditions = new Conditions();
  final ScriptStack altStack = new ScriptStack();
  ScriptStack stack = new ScriptStack();

  /**
   * Whether a script asked for something that another place in the chain would answer otherwise.
   */
  boolean asksPlace;

  /** Of the script that is run. */
  private int operations;

  ScriptEngine(
      SpendingTransaction spending,
      int input,
      CovenantContext covenants,
      ChainCommitments chain,
      SignatureVerifier verifier,
      UnitMeter meter) {
    this.spending = spending;
    this.input = input;
    this.covenants = covenants;
    this.chain = chain;
    this.verifier = verifier;
    this.meter = meter;
  }

  Transaction transaction() {
    return spending.transaction();
  }

  /** The input whose scripts these are. */
  Input spender() {
    return transaction().inputs().get(input);
  }

  /**
   * Runs the signature script and the script public key on one stack, and if the latter is that of
   * a script hash, then the script with that hash.
   *
   * @throws ScriptException unless they end with nothing but true
   */
  void execute() throws ScriptException {
    try {
      runScripts();
    } catch (ScriptException failed) {
      throw asksPlace ? failed.asForNow() : failed;
    }
  }

  private void runScripts() throws ScriptException {
    UtxoEntry entry = spending.spent().get(input);
    if (entry.scriptPublicKey().version() > ScriptLimits.MAX_SCRIPT_PUBLIC_KEY_VERSION) {
      return;
    }
    byte[] signatureScript = spender().signatureScript();
    byte[] script = entry.scriptPublicKey().script();
    meter.charge(
        ScriptLimits.UNITS_PER_GRAM
            * Math.max(0, script.length - ScriptLimits.FREE_SCRIPT_PUBLIC_KEY_SIZE));
    if (signatureScript.length == 0 && script.length == 0) {
      throw new ScriptException(ScriptError.EVAL_FALSE, "there are no scripts");
    }
    requireLength(signatureScript);
    requireLength(script);
    run(signatureScript, true);
    if (ScriptClass.isScriptHash(script)) {
      ScriptStack arguments = new ScriptStack(stack);
      run(script, false);
      requireTrue();
      stack = arguments;
      run(stack.pop(), false);
    } else {
      run(script, false);
    }
    if (stack.size() > 1) {
      throw new ScriptException(ScriptError.UNCLEAN_STACK, stack.size() + " elements");
    }
    if (stack.size() == 0) {
      throw new ScriptException(ScriptError.EMPTY_STACK, "at the end");
    }
    requireTrue();
  }

  private static void requireLength(byte[] script) throws ScriptException {
    if (script.length > ScriptLimits.MAX_SCRIPT_SIZE) {
      throw new ScriptException(ScriptError.SCRIPT_TOO_LONG, script.length + " bytes");
    }
  }

  private void requireTrue() throws ScriptException {
    if (!stack.popBoolean()) {
      throw new ScriptException(ScriptError.EVAL_FALSE);
    }
  }

  private void run(byte[] script, boolean pushOnly) throws ScriptException {
    operations = 0;
    ScriptReader reader = new ScriptReader(script);
    while (reader.next()) {
      if (reader.opcode() > Opcode.PUSH_16) {
        operate(Opcode.of(reader.opcode()), pushOnly);
      } else if (conditions.executing()) {
        push(reader);
      }
      int size = stack.size() + altStack.size();
      if (size > ScriptLimits.MAX_STACK_SIZE) {
        throw new ScriptException(ScriptError.STACK_OVERFLOW, size + " elements");
      }
    }
    if (!conditions.balanced()) {
      throw new ScriptException(ScriptError.UNBALANCED_CONDITIONAL);
    }
    altStack.clear();
  }

  private void operate(Opcode opcode, boolean pushOnly) throws ScriptException {
    Opcode.Kind kind = opcode.kind();
    if (kind == Opcode.Kind.DISABLED || kind == Opcode.Kind.ALWAYS_ILLEGAL) {
      // Fails here, in a branch that is not taken too, and before anything else is looked at.
      opcode.execute(this);
    }
    if (pushOnly) {
      throw new ScriptException(ScriptError.SIGNATURE_SCRIPT_NOT_PUSH_ONLY, opcode.name());
    }
    countOperations(1);
    if (conditions.executing() || kind == Opcode.Kind.CONDITIONAL) {
      opcode.execute(this);
      meter.charge(stack.takeMetered());
    }
  }

  /**
   * Counts operations of the script that is run.
   *
   * @throws ScriptException {@link ScriptError#TOO_MANY_OPERATIONS}
   */
  void countOperations(int count) throws ScriptException {
    operations += count;
    if (operations > ScriptLimits.MAX_OPERATIONS) {
      throw new ScriptException(ScriptError.TOO_MANY_OPERATIONS);
    }
  }

  /** Puts a literal on the stack, which is paid for with the size of the script. */
  private void push(ScriptReader reader) throws ScriptException {
    int opcode = reader.opcode();
    if (opcode <= Opcode.PUSH_DATA_4) {
      stack.place(reader.data());
    } else if (opcode == Opcode.RESERVED) {
      throw new ScriptException(ScriptError.RESERVED_OPCODE);
    } else {
      // 4f is -1, 51 is 1.
      stack.place(ScriptNumber.encode(opcode - Opcode.RESERVED));
    }
  }
}
