package kaspeer.node.demo;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.HeaderTemplate;
import kaspeer.crypto.Merkle;
import kaspeer.crypto.ProofOfWork;
import kaspeer.primitives.Block;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/**
 * Makes blocks and transactions for a network of our own. They pass every rule that needs no UTXO
 * state; the coins that are spent in them do not exist.
 */
final class BlockMaker {
  private static final int EXTRA_DATA = 8;
  private static final int KEY = 32;
  private static final int SIGNATURE = 64;
  private static final int OP_DATA_65 = 0x41;
  private static final int SIGHASH_ALL = 1;

  private final Consensus consensus;
  private final Params params;
  private final RandomGenerator random;

  BlockMaker(Consensus consensus, Params params, RandomGenerator random) {
    this.consensus = consensus;
    this.params = params;
    this.random = random;
  }

  /**
   * Siblings on the present tips.
   *
   * @param count how many
   * @param transactions of the first one, besides its coinbase
   * @param timestamp milliseconds since 1970; a later one is taken if the rules want it
   */
  List<Block> make(int count, List<Transaction> transactions, long timestamp) {
    HeaderTemplate template = consensus.template(consensus.state().virtualParents());
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(make(template, i == 0 ? transactions : List.of(), timestamp));
    }
    return blocks;
  }

  private Block make(HeaderTemplate template, List<Transaction> transactions, long timestamp) {
    List<Transaction> all = new ArrayList<>();
    all.add(coinbase(template));
    all.addAll(transactions);
    Hash root = Merkle.root(all.stream().map(Transaction::hash).toList());
    long time = Math.max(timestamp, template.pastMedianTime() + 1);
    long nonce = random.nextLong();
    while (true) {
      Header header = template.header(root, Hash.ZERO, Hash.ZERO, time, nonce);
      if (params.skipProofOfWork() || ProofOfWork.of(header).passes(header.bits())) {
        return new Block(header, all);
      }
      nonce++;
    }
  }

  private Transaction coinbase(HeaderTemplate template) {
    CoinbasePayload payload =
        new CoinbasePayload(
            template.blueScore(),
            Subsidy.of(params, template.daaScore()),
            payToKey(),
            bytes(EXTRA_DATA));
    return new Transaction(
        0, List.of(), List.of(), 0, SubnetworkId.COINBASE, 0, payload.encode(), 0);
  }

  /** A transaction that looks like most: one coin to a key, one back. */
  Transaction transaction() {
    byte[] script = new byte[1 + SIGNATURE + 1];
    System.arraycopy(bytes(SIGNATURE), 0, script, 1, SIGNATURE);
    script[0] = OP_DATA_65;
    script[script.length - 1] = SIGHASH_ALL;
    Input input = new Input(new Outpoint(Hash.of(bytes(Hash.SIZE)), 0), script, 0, 1);
    List<Output> outputs =
        List.of(
            new Output(100_000_000L, payToKey(), null), new Output(200_000_000L, payToKey(), null));
    return new Transaction(0, List.of(input), outputs, 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
  }

  /** A script that pays to a Schnorr key: push of 32 bytes, OP_CHECKSIG. */
  private ScriptPublicKey payToKey() {
    return new ScriptPublicKey(
        0, HexFormat.of().parseHex("20" + HexFormat.of().formatHex(bytes(KEY)) + "ac"));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
