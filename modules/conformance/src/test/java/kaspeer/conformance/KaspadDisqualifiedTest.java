package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kaspeer.consensus.Rule;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.script.Opcode;
import kaspeer.script.ScriptBuilder;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.PaymentDraft;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SignedWallet.Coin;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Blocks that break what only the UTXO state can tell: kaspad takes them in and keeps them off its
 * chain, and so do we, for the same rule (consensus reference 6.4, 6.6).
 */
@Tag("kaspad")
class KaspadDisqualifiedTest {
  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  private static final Set<Rule> OF_BLOCKS =
      EnumSet.range(Rule.BAD_UTXO_COMMITMENT, Rule.WRONG_SELECTED_PARENT_ORDER);

  /** A way to break a block, and the rule: of the block, or of the last of its transactions. */
  private record Kind(String name, Rule rule, Supplier<Block> make) {
    boolean isOfTransaction() {
      return !OF_BLOCKS.contains(rule);
    }
  }

  /** What makes the blocks: kaspad's templates and a wallet on its chain. */
  private record Bench(Kaspad kaspad, SimnetMiner miner, SignedWallet wallet) {
    Block next() {
      return miner.unsubmitted();
    }

    Block with(Transaction transaction) {
      return Spoiled.with(next(), transaction);
    }

    PaymentDraft payment() {
      return wallet.draft(1).forBlock();
    }
  }

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  @Test
  void keepsTheSameBlocksOffTheChainAsKaspad() throws IOException, InterruptedException {
    try (Kaspad kaspad =
            Kaspad.start(binary, Nodes.recorded(folder.resolve("a"), binary), List.of());
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", Nodes.text(kaspad.p2pAddress()));
        DisqualifiedEvents events = new DisqualifiedEvents(node)) {
      Nodes.awaitSynced(node, kaspad);
      String start = kaspad.rpc().sink();
      SignedWallet wallet = RecordedDag.wallet();
      wallet.load(kaspad.rpc());
      SimnetMiner miner = new SimnetMiner(kaspad.rpc(), wallet.address(), new SplittableRandom(21));
      Bench bench = new Bench(kaspad, miner, wallet);
      BlockVerdicts verdicts = new BlockVerdicts(kaspad, node);
      for (Kind kind : kinds(bench, verdicts)) {
        miner.mine(3, 3, 3);
        miner.mineSiblings(List.of(wallet.address(), AnyoneCanSpendWallet.ADDRESS));
        Block bad = kind.make.get();
        assertThat(verdicts.submit(bad)).as("%s: taken by kaspad", kind.name).isTrue();
        assertDisqualified(kind, bad, kaspad, node, events);
        miner.mineOne();
        // Not the counts: kaspad's leave a tip out that is in no selected chain's past.
        Await.until(
            kind.name + ": same sink",
            Nodes.RELAY_LIMIT,
            () -> Nodes.sink(node).equals(kaspad.rpc().sink()),
            () -> Nodes.tail(node.log()));
      }
      assertThat(ChainComparison.since(start, node, kaspad).blocks()).isPositive();
    }
  }

  private static void assertDisqualified(
      Kind kind, Block bad, Kaspad kaspad, KaspeerNode node, DisqualifiedEvents events) {
    String hash = bad.hash().toString();
    Pattern ofBlock = Pattern.compile("Block " + hash + " is disqualified .*chain: (.*)");
    // Only more blue work than that of others makes the nodes look at its UTXO state: it has that.
    Await.until(
        kind.name + ": " + hash + " disqualified",
        Nodes.RELAY_LIMIT,
        () -> events.of(hash).isPresent() && ofBlock.matcher(kaspad.log()).find(),
        () -> events.of(hash) + "\n" + Nodes.tail(kaspad.log()) + Nodes.tail(node.log()));
    assertThat(node.get("blocks/" + hash).get("status").asText())
        .as(kind.name)
        .isEqualTo("disqualifiedFromChain");
    JsonNode event = events.of(hash).orElseThrow();
    String rule = event.get("rule").asText();
    assertThat(rule).as(kind.name).isEqualTo(KaspadTexts.ruleOfBlock(find(ofBlock, kaspad.log())));
    if (kind.isOfTransaction()) {
      String theirs = ruleOfKaspad(bad.transactions().getLast(), kaspad.log());
      String detail = event.get("detail").asText();
      assertThat(detail.substring(0, detail.indexOf(':'))).as(kind.name).isEqualTo(theirs);
      assertThat(theirs).as(kind.name).isEqualTo(kind.rule.name());
      assertThat(rule).isEqualTo(Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT.name());
    } else {
      assertThat(rule).as(kind.name).isEqualTo(kind.rule.name());
    }
  }

  /** kaspad logs why it rejects a transaction, unless it misses what is spent. */
  private static String ruleOfKaspad(Transaction rejected, String log) {
    Matcher reason =
        Pattern.compile(
                "Rejecting transaction " + rejected.id() + " due to transaction rule error: (.*)")
            .matcher(log);
    return reason.find()
        ? KaspadTexts.ruleOfTransaction(reason.group(1))
        : Rule.MISSING_TX_OUTPOINTS.name();
  }

  private static String find(Pattern pattern, String log) {
    Matcher matcher = pattern.matcher(log);
    assertThat(matcher.find()).as("%s in kaspad's log", pattern).isTrue();
    return matcher.group(1);
  }

  private static List<Kind> kinds(Bench bench, BlockVerdicts verdicts) {
    List<Kind> kinds = new ArrayList<>();
    add(kinds, Rule.BAD_UTXO_COMMITMENT, () -> Spoiled.utxoCommitment(bench.next()));
    add(kinds, Rule.BAD_ACCEPTED_ID_MERKLE_ROOT, () -> Spoiled.sequencingCommitment(bench.next()));
    add(kinds, Rule.WRONG_HEADER_PRUNING_POINT, () -> Spoiled.pruningPoint(bench.next()));
    add(kinds, Rule.WRONG_SELECTED_PARENT_ORDER, () -> Spoiled.orderOfParents(bench.next()));
    Rule coinbase = Rule.BAD_COINBASE_TRANSACTION;
    kinds.add(new Kind("richer", coinbase, () -> Spoiled.richerCoinbase(bench.next())));
    kinds.add(
        new Kind("other order", coinbase, () -> Spoiled.coinbaseInAnotherOrder(bench.next())));
    kinds.add(
        new Kind("one forgotten", coinbase, () -> Spoiled.coinbaseThatForgetsOne(bench.next())));
    addSpending(kinds, bench, verdicts);
    addScripts(kinds, bench);
    return kinds;
  }

  private static void add(List<Kind> kinds, Rule rule, Supplier<Block> make) {
    kinds.add(new Kind(rule.name(), rule, make));
  }

  private static void addSpending(List<Kind> kinds, Bench bench, BlockVerdicts verdicts) {
    add(
        kinds,
        Rule.MISSING_TX_OUTPOINTS,
        () -> {
          Coin coin = bench.wallet.coin(bench.payment().sign(), 0);
          Coin nowhere = new Coin(new Outpoint(Hash.ZERO, 7), coin.entry());
          return bench.with(bench.wallet.draft(List.of(nowhere)).forBlock().sign());
        });
    kinds.add(
        new Kind(
            "spent twice in the mergeset",
            Rule.MISSING_TX_OUTPOINTS,
            () -> spentInTheMergeset(bench, verdicts)));
    add(
        kinds,
        Rule.IMMATURE_COINBASE_SPEND,
        () -> {
          Coin reward = bench.wallet.immature(bench.kaspad.rpc());
          return bench.with(bench.wallet.draft(List.of(reward)).forBlock().sign());
        });
    add(
        kinds,
        Rule.SPEND_TOO_HIGH,
        () -> {
          PaymentDraft payment = bench.payment();
          return bench.with(payment.outputs(payment.output(payment.amount() + 1)).sign());
        });
    add(kinds, Rule.WRONG_MASS, () -> bench.with(withMoreMass(bench.payment().sign())));
    add(
        kinds,
        Rule.SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET,
        () -> bench.with(bench.payment().sequence(0xFFFF_FFFFL).sign()));
    add(
        kinds,
        Rule.COVENANTS_ERROR,
        () -> {
          PaymentDraft payment = bench.payment().version(1);
          Output plain = payment.output(payment.amount() - 1_000_000);
          Covenant alien = new Covenant(0, Hash.ofWords(1, 2, 3, 4));
          return bench.with(
              payment.outputs(new Output(plain.value(), plain.scriptPublicKey(), alien)).sign());
        });
  }

  /** Both parents spend a coin, so one of them in vain, and the block spends it once more. */
  private static Block spentInTheMergeset(Bench bench, BlockVerdicts verdicts) {
    Coin coin = bench.wallet.take();
    List<Transaction> spenders = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      spenders.add(bench.wallet.draft(List.of(coin)).fee(i * 1_000_000L).forBlock().sign());
    }
    Block one = bench.with(spenders.get(0));
    Block other = bench.with(spenders.get(1));
    assertThat(verdicts.submit(one)).isTrue();
    assertThat(verdicts.submit(other)).isTrue();
    Block merging = bench.next();
    assertThat(merging.header().directParents()).contains(one.hash(), other.hash());
    return Spoiled.with(merging, spenders.get(2));
  }

  private static Transaction withMoreMass(Transaction tx) {
    return new Transaction(
        tx.version(),
        tx.inputs(),
        tx.outputs(),
        tx.lockTime(),
        tx.subnetworkId(),
        tx.gas(),
        tx.payload(),
        tx.storageMass() + 1);
  }

  private static void addScripts(List<Kind> kinds, Bench bench) {
    Rule invalid = Rule.SIGNATURE_INVALID;
    add(kinds, Rule.SIGNATURE_EMPTY, () -> bench.with(bench.payment().sign(script -> new byte[0])));
    kinds.add(
        new Kind(
            "signature of something else",
            invalid,
            () ->
                bench.with(
                    bench
                        .payment()
                        .sign(
                            script -> {
                              script[10] ^= 1;
                              return script;
                            }))));
    kinds.add(
        new Kind(
            "more left on the stack than true",
            invalid,
            () ->
                bench.with(
                    bench
                        .payment()
                        .sign(script -> new ScriptBuilder().number(1).raw(script).build()))));
    kinds.add(
        new Kind(
            "more than pushes",
            invalid,
            () ->
                bench.with(
                    bench
                        .payment()
                        .sign(
                            script -> new ScriptBuilder().raw(script).op(Opcode.OP_NOP).build()))));
    kinds.add(
        new Kind(
            "fewer sig-ops stated than made",
            invalid,
            () -> bench.with(bench.payment().computeCommit(0).sign())));
    kinds.add(
        new Kind(
            "less budget stated than used",
            invalid,
            () -> bench.with(bench.payment().version(1).computeCommit(1).sign())));
  }
}
