package kaspeer.conformance;

import static kaspeer.conformance.Nodes.RELAY_LIMIT;
import static kaspeer.conformance.Nodes.SYNC_LIMIT;
import static kaspeer.conformance.Nodes.awaitSameDag;
import static kaspeer.conformance.Nodes.awaitSynced;
import static kaspeer.conformance.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import kaspeer.primitives.Transaction;
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
 * Full validation beside a real kaspad: payments, double spends, parallel blocks, our own blocks.
 */
@Tag("kaspad")
class KaspadPaymentsTest {
  private static final int BLOCKS = 3_000;
  private static final int PAYMENTS = 4_000;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  private Kaspad recorded() {
    return Kaspad.start(
        binary,
        RecordedDag.copyTo(folder.resolve("recorded"), binary, BLOCKS, PAYMENTS),
        List.of());
  }

  private static String status(KaspeerNode node, String hash) {
    return node.get("blocks/" + hash).get("status").asText();
  }

  @Test
  void agreesOnADagWithSignedPayments() {
    try (Kaspad kaspad = recorded();
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", text(kaspad.p2pAddress()))) {
      awaitSynced(node, kaspad);
      assertThat(status(node, kaspad.rpc().sink())).isEqualTo("utxoValid");
    }
  }

  @Test
  void followsParallelBlocksWithPaymentsDoubleSpendsAndChains() {
    try (Kaspad a = recorded();
        Kaspad b = Kaspad.start(binary, folder.resolve("b"), List.of(a.p2pAddress()));
        KaspeerNode node =
            KaspeerNode.start(
                folder.resolve("k"),
                "--connect",
                text(a.p2pAddress()),
                "--connect",
                text(b.p2pAddress()))) {
      awaitSynced(node, a);
      awaitSameDag(node, b, SYNC_LIMIT);
      SignedWallet wallet = RecordedDag.wallet();
      wallet.load(a.rpc());
      SignedWallet rival = RecordedDag.wallet();
      rival.load(b.rpc());
      SplittableRandom random = new SplittableRandom(11);
      SimnetMiner atA = new SimnetMiner(a.rpc(), wallet.address(), new SplittableRandom(12));
      SimnetMiner atB = new SimnetMiner(b.rpc(), wallet.address(), new SplittableRandom(13));
      int refused = 0;
      for (int round = 0; round < 60; round++) {
        // The rival's books hold the same coins in another order: now and then both spend one.
        refused += submit(a, payments(wallet, 1 + random.nextInt(4)));
        refused += submit(b, payments(rival, 1 + random.nextInt(4)));
        atA.mine(1 + random.nextInt(3), 1, 2);
        atB.mine(1 + random.nextInt(3), 1, 2);
      }
      assertThat(refused).as("double spends that a mempool saw").isPositive();
      atA.mineOne();
      awaitSameDag(node, a, RELAY_LIMIT);
      awaitSameDag(node, b, RELAY_LIMIT);
      assertThat(status(node, a.rpc().sink())).isEqualTo("utxoValid");
    }
  }

  private static List<Transaction> payments(SignedWallet wallet, int count) {
    List<Transaction> payments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      payments.add(wallet.pay());
    }
    return payments;
  }

  /** Returns how many were refused: their coins were spent, or came from a payment that was. */
  private static int submit(Kaspad kaspad, List<Transaction> payments) {
    int refused = 0;
    for (Transaction payment : payments) {
      try {
        SignedWallet.submit(kaspad.rpc(), payment).join();
      } catch (CompletionException e) {
        refused++;
      }
    }
    return refused;
  }

  @Test
  void minesBlocksThatKaspadFollows() {
    try (Kaspad kaspad = recorded();
        KaspeerNode node =
            KaspeerNode.start(
                folder.resolve("k"),
                "--connect",
                text(kaspad.p2pAddress()),
                "--mine",
                "10",
                "--mine-to",
                RecordedDag.wallet().address())) {
      long before = kaspad.rpc().dag().get("blockCount").asLong();
      Await.until(
          "a hundred blocks of ours at kaspad",
          SYNC_LIMIT,
          () -> kaspad.rpc().dag().get("blockCount").asLong() > before + 100,
          () -> Nodes.tail(node.log()));
      SignedWallet wallet = RecordedDag.wallet();
      wallet.load(kaspad.rpc());
      List<Transaction> payments = payments(wallet, 50);
      assertThat(submit(kaspad, payments)).isZero();
      String last = payments.getLast().id().toString();
      Await.until(
          "kaspad's payments in blocks of ours",
          RELAY_LIMIT,
          () -> mempoolSize(kaspad) == 0,
          () -> last + "\n" + Nodes.tail(node.log()));
      String sink = kaspad.rpc().sink();
      Await.until(
          "kaspad's sink on our chain",
          RELAY_LIMIT,
          () -> status(node, sink).equals("utxoValid"),
          () -> Nodes.tail(node.log()));
    }
  }

  private static int mempoolSize(Kaspad kaspad) {
    return kaspad.rpc().call("getInfo").get("mempoolSize").asInt();
  }
}
