package kaspeer.conformance;

import static kaspeer.conformance.Nodes.RELAY_LIMIT;
import static kaspeer.conformance.Nodes.awaitSameDag;
import static kaspeer.conformance.Nodes.awaitSynced;
import static kaspeer.conformance.Nodes.connect;
import static kaspeer.conformance.Nodes.disconnectAll;
import static kaspeer.conformance.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import kaspeer.conformance.PaymentMix.Payment;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks that Kaspeers make and a real kaspad follows. */
@Tag("kaspad")
class KaspadMiningTest {
  private static final int EPOCHS = 5;
  private static final int RIVALS = 3;
  private static final int ROUNDS = 8;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  private final SplittableRandom random = Nodes.random("mining");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  private Kaspad recorded() {
    return Kaspad.start(binary, Nodes.recorded(folder.resolve("a"), binary), List.of());
  }

  @Test
  void aNodeThatMinesByItselfIsFollowed() {
    try (Kaspad kaspad = recorded();
        KaspeerNode node =
            KaspeerNode.start(
                folder.resolve("k"),
                "--connect",
                text(kaspad.p2pAddress()),
                "--mine",
                "5",
                "--mine-to",
                RecordedDag.wallet().address())) {
      String start = kaspad.rpc().sink();
      long before = kaspad.rpc().dag().get("blockCount").asLong();
      SignedWallet wallet = RecordedDag.wallet();
      wallet.load(kaspad.rpc());
      for (int i = 0; i < 20; i++) {
        assertThat(TransactionVerdicts.ofKaspad(kaspad, wallet.pay()))
            .isEqualTo(TransactionVerdicts.ACCEPTED);
      }
      Await.until(
          "blocks of ours with kaspad's payments",
          Nodes.SYNC_LIMIT,
          () ->
              kaspad.rpc().dag().get("blockCount").asLong() > before + 50
                  && TransactionVerdicts.idsOf(kaspad).isEmpty(),
          () -> Nodes.tail(node.log()));
      assertThat(kaspad.rpc().sink()).isNotEqualTo(start);
      String sink = kaspad.rpc().sink();
      Await.until(
          "kaspad's sink on our chain",
          RELAY_LIMIT,
          () -> node.get("blocks/" + sink).get("status").asText().equals("utxoValid"),
          () -> Nodes.tail(node.log()));
    }
  }

  /** Two Kaspeers make all the blocks and are given all the payments; kaspad has to follow. */
  @Test
  void minesBlocksThatKaspadFollows() {
    try (Kaspad kaspad = recorded();
        KaspeerNode one = Nodes.startAlone(folder.resolve("k1"));
        KaspeerNode two = Nodes.startAlone(folder.resolve("k2"))) {
      String start = kaspad.rpc().sink();
      connect(one, kaspad.p2pAddress());
      connect(two, kaspad.p2pAddress());
      awaitSynced(one, kaspad);
      awaitSameDag(two, kaspad, RELAY_LIMIT);
      connect(two, one.p2pAddress());
      String address = RecordedDag.wallet().address();
      KaspeerMiner atOne = new KaspeerMiner(one, address, random.split());
      KaspeerMiner atTwo = new KaspeerMiner(two, address, random.split());
      List<List<Transaction>> rivals = new ArrayList<>();
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        SignedWallet wallet = RecordedDag.wallet();
        wallet.load(kaspad.rpc());
        PaymentMix mix = new PaymentMix(wallet, random);
        disconnectAll(two);
        for (int i = 0; i < RIVALS; i++) {
          List<Transaction> pair = wallet.conflicting();
          assertAccepted(one, pair.getFirst());
          assertAccepted(two, pair.getLast());
          rivals.add(pair);
        }
        together(atOne, atTwo, mix);
        mineUntilEmpty(atOne);
        mineUntilEmpty(atTwo);
        connect(two, one.p2pAddress());
        connect(two, kaspad.p2pAddress());
        atTwo.mineOne();
        together(atOne, atTwo, mix);
        converge(kaspad, atOne, atTwo);
      }
      ChainComparison made = ChainComparison.since(start, one, kaspad);
      assertThat(ChainComparison.since(start, two, kaspad)).isEqualTo(made);
      KaspadPaymentsTest.assertOneOfEachAccepted(rivals, made);
    }
  }

  private static void assertAccepted(KaspeerNode node, Transaction payment) {
    assertThat(TransactionVerdicts.ofNode(node, payment)).isEqualTo(TransactionVerdicts.ACCEPTED);
  }

  /** Rounds of parallel blocks: both templates are taken before either is made. */
  private void together(KaspeerMiner one, KaspeerMiner two, PaymentMix mix) {
    for (int round = 0; round < ROUNDS; round++) {
      for (Payment payment : mix.next(2)) {
        TransactionVerdicts.ofNode(
            (random.nextBoolean() ? one : two).node(), payment.transaction());
      }
      JsonNode atOne = one.template();
      JsonNode atTwo = two.template();
      one.submit(atOne, random.nextInt(1, 4));
      two.submit(atTwo, random.nextInt(1, 4));
    }
  }

  private static int waiting(KaspeerNode node) {
    return node.get("mempool").get("mempoolSize").asInt();
  }

  private static void mineUntilEmpty(KaspeerMiner miner) {
    Await.until(
        "a mempool mined empty",
        RELAY_LIMIT,
        () -> {
          miner.mineOne();
          return waiting(miner.node()) == 0;
        },
        () -> Nodes.tail(miner.node().log()));
  }

  private static void converge(Kaspad kaspad, KaspeerMiner one, KaspeerMiner two) {
    Await.until(
        "mempools mined empty",
        RELAY_LIMIT,
        () -> {
          one.mineOne();
          two.mineOne();
          return waiting(one.node()) + waiting(two.node()) == 0
              && TransactionVerdicts.idsOf(kaspad).isEmpty();
        },
        () -> Nodes.tail(one.node().log()));
    awaitSameDag(one.node(), kaspad, RELAY_LIMIT);
    awaitSameDag(two.node(), kaspad, RELAY_LIMIT);
    // What kaspad had from the second since, the first may still be waiting for.
    awaitSameDag(one.node(), kaspad, RELAY_LIMIT);
  }
}
