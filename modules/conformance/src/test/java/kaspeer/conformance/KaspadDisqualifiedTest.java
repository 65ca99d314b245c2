package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.json.RpcBlockJson;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Blocks that break what only the UTXO state can tell: kaspad takes them in and keeps them off its
 * chain, and so do we (consensus reference 6.4).
 */
@Tag("kaspad")
class KaspadDisqualifiedTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BLOCKS = 3_000;
  private static final int PAYMENTS = 4_000;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  @Test
  void keepsTheSameBlocksOffTheChainAsKaspad() throws JsonProcessingException {
    try (Kaspad kaspad =
            Kaspad.start(
                binary,
                RecordedDag.copyTo(folder.resolve("a"), binary, BLOCKS, PAYMENTS),
                List.of());
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", Nodes.text(kaspad.p2pAddress()))) {
      Nodes.awaitSynced(node, kaspad);
      SignedWallet wallet = RecordedDag.wallet();
      wallet.load(kaspad.rpc());
      SimnetMiner miner = new SimnetMiner(kaspad.rpc(), wallet.address(), new SplittableRandom(21));
      for (Map.Entry<String, UnaryOperator<Block>> kind : kinds(wallet).entrySet()) {
        miner.mine(3, 3, 3);
        Block bad = kind.getValue().apply(miner.unsubmitted());
        submit(kaspad, bad);
        String hash = bad.hash().toString();
        // Only a block on top of it, or more of its work, makes the nodes look at its UTXO state.
        Await.until(
            kind.getKey() + ": our status of " + hash,
            Nodes.RELAY_LIMIT,
            () -> status(node, hash).equals("disqualifiedFromChain"),
            () ->
                "ours: "
                    + status(node, hash)
                    + "\n"
                    + kaspadOn(kaspad, hash)
                    + Nodes.tail(node.log()));
        assertThat(kaspadOn(kaspad, hash)).as(kind.getKey()).contains("disqualified");
        miner.mineOne();
        // Not the counts: kaspad's leave a tip out that is in no selected chain's past.
        Await.until(
            kind.getKey() + ": same sink",
            Nodes.RELAY_LIMIT,
            () -> Nodes.sink(node).equals(kaspad.rpc().sink()),
            () -> Nodes.tail(node.log()));
      }
    }
  }

  private static Map<String, UnaryOperator<Block>> kinds(SignedWallet wallet) {
    Map<String, UnaryOperator<Block>> kinds = new LinkedHashMap<>();
    kinds.put(
        "UTXO commitment",
        block -> withHeader(block, new Fields(block.header()).utxoCommitment(Hash.ZERO)));
    kinds.put(
        "sequencing commitment",
        block -> withHeader(block, new Fields(block.header()).sequencing(Hash.ZERO)));
    kinds.put(
        "pruning point",
        block ->
            withHeader(
                block,
                new Fields(block.header())
                    .pruningPoint(block.header().directParents().getFirst())));
    kinds.put("order of parents", KaspadDisqualifiedTest::withOtherFirstParent);
    kinds.put("coinbase", KaspadDisqualifiedTest::withRicherCoinbase);
    kinds.put("signature", block -> withTransaction(block, withBadSignature(wallet.pay())));
    kinds.put("missing output", block -> withTransaction(block, withOtherOutpoint(wallet.pay())));
    kinds.put("more out than in", block -> withTransaction(block, withRicherOutput(wallet.pay())));
    kinds.put("storage mass", block -> withTransaction(block, wallet.pay()));
    return kinds;
  }

  private static Block withOtherFirstParent(Block block) {
    List<List<Hash>> levels = new ArrayList<>(block.header().parents().toLevels());
    List<Hash> direct = new ArrayList<>(levels.getFirst());
    assertThat(direct).as("parents to swap").hasSizeGreaterThan(1);
    Collections.swap(direct, 0, 1);
    levels.set(0, direct);
    return withHeader(block, new Fields(block.header()).parents(ParentsByLevel.ofLevels(levels)));
  }

  private static Block withRicherCoinbase(Block block) {
    Transaction coinbase = block.transactions().getFirst();
    List<Output> outputs = new ArrayList<>(coinbase.outputs());
    Output first = outputs.getFirst();
    outputs.set(0, new Output(first.value() + 1, first.scriptPublicKey(), null));
    List<Transaction> all = new ArrayList<>(block.transactions());
    all.set(0, with(coinbase, coinbase.inputs(), outputs));
    return withTransactions(block, all);
  }

  private static Transaction withBadSignature(Transaction payment) {
    Input input = payment.inputs().getFirst();
    byte[] script = input.signatureScript().clone();
    script[10] ^= 1;
    return with(
        payment,
        List.of(new Input(input.previous(), script, input.sequence(), input.computeCommit())),
        payment.outputs());
  }

  private static Transaction withOtherOutpoint(Transaction payment) {
    Input input = payment.inputs().getFirst();
    Outpoint nowhere = new Outpoint(Hash.ZERO, 7);
    return with(
        payment,
        List.of(
            new Input(nowhere, input.signatureScript(), input.sequence(), input.computeCommit())),
        payment.outputs());
  }

  private static Transaction withRicherOutput(Transaction payment) {
    List<Output> outputs = new ArrayList<>(payment.outputs());
    Output first = outputs.getFirst();
    outputs.set(0, new Output(first.value() + 100_000_000, first.scriptPublicKey(), null));
    return with(payment, payment.inputs(), outputs);
  }

  private static Transaction with(
      Transaction transaction, List<Input> inputs, List<Output> outputs) {
    return new Transaction(
        transaction.version(),
        inputs,
        outputs,
        transaction.lockTime(),
        transaction.subnetworkId(),
        transaction.gas(),
        transaction.payload(),
        transaction.storageMass());
  }

  private static Block withTransaction(Block block, Transaction more) {
    List<Transaction> all = new ArrayList<>(block.transactions());
    all.add(more);
    return withTransactions(block, all);
  }

  private static Block withTransactions(Block block, List<Transaction> transactions) {
    Hash root = Merkle.root(transactions.stream().map(Transaction::hash).toList());
    return new Block(new Fields(block.header()).merkleRoot(root).header(), transactions);
  }

  private static Block withHeader(Block block, Fields fields) {
    return new Block(fields.header(), block.transactions());
  }

  /** A header to be changed. */
  private static final class Fields {
    private final Header original;
    private ParentsByLevel parents;
    private Hash merkleRoot;
    private Hash sequencing;
    private Hash utxoCommitment;
    private Hash pruningPoint;

    Fields(Header original) {
      this.original = original;
      this.parents = original.parents();
      this.merkleRoot = original.hashMerkleRoot();
      this.sequencing = original.acceptedIdMerkleRoot();
      this.utxoCommitment = original.utxoCommitment();
      this.pruningPoint = original.pruningPoint();
    }

    Fields parents(ParentsByLevel value) {
      parents = value;
      return this;
    }

    Fields merkleRoot(Hash value) {
      merkleRoot = value;
      return this;
    }

    Fields sequencing(Hash value) {
      sequencing = value;
      return this;
    }

    Fields utxoCommitment(Hash value) {
      utxoCommitment = value;
      return this;
    }

    Fields pruningPoint(Hash value) {
      pruningPoint = value;
      return this;
    }

    Header header() {
      return new Header(
          original.version(),
          parents,
          merkleRoot,
          sequencing,
          utxoCommitment,
          original.timestamp(),
          original.bits(),
          original.nonce(),
          original.daaScore(),
          original.blueWork(),
          original.blueScore(),
          pruningPoint);
    }
  }

  private static void submit(Kaspad kaspad, Block block) throws JsonProcessingException {
    ObjectNode params = JSON.createObjectNode().put("allowNonDaaBlocks", true);
    params.set("block", JSON.readTree(RpcBlockJson.write(block)));
    JsonNode answer = kaspad.rpc().call("submitBlock", params);
    assertThat(answer.path("report").path("type").asText()).isEqualTo("success");
  }

  private static String status(KaspeerNode node, String hash) {
    try {
      return node.get("blocks/" + hash).get("status").asText();
    } catch (IllegalStateException notThere) {
      return "unknown here";
    }
  }

  private static String kaspadOn(Kaspad kaspad, String hash) {
    return String.join("\n", kaspad.log().lines().filter(line -> line.contains(hash)).toList());
  }
}
