package kaspeer.wire;

import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.wire.ConversionException.Reason;
import kaspeer.wire.proto.CovenantBinding;
import kaspeer.wire.proto.TransactionInput;
import kaspeer.wire.proto.TransactionMessage;
import kaspeer.wire.proto.TransactionOutput;

/** Transactions, to and from the wire (protocol reference 2.2 and 2.3). */
public final class Transactions {
  private Transactions() {}

  /** The wire's form; shares the byte arrays of scripts and payload, which nobody changes. */
  public static TransactionMessage toWire(Transaction transaction) {
    TransactionMessage.Builder wire =
        TransactionMessage.newBuilder()
            .setVersion(transaction.version())
            .setLockTime(transaction.lockTime())
            .setSubnetworkId(toWire(transaction.subnetworkId()))
            .setGas(transaction.gas())
            .setPayload(UnsafeByteOperations.unsafeWrap(transaction.payload()))
            .setStorageMass(transaction.storageMass());
    for (Input input : transaction.inputs()) {
      wire.addInputs(toWire(input));
    }
    for (Output output : transaction.outputs()) {
      wire.addOutputs(toWire(output));
    }
    return wire.build();
  }

  public static List<TransactionMessage> toWire(List<Transaction> transactions) {
    List<TransactionMessage> wire = new ArrayList<>(transactions.size());
    for (Transaction transaction : transactions) {
      wire.add(toWire(transaction));
    }
    return wire;
  }

  /**
   * @throws ConversionException if it takes more than 1 MiB, a part is missing, bytes have a wrong
   *     length or a number is out of range
   */
  public static Transaction fromWire(TransactionMessage wire) throws ConversionException {
    tooLarge(wire.getSerializedSize());
    return convert(wire);
  }

  private static Transaction convert(TransactionMessage wire) throws ConversionException {
    if (!wire.hasSubnetworkId()) {
      throw ConversionException.missing("subnetwork id");
    }
    int version = version(wire.getVersion());
    List<Input> inputs = new ArrayList<>(wire.getInputsCount());
    for (TransactionInput input : wire.getInputsList()) {
      inputs.add(fromWire(input, version));
    }
    List<Output> outputs = new ArrayList<>(wire.getOutputsCount());
    for (TransactionOutput output : wire.getOutputsList()) {
      outputs.add(fromWire(output));
    }
    return new Transaction(
        version,
        inputs,
        outputs,
        wire.getLockTime(),
        fromWire(wire.getSubnetworkId()),
        wire.getGas(),
        wire.getPayload().toByteArray(),
        wire.getStorageMass());
  }

  /**
   * @param frameBytes of what they came in, which are no fewer than those of any: if that is small
   *     enough, they need not be measured
   * @throws ConversionException as for one transaction
   */
  static List<Transaction> fromWire(List<TransactionMessage> wire, int frameBytes)
      throws ConversionException {
    boolean small = frameBytes <= WireLimits.TRANSACTION_BYTES;
    List<Transaction> transactions = new ArrayList<>(wire.size());
    for (TransactionMessage transaction : wire) {
      transactions.add(small ? convert(transaction) : fromWire(transaction));
    }
    return transactions;
  }

  static kaspeer.wire.proto.SubnetworkId toWire(SubnetworkId id) {
    return kaspeer.wire.proto.SubnetworkId.newBuilder()
        .setBytes(UnsafeByteOperations.unsafeWrap(id.toBytes()))
        .build();
  }

  static SubnetworkId fromWire(kaspeer.wire.proto.SubnetworkId wire) throws ConversionException {
    if (wire.getBytes().size() != SubnetworkId.SIZE) {
      throw ConversionException.length("subnetwork id", wire.getBytes().size());
    }
    return SubnetworkId.of(wire.getBytes().toByteArray());
  }

  private static TransactionInput toWire(Input input) {
    return TransactionInput.newBuilder()
        .setPreviousOutpoint(
            kaspeer.wire.proto.Outpoint.newBuilder()
                .setTransactionId(Hashes.toWireId(input.previous().transactionId()))
                .setIndex(input.previous().index()))
        .setSignatureScript(UnsafeByteOperations.unsafeWrap(input.signatureScript()))
        .setSequence(input.sequence())
        .setComputeCommit(input.computeCommit())
        .build();
  }

  private static TransactionOutput toWire(Output output) {
    TransactionOutput.Builder wire =
        TransactionOutput.newBuilder()
            .setValue(output.value())
            .setScriptPublicKey(
                kaspeer.wire.proto.ScriptPublicKey.newBuilder()
                    .setVersion(output.scriptPublicKey().version())
                    .setScript(UnsafeByteOperations.unsafeWrap(output.scriptPublicKey().script())));
    Covenant covenant = output.covenant();
    if (covenant != null) {
      wire.setCovenant(
          CovenantBinding.newBuilder()
              .setAuthorizingInput(covenant.authorizingInput())
              .setCovenantId(Hashes.toWire(covenant.covenantId())));
    }
    return wire.build();
  }

  private static Input fromWire(TransactionInput wire, int version) throws ConversionException {
    if (!wire.hasPreviousOutpoint()) {
      throw ConversionException.missing("previous outpoint");
    }
    if (!wire.getPreviousOutpoint().hasTransactionId()) {
      throw ConversionException.missing("previous transaction id");
    }
    int commit = computeCommit(wire.getComputeCommit(), version);
    Outpoint previous =
        new Outpoint(
            Hashes.fromWire(wire.getPreviousOutpoint().getTransactionId()),
            wire.getPreviousOutpoint().getIndex());
    return new Input(previous, wire.getSignatureScript().toByteArray(), wire.getSequence(), commit);
  }

  private static Output fromWire(TransactionOutput wire) throws ConversionException {
    if (!wire.hasScriptPublicKey()) {
      throw ConversionException.missing("script public key");
    }
    int version = scriptVersion(wire.getScriptPublicKey().getVersion());
    byte[] script = wire.getScriptPublicKey().getScript().toByteArray();
    Covenant covenant = wire.hasCovenant() ? fromWire(wire.getCovenant()) : null;
    return new Output(wire.getValue(), new ScriptPublicKey(version, script), covenant);
  }

  private static Covenant fromWire(CovenantBinding wire) throws ConversionException {
    return new Covenant(
        authorizingInput(wire.getAuthorizingInput()),
        Hashes.required("covenant id", wire.hasCovenantId(), wire.getCovenantId()));
  }

  // What holds of a transaction's parts, however they are read.

  static void tooLarge(int bytes) throws ConversionException {
    if (bytes > WireLimits.TRANSACTION_BYTES) {
      throw new ConversionException(Reason.TOO_LARGE, "transaction of " + bytes + " bytes");
    }
  }

  static int version(int wire) throws ConversionException {
    return ConversionException.unsigned16("transaction version", wire);
  }

  /** Version 0 counts signature operations in 8 bits; later ones give a compute budget in 16. */
  static int computeCommit(int wire, int version) throws ConversionException {
    int commit = ConversionException.unsigned16("compute commitment", wire);
    if (version == 0 && commit > 0xFF) {
      throw ConversionException.range("count of signature operations", commit);
    }
    return commit;
  }

  static int scriptVersion(int wire) throws ConversionException {
    return ConversionException.unsigned16("script version", wire);
  }

  static int authorizingInput(int wire) throws ConversionException {
    return ConversionException.unsigned16("authorizing input", wire);
  }
}
