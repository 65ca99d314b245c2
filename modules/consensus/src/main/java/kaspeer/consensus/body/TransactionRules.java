package kaspeer.consensus.body;

import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Params;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;

/** What must hold for a transaction whatever surrounds it (consensus reference 5.3). */
public final class TransactionRules {
  /** The newest transaction version. */
  public static final int MAX_VERSION = 1;

  private static final int MAX_SIG_OP_COUNT = 0xFF;
  private static final int MAX_COMPUTE_BUDGET = 0xFFFF;

  private final Params params;
  private final int maxCoinbaseOutputs;

  public TransactionRules(Params params) {
    this.params = params;
    // One for each blue block of a mergeset, and one for all reds together.
    this.maxCoinbaseOutputs = params.ghostdagK() + 2;
  }

  /**
   * Checks a transaction; the first rule it breaks counts.
   *
   * @throws RuleException if it breaks one
   */
  public void validate(Transaction transaction) throws RuleException {
    checkInputs(transaction);
    checkOutputs(transaction);
    if (transaction.isCoinbase()) {
      checkCoinbase(transaction);
    }
    checkValues(transaction);
    checkDuplicateInputs(transaction);
    checkGas(transaction);
    checkSubnetwork(transaction);
    checkVersion(transaction);
    checkFieldsOfVersion(transaction);
  }

  private void checkInputs(Transaction transaction) throws RuleException {
    int count = transaction.inputs().size();
    if (count == 0 && !transaction.isCoinbase()) {
      throw broken(Rule.NO_TX_INPUTS, transaction, "has no inputs");
    }
    if (count > params.maxInputs()) {
      throw broken(
          Rule.TOO_MANY_INPUTS,
          transaction,
          "has " + count + " inputs, at most " + params.maxInputs());
    }
    for (int i = 0; i < count; i++) {
      int length = transaction.inputs().get(i).signatureScript().length;
      if (length > params.maxSignatureScriptLength()) {
        throw broken(
            Rule.TOO_BIG_SIGNATURE_SCRIPT,
            transaction,
            "input "
                + i
                + ": a script of "
                + length
                + " bytes, at most "
                + params.maxSignatureScriptLength());
      }
    }
  }

  private void checkOutputs(Transaction transaction) throws RuleException {
    int count = transaction.outputs().size();
    if (count > params.maxOutputs() && !transaction.isCoinbase()) {
      throw broken(
          Rule.TOO_MANY_OUTPUTS,
          transaction,
          "has " + count + " outputs, at most " + params.maxOutputs());
    }
    for (int i = 0; i < count; i++) {
      int length = scriptLength(transaction.outputs().get(i));
      if (length > params.maxScriptPublicKeyLength()) {
        throw broken(
            Rule.TOO_BIG_SCRIPT_PUBLIC_KEY,
            transaction,
            "output "
                + i
                + ": a script of "
                + length
                + " bytes, at most "
                + params.maxScriptPublicKeyLength());
      }
    }
  }

  private void checkCoinbase(Transaction transaction) throws RuleException {
    if (!transaction.inputs().isEmpty()) {
      throw broken(
          Rule.COINBASE_HAS_INPUTS,
          transaction,
          "is a coinbase and has " + transaction.inputs().size() + " inputs");
    }
    if (transaction.storageMass() != 0) {
      throw broken(
          Rule.COINBASE_NON_ZERO_MASS_COMMITMENT,
          transaction,
          "is a coinbase and commits to storage mass "
              + Long.toUnsignedString(transaction.storageMass()));
    }
    int count = transaction.outputs().size();
    if (count > maxCoinbaseOutputs) {
      throw broken(
          Rule.COINBASE_TOO_MANY_OUTPUTS,
          transaction,
          "is a coinbase of " + count + " outputs, at most " + maxCoinbaseOutputs);
    }
    for (int i = 0; i < count; i++) {
      int length = scriptLength(transaction.outputs().get(i));
      if (length > params.coinbaseScriptMaxLength()) {
        throw broken(
            Rule.COINBASE_SCRIPT_PUBLIC_KEY_TOO_LONG,
            transaction,
            "output "
                + i
                + ": a script of "
                + length
                + " bytes, at most "
                + params.coinbaseScriptMaxLength());
      }
    }
  }

  private static void checkValues(Transaction transaction) throws RuleException {
    long total = 0;
    for (int i = 0; i < transaction.outputs().size(); i++) {
      long value = transaction.outputs().get(i).value();
      if (value == 0) {
        throw broken(Rule.TX_OUT_ZERO, transaction, "output " + i + ": no value");
      }
      if (Long.compareUnsigned(value, Sompi.MAX) > 0) {
        throw broken(
            Rule.TX_OUT_TOO_HIGH,
            transaction,
            "output " + i + ": " + Long.toUnsignedString(value) + " sompi, at most " + Sompi.MAX);
      }
      // Both are at most Sompi.MAX, so the sum stays below 2^63.
      total += value;
      if (total > Sompi.MAX) {
        throw broken(
            Rule.TOTAL_TX_OUT_TOO_HIGH,
            transaction,
            "outputs of " + total + " sompi and more, at most " + Sompi.MAX);
      }
    }
  }

  private static void checkDuplicateInputs(Transaction transaction) throws RuleException {
    int count = transaction.inputs().size();
    if (count < 2) {
      return;
    }
    OutpointMap<Boolean> seen = new OutpointMap<>(count);
    for (Input input : transaction.inputs()) {
      if (seen.putIfAbsent(input.previous(), true) != null) {
        throw broken(
            Rule.TX_DUPLICATE_INPUTS, transaction, "spends " + text(input.previous()) + " twice");
      }
    }
  }

  private static void checkGas(Transaction transaction) throws RuleException {
    if (transaction.gas() == 0) {
      return;
    }
    if (transaction.version() < 1 || transaction.subnetworkId().isSystem()) {
      throw broken(
          Rule.TX_HAS_GAS,
          transaction,
          "has gas "
              + Long.toUnsignedString(transaction.gas())
              + ", which only a user lane may, from version 1 on");
    }
  }

  private static void checkSubnetwork(Transaction transaction) throws RuleException {
    SubnetworkId subnetwork = transaction.subnetworkId();
    boolean allowed =
        subnetwork.equals(SubnetworkId.NATIVE)
            || subnetwork.equals(SubnetworkId.COINBASE)
            || (subnetwork.isUserLane() && transaction.version() >= 1);
    if (!allowed) {
      throw broken(
          Rule.SUBNETWORKS_DISABLED,
          transaction,
          "has subnetwork "
              + subnetwork
              + ", which version "
              + transaction.version()
              + " cannot have");
    }
  }

  private static void checkVersion(Transaction transaction) throws RuleException {
    if (transaction.version() < 0 || transaction.version() > MAX_VERSION) {
      throw broken(
          Rule.UNKNOWN_TX_VERSION,
          transaction,
          "has version " + transaction.version() + ", at most " + MAX_VERSION);
    }
  }

  private static void checkFieldsOfVersion(Transaction transaction) throws RuleException {
    int maxCommit = transaction.version() == 0 ? MAX_SIG_OP_COUNT : MAX_COMPUTE_BUDGET;
    for (int i = 0; i < transaction.inputs().size(); i++) {
      int commit = transaction.inputs().get(i).computeCommit();
      if (commit < 0 || commit > maxCommit) {
        throw broken(
            Rule.WRONG_COMPUTE_COMMIT,
            transaction,
            "input "
                + i
                + ": compute commitment "
                + Integer.toUnsignedString(commit)
                + ", at most "
                + maxCommit);
      }
    }
    if (transaction.version() != 0) {
      return;
    }
    for (int i = 0; i < transaction.outputs().size(); i++) {
      if (transaction.outputs().get(i).covenant() != null) {
        throw broken(
            Rule.COVENANT_BINDING_IN_V0,
            transaction,
            "output " + i + ": a covenant, which version 0 cannot have");
      }
    }
  }

  private static int scriptLength(Output output) {
    return output.scriptPublicKey().script().length;
  }

  static String text(Transaction.Outpoint outpoint) {
    return "output "
        + Integer.toUnsignedString(outpoint.index())
        + " of "
        + outpoint.transactionId();
  }

  private static RuleException broken(Rule rule, Transaction transaction, String detail) {
    return new RuleException(rule, "transaction " + transaction.id() + " " + detail);
  }
}
