package kaspeer.conformance;

import static kaspeer.primitives.SubnetworkId.COINBASE;
import static kaspeer.primitives.SubnetworkId.NATIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.Opcode;
import kaspeer.script.ScriptBuilder;
import kaspeer.script.StandardScripts;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.PaymentDraft;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SignedWallet.Coin;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transaction of each kind that a mempool refuses, handed to kaspad and to us on the same DAG
 * (consensus reference 5.3, 6.6, 8).
 *
 * <p>What only peers may send, orphans, a peer relays to both.
 *
 * <p>Not compared: what kaspad's RPC does not offer (replacement is for peers), what takes a full
 * mempool, an input total beyond all coins there are, which no wallet has, and scripts that are too
 * long: they break the limit on transient mass or are of no standard form as well, and which of the
 * two a mempool tells is its own affair.
 */
@Tag("kaspad")
class KaspadTransactionVerdictsTest {
  private static final long MAX_SOMPI = 29_000_000_000L * 100_000_000L;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  private final SignedWallet wallet = RecordedDag.wallet();
  private final Map<String, Transaction> byRule = new LinkedHashMap<>();

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  @Test
  void aTransactionOfEachKindIsRefusedForTheSameRule() {
    try (Kaspad kaspad =
            Kaspad.start(binary, Nodes.recorded(folder.resolve("a"), binary), List.of());
        KaspeerNode node = Nodes.startAlone(folder.resolve("k"))) {
      Nodes.connect(node, kaspad.p2pAddress());
      Nodes.awaitSynced(node, kaspad);
      wallet.load(kaspad.rpc());
      SimnetMiner miner = new SimnetMiner(kaspad.rpc(), wallet.address(), new SplittableRandom(8));
      Transaction oddlyPaid = paying(new ScriptPublicKey(0, new byte[] {0x51}));
      Transaction mined = payment().forBlock().sign();
      Block block = Spoiled.with(Spoiled.with(miner.unsubmitted(), oddlyPaid), mined);
      assertThat(new BlockVerdicts(kaspad, node).submit(block)).isTrue();
      miner.mineOne();
      Nodes.awaitSameDag(node, kaspad, Nodes.RELAY_LIMIT);
      Nodes.disconnectAll(node);

      TransactionVerdicts both = new TransactionVerdicts(kaspad, node);
      Transaction waiting = wallet.pay();
      Transaction hashPaid = paying(StandardScripts.payToScriptHash(redeem()));
      for (Transaction good : List.of(waiting, hashPaid)) {
        assertThat(both.same("good", good)).isEqualTo(TransactionVerdicts.ACCEPTED);
      }
      byRule.put("known", waiting);
      byRule.put("known in a block", mined);
      addForms();
      addOutputs();
      addContext(kaspad, waiting);
      addScripts(oddlyPaid, hashPaid);
      Map<String, String> said = new LinkedHashMap<>();
      Map<String, String> expected = new LinkedHashMap<>();
      byRule.forEach(
          (rule, transaction) -> {
            String theirs = TransactionVerdicts.ofKaspad(kaspad, transaction);
            String ours = TransactionVerdicts.ofNode(node, transaction);
            said.put(rule, "kaspad: " + theirs + ", we: " + ours);
            expected.put(rule, "kaspad: " + rule + ", we: " + rule);
          });
      assertThat(said).isEqualTo(expected);
      both.assertSameMempools();
    }
  }

  /**
   * Of orphans that spend the same the first waits, whether they have in common what they wait for
   * or what is there; it keeps nothing out of the mempool, and is held against it when its turn
   * comes.
   */
  @Test
  void ofTwoOrphansThatSpendTheSameTheSecondIsRefused() {
    try (Kaspad kaspad =
            Kaspad.start(binary, Nodes.recorded(folder.resolve("a"), binary), List.of());
        KaspeerNode node = Nodes.startAlone(folder.resolve("k"))) {
      Nodes.connect(node, kaspad.p2pAddress());
      Nodes.awaitSynced(node, kaspad);
      Nodes.disconnectAll(node);
      wallet.load(kaspad.rpc());
      TransactionVerdicts both = new TransactionVerdicts(kaspad, node);
      Coin coin = wallet.take();
      Transaction parent = wallet.draft(1).sign();
      Coin awaited = wallet.coin(parent, 0);
      Coin other = wallet.coin(wallet.draft(1).sign(), 0);
      Transaction first = wallet.draft(List.of(coin, awaited)).sign();
      Transaction ofTheSame = wallet.draft(List.of(awaited)).fee(5_000_000).sign();
      Transaction ofTheCoin = wallet.draft(List.of(other, coin)).fee(5_000_000).sign();
      Transaction rival = wallet.draft(List.of(coin)).fee(3_000_000).sign();
      try (RelayedTransactions peers = new RelayedTransactions(kaspad, node)) {
        peers.relay(first);
        for (Transaction refused : List.of(ofTheSame, ofTheCoin)) {
          int before = both.ourDoubleSpends();
          peers.relay(refused);
          Transaction next = wallet.pay();
          peers.relay(next);
          both.awaitInBoth(next);
          both.assertOrphans(first);
          assertThat(both.ourDoubleSpends()).isEqualTo(before + 1);
          assertThat(TransactionVerdicts.ofKaspad(kaspad, refused, true))
              .isEqualTo("ORPHAN_DOUBLE_SPEND");
        }
        peers.relay(rival);
        both.awaitInBoth(rival);
        both.assertOrphans(first);
        peers.relay(parent);
        both.awaitInBoth(parent);
        Transaction late = wallet.draft(List.of(awaited)).fee(6_000_000).sign();
        peers.relay(late);
        both.awaitInBoth(late);
        both.assertOrphans();
        both.assertSameMempools();
        assertThat(peers.areConnected()).isTrue();
      }
    }
  }

  private PaymentDraft payment() {
    return wallet.draft(1);
  }

  private Transaction paying(ScriptPublicKey script) {
    PaymentDraft payment = payment().forBlock();
    return payment.outputs(with(payment.output(payment.amount() / 2), script)).sign();
  }

  private void addForms() {
    Coin twice = wallet.take();
    byRule.put("NO_TX_INPUTS", TransactionDraft.empty().output(payment().output(5_000)).make());
    byRule.put("TX_DUPLICATE_INPUTS", wallet.draft(List.of(twice, twice)).sign());
    byRule.put("MULTIPLE_COINBASES", payment().lane(COINBASE, 0).sign());
    byRule.put("TX_HAS_GAS", payment().version(1).lane(NATIVE, 1).sign());
    byRule.put("UNKNOWN_TX_VERSION", payment().version(2).sign());
    byRule.put("SUBNETWORKS_DISABLED", payment().lane(PaymentMix.lane(1), 0).sign());
    byRule.put(
        "EXCEEDS_GAS_PER_LANE_LIMIT",
        payment().version(1).lane(PaymentMix.lane(1), 1_000_000_001).sign());
    byRule.put("TOO_MANY_INPUTS", manyInputs());
    byRule.put("EXCEEDS_COMPUTE_MASS_LIMIT", wallet.draft(2).computeCommit(255).sign());
    byRule.put("EXCEEDS_TRANSIENT_MASS_LIMIT", payment().payload(new byte[250_000]).sign());
    byRule.put("NOT_FINALIZED", payment().lockTime(1_000_000_000).sign());
  }

  private static Transaction manyInputs() {
    TransactionDraft draft = TransactionDraft.empty().output(1_000);
    for (int i = 0; i <= 1_000; i++) {
      draft.input(new Input(TransactionDraft.nowhere(i), new byte[0], 0, 0));
    }
    return draft.make();
  }

  private void addOutputs() {
    PaymentDraft payment = payment();
    Output plain = payment.output(payment.amount() / 2);
    ScriptPublicKey script = plain.scriptPublicKey();
    Output[] many = new Output[1_001];
    Arrays.fill(many, plain);
    byRule.put("TOO_MANY_OUTPUTS", payment.outputs(many).sign());
    byRule.put("TX_OUT_ZERO", payment.outputs(payment.output(0)).sign());
    byRule.put("TX_OUT_TOO_HIGH", payment.outputs(payment.output(MAX_SOMPI + 1)).sign());
    byRule.put(
        "TOTAL_TX_OUT_TOO_HIGH",
        payment.outputs(payment.output(MAX_SOMPI), payment.output(1)).sign());
    byRule.put(
        "COVENANT_BINDING_IN_V0", payment.outputs(bound(plain, Hash.ofWords(1, 2, 3, 4))).sign());
    byRule.put(
        "OUTPUT_SCRIPT_VERSION",
        payment.outputs(with(plain, new ScriptPublicKey(1, script.script()))).sign());
    byRule.put(
        "OUTPUT_SCRIPT_CLASS",
        payment.outputs(with(plain, new ScriptPublicKey(0, new byte[] {0x51}))).sign());
    byRule.put("EXCEEDS_STORAGE_MASS_LIMIT", payment.outputs(payment.output(1_000)).sign());
    byRule.put("SPEND_TOO_HIGH", payment.outputs(payment.output(payment.amount() + 1)).sign());
    PaymentDraft newer = payment().version(1);
    byRule.put(
        "COVENANTS_ERROR",
        newer.outputs(bound(newer.output(newer.amount() / 2), Hash.ofWords(1, 2, 3, 4))).sign());
  }

  private static Output with(Output output, ScriptPublicKey script) {
    return new Output(output.value(), script, null);
  }

  private static Output bound(Output output, Hash covenant) {
    return new Output(output.value(), output.scriptPublicKey(), new Covenant(0, covenant));
  }

  private void addContext(Kaspad kaspad, Transaction waiting) {
    Coin coin = wallet.coin(waiting, 0);
    Outpoint absent = new Outpoint(waiting.id(), 9);
    byRule.put("IMPOSSIBLE_OUTPOINT", wallet.draft(List.of(new Coin(absent, coin.entry()))).sign());
    Outpoint nowhere = new Outpoint(Hash.ofWords(1, 2, 3, 4), 0);
    byRule.put("ORPHAN_NOT_ALLOWED", wallet.draft(List.of(new Coin(nowhere, coin.entry()))).sign());
    List<Transaction> rivals = wallet.conflicting();
    byRule.put(TransactionVerdicts.ACCEPTED, rivals.getFirst());
    byRule.put("DOUBLE_SPEND", rivals.getLast());
    byRule.put(
        "IMMATURE_COINBASE_SPEND", wallet.draft(List.of(wallet.immature(kaspad.rpc()))).sign());
    byRule.put("SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET", payment().sequence(0xFFFF_FFFFL).sign());
    byRule.put("COMPUTE_FEE_TOO_LOW", payment().fee(1).sign());
    byRule.put("TRANSIENT_FEE_TOO_LOW", payment().payload(new byte[20_000]).sign());
  }

  private void addScripts(Transaction oddlyPaid, Transaction hashPaid) {
    byRule.put("SIGNATURE_EMPTY", payment().sign(script -> new byte[0]));
    byRule.put("SIGNATURE_INVALID", payment().computeCommit(0).sign());
    byRule.put("INPUT_SCRIPT_CLASS", spending(oddlyPaid, new byte[0]));
    byRule.put(
        "TOO_MANY_SIG_OPS",
        spending(hashPaid, StandardScripts.spendScriptHash(new byte[0], redeem())));
  }

  private Transaction spending(Transaction made, byte[] signatureScript) {
    Output output = made.outputs().getFirst();
    Coin coin =
        new Coin(new Outpoint(made.id(), 0), UtxoEntry.of(output, UtxoEntry.UNACCEPTED, false));
    return wallet.draft(List.of(coin)).sign(script -> signatureScript);
  }

  /** True, with sixteen signature checks that are not reached. */
  private static byte[] redeem() {
    ScriptBuilder script = new ScriptBuilder().number(1).number(0).op(Opcode.OP_IF);
    for (int i = 0; i < 16; i++) {
      script.op(Opcode.OP_CHECKSIG);
    }
    return script.op(Opcode.OP_ENDIF).build();
  }
}
