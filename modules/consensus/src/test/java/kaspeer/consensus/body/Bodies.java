package kaspeer.consensus.body;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.ParentsByLevel.Run;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.jspecify.annotations.Nullable;

/** Makes transactions and blocks that break no rule, for tests to change one thing of. */
final class Bodies {
  static final long DAA_SCORE = 77;
  static final long BLUE_SCORE = 55;

  /**
   * 100 to 1000 bytes instead of some 100 kB, so that no mass limit is broken along with the limit
   * meant.
   */
  static final Params PARAMS =
      ParamsOverride.parse(
              "{\"max_signature_script_len\": 1000, \"max_script_public_key_len\": 300}")
          .apply(Params.of(Network.SIMNET));

  static final SubnetworkId LANE = lane(1);

  private Bodies() {}

  static SubnetworkId lane(int number) {
    byte[] bytes = new byte[SubnetworkId.SIZE];
    bytes[0] = (byte) number;
    bytes[1] = 0x10;
    return SubnetworkId.of(bytes);
  }

  static SubnetworkId subnetwork(int index, int value) {
    byte[] bytes = new byte[SubnetworkId.SIZE];
    bytes[index] = (byte) value;
    return SubnetworkId.of(bytes);
  }

  /** An outpoint of a transaction that is nowhere. */
  static Outpoint outpoint(int number) {
    return new Outpoint(Hash.ofWords(1, 2, 3, number), 0);
  }

  static Input input(int number) {
    return new Input(outpoint(number), new byte[66], 0, 1);
  }

  static List<Input> inputs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Input(outpoint(i), new byte[0], 0, 0))
        .toList();
  }

  static Output output(long value) {
    return output(value, new byte[34], null);
  }

  static Output output(long value, byte[] script, @Nullable Covenant covenant) {
    return new Output(value, new ScriptPublicKey(0, script), covenant);
  }

  static byte[] coinbasePayload(long blueScore, long subsidy) {
    return new CoinbasePayload(
            blueScore, subsidy, new ScriptPublicKey(0, new byte[34]), new byte[0])
        .encode();
  }

  static Tx coinbase() {
    Tx tx = new Tx();
    tx.version = 1;
    tx.inputs = List.of();
    tx.outputs = List.of(output(500), output(600));
    tx.subnetwork = SubnetworkId.COINBASE;
    tx.payload = coinbasePayload(BLUE_SCORE, Subsidy.of(PARAMS, DAA_SCORE));
    return tx;
  }

  /** A transaction that spends what is nowhere. */
  static Tx spend(int number) {
    Tx tx = new Tx();
    tx.inputs = List.of(input(number));
    tx.outputs = List.of(output(100 + number));
    return tx;
  }

  /** A coinbase and two others. */
  static List<Transaction> valid() {
    Tx modern = spend(2);
    modern.version = 1;
    modern.subnetwork = LANE;
    modern.gas = 9;
    modern.outputs = List.of(output(1, new byte[35], new Covenant(0, Hash.ZERO)));
    return List.of(coinbase().make(), spend(1).make(), modern.make());
  }

  /** The coinbase and this one. */
  static List<Transaction> with(Tx... others) {
    List<Transaction> transactions = new ArrayList<>();
    transactions.add(coinbase().make());
    for (Tx other : others) {
      transactions.add(other.make());
    }
    return transactions;
  }

  static Header header(List<Transaction> transactions) {
    return header(Merkle.root(transactions.stream().map(Transaction::hash).toList()));
  }

  static Header header(Hash merkleRoot) {
    Hash genesis = PARAMS.genesis().hash();
    ParentsByLevel parents = new ParentsByLevel(List.of(new Run(1, List.of(genesis))));
    return new Header(
        2,
        parents,
        merkleRoot,
        Hash.ZERO,
        Hash.ZERO,
        1_700_000_000_000L,
        0,
        0,
        DAA_SCORE,
        BlueWork.of(9),
        BLUE_SCORE,
        genesis);
  }

  /** A transaction in the making. */
  static final class Tx {
    int version;
    List<Input> inputs = List.of();
    List<Output> outputs = List.of();
    long lockTime;
    SubnetworkId subnetwork = SubnetworkId.NATIVE;
    long gas;
    byte[] payload = new byte[0];
    long storageMass;

    Transaction make() {
      return new Transaction(
          version, inputs, outputs, lockTime, subnetwork, gas, payload, storageMass);
    }
  }
}
