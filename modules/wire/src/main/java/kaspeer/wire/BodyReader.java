package kaspeer.wire;

import static kaspeer.wire.WireCursor.LENGTH;
import static kaspeer.wire.WireCursor.NO_BYTES;
import static kaspeer.wire.WireCursor.VARINT;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/**
 * Makes the transactions of a body of its bytes (protocol reference 2.2 and 2.3): what {@link
 * Transactions} makes of decoded messages, and what it refuses, without these. Sizes are those of
 * the bytes as they came, fields that no message has included.
 *
 * <p>Relies on {@link RawCheck} for the number of elements in lists. A field that may stand once is
 * not merged with another of its kind, as the check lets no second one pass: the last one counts.
 */
final class BodyReader {
  /** Of {@code BlockBodyMessage}. */
  private static final int TRANSACTIONS = 1 << 3 | LENGTH;

  /** Of {@code TransactionMessage}. */
  private static final int VERSION = 1 << 3 | VARINT;

  private static final int INPUTS = 2 << 3 | LENGTH;
  private static final int OUTPUTS = 3 << 3 | LENGTH;
  private static final int LOCK_TIME = 4 << 3 | VARINT;
  private static final int SUBNETWORK_ID = 5 << 3 | LENGTH;
  private static final int GAS = 6 << 3 | VARINT;
  private static final int PAYLOAD = 8 << 3 | LENGTH;
  private static final int STORAGE_MASS = 9 << 3 | VARINT;

  /** Of {@code TransactionInput}. */
  private static final int PREVIOUS_OUTPOINT = 1 << 3 | LENGTH;

  private static final int SIGNATURE_SCRIPT = 2 << 3 | LENGTH;
  private static final int SEQUENCE = 3 << 3 | VARINT;
  private static final int COMPUTE_COMMIT = 4 << 3 | VARINT;

  /** Of {@code Outpoint}. */
  private static final int TRANSACTION_ID = 1 << 3 | LENGTH;

  private static final int INDEX = 2 << 3 | VARINT;

  /** Of {@code TransactionOutput}. */
  private static final int VALUE = 1 << 3 | VARINT;

  private static final int SCRIPT_PUBLIC_KEY = 2 << 3 | LENGTH;
  private static final int COVENANT = 3 << 3 | LENGTH;

  /** Of {@code ScriptPublicKey}. */
  private static final int SCRIPT = 1 << 3 | LENGTH;

  private static final int SCRIPT_VERSION = 2 << 3 | VARINT;

  /** Of {@code CovenantBinding}. */
  private static final int AUTHORIZING_INPUT = 1 << 3 | VARINT;

  private static final int COVENANT_ID = 2 << 3 | LENGTH;

  /** Of {@code Hash}, {@code TransactionId} and {@code SubnetworkId}. */
  private static final int BYTES = 1 << 3 | LENGTH;

  private static final int ABSENT = -1;

  private final WireCursor in;

  /** Where the byte string begins that {@link #wrapped} found last. */
  private int found;

  /**
   * @param in before the first field of a {@code BlockBodyMessage}
   */
  BodyReader(WireCursor in) {
    this.in = in;
  }

  /** Reads all of them. */
  List<Transaction> transactions() throws ConversionException {
    int start = in.position();
    int count = 0;
    while (in.hasNext()) {
      int tag = in.next();
      count += tag == TRANSACTIONS ? 1 : 0;
      in.skip(tag);
    }
    Transaction[] transactions = new Transaction[count];
    in.seek(start);
    for (int i = 0; i < count; i++) {
      find(TRANSACTIONS);
      transactions[i] = transaction();
    }
    return List.of(transactions);
  }

  /** Goes to the value of the next field with this tag, of which there is one. */
  private void find(int wanted) throws ConversionException {
    int tag = in.next();
    while (tag != wanted) {
      in.skip(tag);
      tag = in.next();
    }
  }

  /**
   * Reads a transaction. Its lists are counted first, and read once the version is known, which may
   * stand after them.
   */
  private Transaction transaction() throws ConversionException {
    int outer = in.enter();
    int start = in.position();
    int version = 0;
    int inputs = 0;
    int outputs = 0;
    long lockTime = 0;
    int subnetwork = 0;
    int subnetworkLength = ABSENT;
    long gas = 0;
    byte[] payload = NO_BYTES;
    long storageMass = 0;
    Transactions.tooLarge(in.left());
    while (in.hasNext()) {
      int tag = in.next();
      switch (tag) {
        case VERSION -> version = (int) in.number();
        case INPUTS -> {
          inputs++;
          in.skip(tag);
        }
        case OUTPUTS -> {
          outputs++;
          in.skip(tag);
        }
        case LOCK_TIME -> lockTime = in.number();
        case SUBNETWORK_ID -> {
          subnetworkLength = wrapped();
          subnetwork = found;
        }
        case GAS -> gas = in.number();
        case PAYLOAD -> payload = in.byteString();
        case STORAGE_MASS -> storageMass = in.number();
        default -> in.skip(tag);
      }
    }
    if (subnetworkLength == ABSENT) {
      throw ConversionException.missing("subnetwork id");
    }
    int checked = Transactions.version(version);
    in.seek(start);
    List<Input> ins = inputs(inputs, checked);
    in.seek(start);
    List<Output> outs = outputs(outputs);
    in.leave(outer);
    if (subnetworkLength != SubnetworkId.SIZE) {
      throw ConversionException.length("subnetwork id", subnetworkLength);
    }
    SubnetworkId id = SubnetworkId.read(in.array(), subnetwork);
    return new Transaction(checked, ins, outs, lockTime, id, gas, payload, storageMass);
  }

  private List<Input> inputs(int count, int version) throws ConversionException {
    Input[] inputs = new Input[count];
    for (int i = 0; i < count; i++) {
      find(INPUTS);
      inputs[i] = input(version);
    }
    return List.of(inputs);
  }

  private List<Output> outputs(int count) throws ConversionException {
    Output[] outputs = new Output[count];
    for (int i = 0; i < count; i++) {
      find(OUTPUTS);
      outputs[i] = output();
    }
    return List.of(outputs);
  }

  private Input input(int version) throws ConversionException {
    int outer = in.enter();
    Outpoint previous = null;
    byte[] script = NO_BYTES;
    long sequence = 0;
    int commit = 0;
    while (in.hasNext()) {
      int tag = in.next();
      switch (tag) {
        case PREVIOUS_OUTPOINT -> previous = outpoint();
        case SIGNATURE_SCRIPT -> script = in.byteString();
        case SEQUENCE -> sequence = in.number();
        case COMPUTE_COMMIT -> commit = (int) in.number();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    if (previous == null) {
      throw ConversionException.missing("previous outpoint");
    }
    return new Input(previous, script, sequence, Transactions.computeCommit(commit, version));
  }

  private Outpoint outpoint() throws ConversionException {
    int outer = in.enter();
    Hash id = null;
    int index = 0;
    while (in.hasNext()) {
      int tag = in.next();
      switch (tag) {
        case TRANSACTION_ID -> id = hash("transaction id");
        case INDEX -> index = (int) in.number();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    if (id == null) {
      throw ConversionException.missing("previous transaction id");
    }
    return new Outpoint(id, index);
  }

  private Output output() throws ConversionException {
    int outer = in.enter();
    long value = 0;
    ScriptPublicKey script = null;
    Covenant covenant = null;
    while (in.hasNext()) {
      int tag = in.next();
      switch (tag) {
        case VALUE -> value = in.number();
        case SCRIPT_PUBLIC_KEY -> script = scriptPublicKey();
        case COVENANT -> covenant = covenant();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    if (script == null) {
      throw ConversionException.missing("script public key");
    }
    return new Output(value, script, covenant);
  }

  private ScriptPublicKey scriptPublicKey() throws ConversionException {
    int outer = in.enter();
    byte[] script = NO_BYTES;
    int version = 0;
    while (in.hasNext()) {
      int tag = in.next();
      switch (tag) {
        case SCRIPT -> script = in.byteString();
        case SCRIPT_VERSION -> version = (int) in.number();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    return new ScriptPublicKey(Transactions.scriptVersion(version), script);
  }

  private Covenant covenant() throws ConversionException {
    int outer = in.enter();
    int authorizingInput = 0;
    Hash id = null;
    while (in.hasNext()) {
      int tag = in.next();
      switch (tag) {
        case AUTHORIZING_INPUT -> authorizingInput = (int) in.number();
        case COVENANT_ID -> id = hash("covenant id");
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    int checked = Transactions.authorizingInput(authorizingInput);
    if (id == null) {
      throw ConversionException.missing("covenant id");
    }
    return new Covenant(checked, id);
  }

  private Hash hash(String field) throws ConversionException {
    int length = wrapped();
    if (length != Hash.SIZE) {
      throw ConversionException.length(field, length);
    }
    return Hash.read(in.array(), found);
  }

  /**
   * Steps over a message that is nothing but a byte string. Returns the string's length, and notes
   * where it is.
   */
  private int wrapped() throws ConversionException {
    int outer = in.enter();
    int length = 0;
    while (in.hasNext()) {
      int tag = in.next();
      if (tag == BYTES) {
        length = in.length();
        found = in.position();
        in.seek(found + length);
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
    return length;
  }
}
