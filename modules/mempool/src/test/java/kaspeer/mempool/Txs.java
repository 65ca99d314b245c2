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

/** Transactions that break no rule and follow the policy. */
final class Txs {
  private Txs() {}

  /** An output that is in the DAG, as far as a pool can know. */
  static Outpoint coin(int number) {
    return new Outpoint(Hash.ofWords(7, 7, 7, number), 0);
  }

  static Outpoint output(Transaction parent, int index) {
    return new Outpoint(parent.id(), index);
  }

  /** Spends these and has two outputs. */
  static Transaction spend(Outpoint... outpoints) {
    return with(0, outpoints);
  }

  /** Like {@link #spend}, with other bytes in the payload, and so another id. */
  static Transaction with(int payloadLength, Outpoint... outpoints) {
    return new Transaction(
        0, inputs(outpoints), outputs(2), 0, SubnetworkId.NATIVE, 0, new byte[payloadLength], 0);
  }

  static List<Input> inputs(Outpoint... outpoints) {
    return Arrays.stream(outpoints).map(o -> new Input(o, new byte[66], 0, 1)).toList();
  }

  static List<Output> outputs(int count) {
    return Stream.generate(() -> new Output(1000, payToKey(), null)).limit(count).toList();
  }

  static ScriptPublicKey payToKey() {
    byte[] script = new byte[34];
    script[0] = 0x20;
    script[33] = (byte) 0xAC;
    return new ScriptPublicKey(0, script);
  }

  static Transaction coinbase() {
    return new Transaction(1, List.of(), outputs(1), 0, SubnetworkId.COINBASE, 0, new byte[19], 0);
  }

  static List<Transaction> block(Transaction... transactions) {
    List<Transaction> block = new ArrayList<>();
    block.add(coinbase());
    block.addAll(List.of(transactions));
    return block;
  }
}
