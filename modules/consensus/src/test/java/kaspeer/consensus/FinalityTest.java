package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reorganisations of every depth up to finality and beyond (consensus reference 6.1, 7.3), with
 * payments on both branches, some of them the same coins.
 */
@Timeout(120)
class FinalityTest {
  private static final int FINALITY = 8;

  /** With k = 0 a merged branch adds nothing to the blue score, so that depths are lengths. */
  private static final Params PARAMS =
      TestParams.simnet(TestParams.blockRate(0, 4, 12, 10, 10, FINALITY, FINALITY));

  private static final int TRUNK = 24;
  private static final int MATURITY = 10;

  /** Blocks as miners would have made them. */
  private record Branches(List<Block> trunk, List<Block> old, List<Block> fresh) {}

  /** How deep, and whether the node is started anew before the last block of the other branch. */
  static Stream<Arguments> depths() {
    return IntStream.rangeClosed(1, FINALITY + 1)
        .boxed()
        .flatMap(depth -> Stream.of(Arguments.of(depth, false), Arguments.of(depth, true)));
  }

  private static Branches make(int depth) {
    try (UtxoFixture maker = new UtxoFixture(new MemoryDagStore(), PARAMS)) {
      List<Block> trunk = new ArrayList<>();
      Hash fork = UtxoFixture.GENESIS;
      for (int i = 0; i < TRUNK; i++) {
        fork = add(maker, trunk, maker.make(List.of(fork)));
      }
      List<Transaction> payments = new ArrayList<>();
      for (int i = 1; i < TRUNK - MATURITY - 1; i++) {
        Outpoint coinbase = maker.coinbaseOf(trunk.get(i).hash());
        UtxoEntry entry = maker.entry(coinbase);
        payments.add(UtxoFixture.spend(coinbase, entry, 1000 + i, 1 + i % 2));
      }
      List<Block> old = branch(maker, fork, depth, payments);
      // The other branch spends the same coins one block later, and half of them differently.
      List<Transaction> others = new ArrayList<>(List.of(payments.getLast()));
      for (int i = 0; i < payments.size() - 1; i++) {
        Transaction payment = payments.get(i);
        Outpoint coinbase = payment.inputs().getFirst().previous();
        UtxoEntry entry = entryOf(trunk, coinbase);
        others.add(i % 2 == 0 ? payment : UtxoFixture.spend(coinbase, entry, 77, 2));
      }
      return new Branches(trunk, old, branch(maker, fork, depth + 2, others));
    }
  }

  private static UtxoEntry entryOf(List<Block> blocks, Outpoint coinbase) {
    return blocks.stream()
        .map(block -> block.transactions().getFirst())
        .filter(transaction -> transaction.id().equals(coinbase.transactionId()))
        .map(transaction -> UtxoEntry.of(transaction.outputs().getFirst(), 0, true))
        .findFirst()
        .orElseThrow();
  }

  private static List<Block> branch(
      UtxoFixture maker, Hash fork, int length, List<Transaction> payments) {
    List<Block> blocks = new ArrayList<>();
    Hash parent = fork;
    for (int i = 0; i < length; i++) {
      Transaction[] paid =
          i < payments.size() ? new Transaction[] {payments.get(i)} : new Transaction[0];
      parent = add(maker, blocks, maker.make(List.of(parent), paid));
    }
    return blocks;
  }

  private static Hash add(UtxoFixture maker, List<Block> blocks, Block block) {
    blocks.add(block);
    return maker.add(block);
  }

  private static void isAsAReplay(UtxoFixture node) {
    NaiveUtxos naive = new NaiveUtxos(node.consensus, MATURITY);
    naive.replay(node.sink());
    assertThat(UtxoFixture.stored(node.store)).isEqualTo(naive.text());
    assertThat(Objects.requireNonNull(node.consensus.header(node.sink())).utxoCommitment())
        .isEqualTo(naive.commitment());
    naive.accepted.forEach(
        (block, ids) ->
            assertThat(
                    Objects.requireNonNull(node.consensus.acceptance(block)).merged().stream()
                        .flatMap(merged -> merged.transactions().stream())
                        .toList())
                .isEqualTo(ids));
  }

  @ParameterizedTest(name = "depth {0}, restarted {1}")
  @MethodSource("depths")
  void aHeavierBranchIsFollowedIfItContainsTheFinalityPoint(int depth, boolean restarted) {
    Branches branches = make(depth);
    MemoryDagStore store = new MemoryDagStore();
    UtxoFixture node = new UtxoFixture(store, PARAMS);
    branches.trunk.forEach(node::add);
    branches.old.forEach(node::add);
    Hash oldTip = branches.old.getLast().hash();
    assertThat(node.sink()).isEqualTo(oldTip);
    isAsAReplay(node);
    // As long as it is lighter, nothing follows it.
    branches.fresh.subList(0, depth - 1).forEach(node::add);
    assertThat(node.sink()).isEqualTo(oldTip);
    if (restarted) {
      node.close();
      node = new UtxoFixture(store, PARAMS);
      assertThat(node.sink()).isEqualTo(oldTip);
    }
    branches.fresh.subList(depth - 1, depth + 2).forEach(node::add);
    // The finality point is the highest block more than F below the virtual block, which is on top
    // of the old tip: so up to F blocks of the chain may still change.
    boolean followed = depth <= FINALITY;
    List<Block> heavier = branches.fresh.subList(depth, depth + 2);
    assertThat(node.sink()).isEqualTo(followed ? heavier.getLast().hash() : oldTip);
    isAsAReplay(node);
    assertThat(node.consensus.state().violatingFinality())
        .isEqualTo(followed ? List.of() : List.of(heavier.getLast().hash()));
    node.close();
    assertThat(violations(node).containsAll(heavier.stream().map(Block::hash).toList()))
        .isEqualTo(!followed);
    assertThat(violations(node)).doesNotHaveDuplicates();
    List<Hash> removed =
        node.eventsOf(ConsensusEvent.ChainChanged.class).stream()
            .flatMap(change -> change.removed().stream())
            .toList();
    assertThat(removed)
        .isEqualTo(
            followed ? branches.old.reversed().stream().map(Block::hash).toList() : List.of());
    try (UtxoFixture again = new UtxoFixture(store, PARAMS)) {
      assertThat(again.sink()).isEqualTo(node.sink());
      assertThat(again.consensus.state().violatingFinality())
          .isEqualTo(node.consensus.state().violatingFinality());
      isAsAReplay(again);
      again.mine(again.consensus.state().virtualParents());
      isAsAReplay(again);
    }
  }

  private static List<Hash> violations(UtxoFixture node) {
    return node.eventsOf(ConsensusEvent.FinalityViolated.class).stream()
        .map(ConsensusEvent.FinalityViolated::hash)
        .toList();
  }
}
