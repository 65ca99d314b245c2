package kaspeer.storage;

import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a block's transactions.
 *
 * <p>Form 1: form number, count, transactions. Numbers that are mostly small take few bytes; the
 * sequence, which is mostly 2^64 - 1, is written inverted for the same reason. Ids and hashes are
 * not stored.
 */
final class BodyCodec {
  private static final int FORM = 1;
  private static final int NATIVE = 0;
  private static final int COINBASE = 1;
  private static final int OTHER_SUBNETWORK = 2;

  /** Fewest bytes of an element in this form; they bound every count by the record's length. */
  private static final int MIN_TRANSACTION = 8;

  private static final int MIN_INPUT = 36;
  private static final int MIN_OUTPUT = 4;

  private BodyCodec() {}

  static byte[] encode(List<Transaction> transactions) {
    RecordWriter out = new RecordWriter(256 * transactions.size());
    out.u8(FORM);
    out.varInt(transactions.size());
    for (Transaction transaction : transactions) {
      write(out, transaction);
    }
    return out.toBytes();
  }

  /**
   * @throws Damage if these bytes are not a body record
   */
  static List<Transaction> decode(int id, byte[] record) {
    RecordReader in = StoredRecords.open("body " + id, record);
    int form = in.u8();
    if (form != FORM) {
      throw in.damaged("unknown form " + form);
    }
    int count = in.count(MIN_TRANSACTION);
    List<Transaction> transactions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      transactions.add(read(in));
    }
    in.end();
    return List.copyOf(transactions);
  }

  private static void write(RecordWriter out, Transaction transaction) {
    out.varInt(transaction.version());
    out.varInt(transaction.inputs().size());
    for (Input input : transaction.inputs()) {
      out.hash(input.previous().transactionId());
      out.varInt(input.previous().index());
      out.varBytes(input.signatureScript());
      out.varLong(~input.sequence());
      out.varInt(input.computeCommit());
    }
    out.varInt(transaction.outputs().size());
    for (Output output : transaction.outputs()) {
      out.varLong(output.value());
      out.varInt(output.scriptPublicKey().version());
      out.varBytes(output.scriptPublicKey().script());
      writeCovenant(out, output.covenant());
    }
    out.varLong(transaction.lockTime());
    writeSubnetwork(out, transaction.subnetworkId());
    out.varLong(transaction.gas());
    out.varBytes(transaction.payload());
    out.varLong(transaction.storageMass());
  }

  private static Transaction read(RecordReader in) {
    int version = in.varInt();
    int inputCount = in.count(MIN_INPUT);
    List<Input> inputs = new ArrayList<>(inputCount);
    for (int i = 0; i < inputCount; i++) {
      Outpoint previous = new Outpoint(in.hash(), in.varInt());
      inputs.add(new Input(previous, in.varBytes(), ~in.varLong(), in.varInt()));
    }
    int outputCount = in.count(MIN_OUTPUT);
    List<Output> outputs = new ArrayList<>(outputCount);
    for (int i = 0; i < outputCount; i++) {
      outputs.add(
          new Output(
              in.varLong(), new ScriptPublicKey(in.varInt(), in.varBytes()), readCovenant(in)));
    }
    long lockTime = in.varLong();
    SubnetworkId subnetwork = readSubnetwork(in);
    return new Transaction(
        version, inputs, outputs, lockTime, subnetwork, in.varLong(), in.varBytes(), in.varLong());
  }

  private static void writeCovenant(RecordWriter out, @Nullable Covenant covenant) {
    if (covenant == null) {
      out.u8(0);
      return;
    }
    out.u8(1);
    out.varInt(covenant.authorizingInput());
    out.hash(covenant.covenantId());
  }

  private static @Nullable Covenant readCovenant(RecordReader in) {
    return switch (in.u8()) {
      case 0 -> null;
      case 1 -> new Covenant(in.varInt(), in.hash());
      default -> throw in.damaged("neither covenant nor none");
    };
  }

  private static void writeSubnetwork(RecordWriter out, SubnetworkId subnetwork) {
    if (subnetwork.equals(SubnetworkId.NATIVE)) {
      out.u8(NATIVE);
    } else if (subnetwork.equals(SubnetworkId.COINBASE)) {
      out.u8(COINBASE);
    } else {
      out.u8(OTHER_SUBNETWORK);
      out.raw(subnetwork.toBytes());
    }
  }

  private static SubnetworkId readSubnetwork(RecordReader in) {
    return switch (in.u8()) {
      case NATIVE -> SubnetworkId.NATIVE;
      case COINBASE -> SubnetworkId.COINBASE;
      case OTHER_SUBNETWORK -> SubnetworkId.of(in.raw(SubnetworkId.SIZE));
      default -> throw in.damaged("unknown kind of subnetwork");
    };
  }
}
