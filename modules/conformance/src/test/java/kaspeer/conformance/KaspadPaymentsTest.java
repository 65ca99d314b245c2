package kaspeer.conformance;

import static kaspeer.conformance.Nodes.RELAY_LIMIT;
import static kaspeer.conformance.Nodes.awaitSameDag;
import static kaspeer.conformance.Nodes.awaitSynced;
import static kaspeer.conformance.Nodes.connect;
import static kaspeer.conformance.Nodes.disconnectAll;
import static kaspeer.conformance.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import kaspeer.conformance.PaymentMix.Payment;
import kaspeer.primitives.Hash;
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

/** Full validation of a DAG that real kaspads grow, with payments of all kinds. */
@Tag("kaspad")
class KaspadPaymentsTest {
  private static final int EPOCHS = 6;
  private static final int RIVALS = 4;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  private final SplittableRandom random = Nodes.random("payments");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  private Kaspad recorded(String name) {
    return Kaspad.start(binary, Nodes.recorded(folder.resolve(name), binary), List.of());
  }

  @Test
  void agreesOnADagWithSignedPayments() {
    try (Kaspad kaspad = recorded("a");
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", text(kaspad.p2pAddress()))) {
      awaitSynced(node, kaspad);
      ChainComparison all =
          ChainComparison.since(Nodes.SIMNET.genesis().hash().toString(), node, kaspad);
      assertThat(all.blocks()).isGreaterThanOrEqualTo(Nodes.RECORDED_BLOCKS);
      assertThat(all.accepted()).hasSizeGreaterThanOrEqualTo(Nodes.RECORDED_PAYMENTS);
    }
  }

  /**
   * Two kaspads have the same DAG and no connection but through us. While all three are apart, both
   * are given payments, of some coins different ones, and mine in parallel; then they hear of each
   * other's blocks.
   */
  @Test
  void followsParallelBlocksWithPaymentsDoubleSpendsAndChains() {
    try (Kaspad a = recorded("a");
        Kaspad b = recorded("b");
        KaspeerNode node = Nodes.startAlone(folder.resolve("k"))) {
      String start = a.rpc().sink();
      connect(node, a.p2pAddress());
      awaitSynced(node, a);
      connect(node, b.p2pAddress());
      SimnetMiner atA = new SimnetMiner(a.rpc(), RecordedDag.wallet().address(), random.split());
      SimnetMiner atB = new SimnetMiner(b.rpc(), RecordedDag.wallet().address(), random.split());
      List<List<Transaction>> rivals = new ArrayList<>();
      Set<String> verdicts = new TreeSet<>();
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        converge(node, List.of(a, b), atA, atB);
        disconnectAll(node);
        SignedWallet wallet = RecordedDag.wallet();
        wallet.load(a.rpc());
        for (int i = 0; i < RIVALS; i++) {
          rivals.add(wallet.conflicting());
        }
        TransactionVerdicts both = new TransactionVerdicts(a, node);
        payApart(rivals.subList(rivals.size() - RIVALS, rivals.size()), wallet, both, b);
        PaymentMix mix = new PaymentMix(wallet, random);
        for (Payment payment : epoch == 0 ? mix.all() : mix.next(15)) {
          String verdict = both.same(payment.kind(), payment.transaction());
          assertThat(verdict.equals(TransactionVerdicts.ACCEPTED))
              .as("%s: %s", payment.kind(), verdict)
              .isEqualTo(payment.isGood());
          verdicts.add(verdict);
        }
        both.assertSameMempools();
        mineUntilEmpty(a, atA);
        mineUntilEmpty(b, atB);
        connect(node, a.p2pAddress());
        connect(node, b.p2pAddress());
        parallel(a, b, atA, atB, mix);
      }
      converge(node, List.of(a, b), atA, atB);
      ChainComparison made = ChainComparison.since(start, node, a);
      assertThat(made.accepted()).isEqualTo(ChainComparison.since(start, node, b).accepted());
      assertOneOfEachAccepted(rivals, made);
      assertThat(verdicts)
          .contains(
              "DOUBLE_SPEND",
              "known",
              "ORPHAN_NOT_ALLOWED",
              "COMPUTE_FEE_TOO_LOW",
              "SIGNATURE_EMPTY",
              "SIGNATURE_INVALID");
    }
  }

  /** One of each pair is for one kaspad and us, the other for the other; both are built on. */
  private static void payApart(
      List<List<Transaction>> rivals, SignedWallet wallet, TransactionVerdicts both, Kaspad other) {
    for (List<Transaction> pair : rivals) {
      Transaction here = pair.getFirst();
      Transaction there = pair.getLast();
      assertThat(both.same("one rival", here)).isEqualTo(TransactionVerdicts.ACCEPTED);
      both.same("on one rival", wallet.draft(List.of(wallet.coin(here, 0))).sign());
      for (Transaction payment :
          List.of(there, wallet.draft(List.of(wallet.coin(there, 0))).sign())) {
        assertThat(TransactionVerdicts.ofKaspad(other, payment))
            .isEqualTo(TransactionVerdicts.ACCEPTED);
      }
      assertThat(both.same("the other rival", there)).isEqualTo("DOUBLE_SPEND");
    }
  }

  private void mineUntilEmpty(Kaspad kaspad, SimnetMiner miner) {
    miner.mine(random.nextInt(3, 8), 1, 3);
    Await.until(
        "a mempool mined empty",
        RELAY_LIMIT,
        () -> {
          miner.mineOne();
          return TransactionVerdicts.idsOf(kaspad).isEmpty();
        },
        kaspad::log);
  }

  /** Blocks with payments on both sides while they hear of each other as fast as we can relay. */
  private void parallel(Kaspad a, Kaspad b, SimnetMiner atA, SimnetMiner atB, PaymentMix mix) {
    for (int round = 0; round < 8; round++) {
      for (Payment payment : mix.next(2)) {
        TransactionVerdicts.ofKaspad(random.nextBoolean() ? a : b, payment.transaction());
      }
      atA.mine(random.nextInt(1, 4), 1, 2);
      atB.mine(random.nextInt(1, 4), 1, 2);
    }
  }

  /** Until all have the same DAG and nothing waits for a block. */
  private static void converge(
      KaspeerNode node, List<Kaspad> kaspads, SimnetMiner atA, SimnetMiner atB) {
    Await.until(
        "mempools mined empty",
        RELAY_LIMIT,
        () -> {
          atA.mineOne();
          atB.mineOne();
          return kaspads.stream().allMatch(each -> TransactionVerdicts.idsOf(each).isEmpty());
        },
        () -> Nodes.tail(node.log()));
    awaitSameDag(node, kaspads, RELAY_LIMIT);
  }

  static void assertOneOfEachAccepted(List<List<Transaction>> rivals, ChainComparison made) {
    for (List<Transaction> pair : rivals) {
      List<String> ids = pair.stream().map(Transaction::id).map(Hash::toString).toList();
      assertThat(made.transactions()).as("both rivals are in blocks").containsAll(ids);
      assertThat(ids).as("one is accepted").filteredOn(made.accepted()::contains).hasSize(1);
    }
  }
}
