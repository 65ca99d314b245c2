package kaspeer.testkit.chain;

import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/** A transaction in the making. A new one breaks no rule that can be checked without UTXO state. */
public final class TransactionDraft {
  private static final int SCRIPT_BYTES = 34;
  private static final int SIGNATURE_BYTES = 66;

  private int version;
  private final List<Input> inputs = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private long lockTime;
  private SubnetworkId subnetwork = SubnetworkId.NATIVE;
  private long gas;
  private byte[] payload = {};
  private long storageMass;

  private TransactionDraft() {}

  /** Without inputs and outputs. */
  public static TransactionDraft empty() {
    return new TransactionDraft();
  }

  /** Spends output {@code number} of a transaction that is nowhere, and makes one output. */
  public static TransactionDraft spending(int number) {
    return empty().input(nowhere(number)).output(1_000 + number);
  }

  /** An output that is nowhere. */
  public static Outpoint nowhere(int number) {
    return new Outpoint(Hash.ofWords(0x6E6F_7768L, 0, 0, 1), number);
  }

  public TransactionDraft version(int value) {
    version = value;
    return this;
  }

  public TransactionDraft input(Outpoint spent) {
    return input(new Input(spent, new byte[SIGNATURE_BYTES], 0, 1));
  }

  public TransactionDraft input(Input input) {
    inputs.add(input);
    return this;
  }

  /**
   * @param value in sompi
   */
  public TransactionDraft output(long value) {
    return output(new Output(value, new ScriptPublicKey(0, new byte[SCRIPT_BYTES]), null));
  }

  public TransactionDraft output(Output output) {
    outputs.add(output);
    return this;
  }

  public TransactionDraft lockTime(long value) {
    lockTime = value;
    return this;
  }

  public TransactionDraft subnetwork(SubnetworkId value) {
    subnetwork = value;
    return this;
  }

  public TransactionDraft gas(long value) {
    gas = value;
    return this;
  }

  public TransactionDraft payload(byte[] value) {
    payload = value;
    return this;
  }

  public TransactionDraft storageMass(long value) {
    storageMass = value;
    return this;
  }

  public Transaction make() {
    return new Transaction(
        version, inputs, outputs, lockTime, subnetwork, gas, payload, storageMass);
  }
}
