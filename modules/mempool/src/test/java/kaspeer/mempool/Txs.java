package kaspeer.mempool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/** Transactions that break no rule and follow the policy, but for what a test changes. */
final class Txs {
  /** What a coin is worth, in sompi. */
  static final long COIN = 100_00000000L;

  /** A fee well above the minimum, in sompi. */
  static final long FEE = 1_000_000;

  private Txs() {}

  /** An output and what it is worth. */
  record Money(Outpoint outpoint, long amount) {}

  /** An output that is in the UTXO set from the start. */
  static Money coin(int number) {
    return new Money(new Outpoint(Hash.ofWords(7, 7, 7, number), 0), COIN);
  }

  static Money output(Transaction parent, int index) {
    return new Money(new Outpoint(parent.id(), index), parent.outputs().get(index).value());
  }

  /** Spends these, with the usual fee, and has two outputs. */
  static Transaction spend(Money... money) {
    return pay(FEE, money);
  }

  /** Spends these, with this fee, and has two outputs. */
  static Transaction pay(long fee, Money... money) {
    return new Draft(money).fee(fee).build();
  }

  /** A transaction in the making. */
  static final class Draft {
    private final List<Money> money;
    private int version;
    private int outputs = 2;
    private long fee = FEE;
    private long lockTime;
    private SubnetworkId subnetwork = SubnetworkId.NATIVE;
    private long gas;
    private int payload;
    private int commit = 1;
    private byte[] signatureScript = new byte[66];
    private ScriptPublicKey script = payToKey();
    private long storageMass;

    Draft(Money... money) {
      this.money = List.of(money);
    }

    Draft outputs(int count) {
      outputs = count;
      return this;
    }

    Draft fee(long sompi) {
      fee = sompi;
      return this;
    }

    Draft lockTime(long time) {
      lockTime = time;
      return this;
    }

    /** Makes it version 1, in the lane with this number. */
    Draft lane(int number, long laneGas) {
      version = 1;
      byte[] id = new byte[SubnetworkId.SIZE];
      id[0] = (byte) (number >> 8);
      id[1] = (byte) number;
      id[3] = 1;
      subnetwork = SubnetworkId.of(id);
      gas = laneGas;
      return this;
    }

    Draft payload(int length) {
      payload = length;
      return this;
    }

    Draft commit(int perInput) {
      commit = perInput;
      return this;
    }

    Draft signatureScript(byte[] bytes) {
      signatureScript = bytes;
      return this;
    }

    /** Of all outputs. */
    Draft script(ScriptPublicKey value) {
      script = value;
      return this;
    }

    Draft storageMass(long grams) {
      storageMass = grams;
      return this;
    }

    Transaction build() {
      long total = money.stream().mapToLong(Money::amount).sum();
      long value = outputs == 0 ? 0 : (total - fee) / outputs;
      List<Input> inputs =
          money.stream().map(m -> new Input(m.outpoint(), signatureScript, 0, commit)).toList();
      List<Output> made = new ArrayList<>();
      for (int i = 0; i < outputs; i++) {
        // What does not divide goes to the first.
        made.add(new Output(i == 0 ? total - fee - value * (outputs - 1) : value, script, null));
      }
      return new Transaction(
          version, inputs, made, lockTime, subnetwork, gas, new byte[payload], storageMass);
    }
  }

  static ScriptPublicKey payToKey() {
    byte[] script = new byte[34];
    script[0] = 0x20;
    script[33] = (byte) 0xAC;
    return new ScriptPublicKey(0, script);
  }

  /** A script of no standard form. */
  static ScriptPublicKey odd() {
    return new ScriptPublicKey(0, new byte[] {0x51});
  }

  static ScriptPublicKey payToScriptHash() {
    byte[] script = new byte[35];
    script[0] = (byte) 0xAA;
    script[1] = 0x20;
    script[34] = (byte) 0x87;
    return new ScriptPublicKey(0, script);
  }

  static Transaction coinbase() {
    return new Transaction(
        1,
        List.of(),
        List.of(new Output(1000, payToKey(), null)),
        0,
        SubnetworkId.COINBASE,
        0,
        new byte[19],
        0);
  }

  static List<Transaction> block(Transaction... transactions) {
    return Stream.concat(Stream.of(coinbase()), Arrays.stream(transactions)).toList();
  }

  static List<Hash> ids(Transaction... transactions) {
    return Arrays.stream(transactions).map(Transaction::id).toList();
  }
}
