package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** Transactions that come together. */
class BatchTest {
  private static final Submission PEER = Submission.relayed("peer");

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  private List<Admission> submit(Transaction... transactions) {
    return Pools.submitAll(pool, List.of(transactions), PEER, virtual);
  }

  private static Accepted accepted(Transaction transaction) {
    return new Accepted(transaction.id(), List.of(), List.of(), List.of());
  }

  @Test
  void theOrderDoesNotMatterAndOutcomesComeInThatOrder() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0), output(parent, 1));
    Transaction grandchild = spend(output(child, 0));
    Transaction other = spend(coin(2));
    assertThat(submit(grandchild, other, child, parent))
        .containsExactly(accepted(grandchild), accepted(other), accepted(child), accepted(parent));
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void thoseThatDoNotBuildOnEachOtherAreCheckedTogether() {
    Transaction parent = spend(coin(1));
    submit(spend(output(parent, 0)), spend(coin(2)), parent, spend(output(parent, 1)));
    assertThat(virtual.together).containsExactly(2, 2);
  }

  @Test
  void thoseThatSpendALotAreCheckedFewAtATime() {
    int inputs = 100;
    Transaction[] large = new Transaction[45];
    for (int i = 0; i < large.length; i++) {
      Txs.Money[] coins = new Txs.Money[inputs];
      for (int j = 0; j < inputs; j++) {
        coins[j] = coin(i * inputs + j);
      }
      large[i] = pay(FEE * 100, coins);
    }
    TransactionPool wide = new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(8 << 20));
    assertThat(Pools.submitAll(wide, List.of(large), PEER, virtual))
        .allSatisfy(a -> assertThat(a).isInstanceOf(Accepted.class));
    int together = Admitting.MAX_INPUTS_PER_STEP / inputs;
    assertThat(virtual.together).containsExactly(together, together, 45 - 2 * together);
  }

  @Test
  void orphansThatAreFreedTogetherAreCheckedFewAtATime() {
    int inputs = 100;
    Transaction parent = new Txs.Draft(coin(0)).outputs(21).build();
    TransactionPool wide = new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(8 << 20));
    for (int i = 0; i < 21; i++) {
      Txs.Money[] coins = new Txs.Money[inputs];
      coins[0] = output(parent, i);
      for (int j = 1; j < inputs; j++) {
        coins[j] = coin(i * inputs + j);
      }
      wide.submit(pay(FEE * 100, coins), PEER, virtual);
    }
    virtual.together.clear();
    Accepted accepted = (Accepted) wide.submit(parent, PEER, virtual);
    assertThat(accepted.redeemed()).hasSize(21);
    assertThat(virtual.together).containsExactly(1, 20, 1);
  }

  @Test
  void oneThatComesTwiceIsKnownTheSecondTime() {
    Transaction tx = spend(coin(1));
    assertThat(submit(tx, tx)).containsExactly(accepted(tx), new Known(tx.id(), false));
    assertThat(virtual.checked).hasSize(1);
  }

  @Test
  void rivalsInABatchAreJudgedOneAfterTheOther() {
    Transaction first = spend(coin(1));
    Transaction cheaper = pay(FEE - 1, coin(1));
    Transaction dearer = pay(FEE + 1, coin(1));
    assertThat(submit(first, cheaper, dearer))
        .satisfiesExactly(
            a -> assertThat(a).isEqualTo(accepted(first)),
            a -> assertThat(a).isInstanceOf(DoubleSpend.class),
            a ->
                assertThat(a)
                    .isEqualTo(
                        new Accepted(dearer.id(), List.of(first.id()), List.of(), List.of())));
  }

  @Test
  void oneWhoseParentGivesWayToAnotherOfTheBatchIsJudgedAnew() {
    Transaction parent = spend(coin(1));
    submit(parent);
    Transaction rival = pay(FEE * 2, coin(1));
    Transaction child = spend(output(parent, 0));
    assertThat(submit(rival, child))
        .satisfiesExactly(
            a -> assertThat(a).isInstanceOf(Accepted.class),
            a -> assertThat(a).isInstanceOf(Orphaned.class));
    assertThat(pool.ids()).containsExactly(rival.id());
  }

  @Test
  void orphansThatWaitedForOneOfABatchAreToldWithIt() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction orphan = spend(output(second, 0));
    submit(orphan);
    assertThat(submit(first, second))
        .containsExactly(
            accepted(first),
            new Accepted(second.id(), List.of(), List.of(), List.of(accepted(orphan))));
  }

  @Test
  void anEmptyBatchIsNothing() {
    assertThat(submit()).isEmpty();
  }

  @Test
  void aLongChainInReverseIsTaken() {
    int length = 2000;
    Transaction[] chain = new Transaction[length];
    chain[length - 1] = spend(coin(1));
    for (int i = length - 2; i >= 0; i--) {
      chain[i] = new Txs.Draft(output(chain[i + 1], 0)).outputs(1).build();
    }
    TransactionPool large =
        new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(8 << 20));
    assertThat(Pools.submitAll(large, List.of(chain), PEER, virtual))
        .hasSize(length)
        .allSatisfy(a -> assertThat(a).isInstanceOf(Accepted.class));
    assertThat(large.info().ready()).isEqualTo(1);
  }
}
