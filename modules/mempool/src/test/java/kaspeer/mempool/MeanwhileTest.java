package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.block;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.ids;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Full;
import kaspeer.mempool.Admission.Known;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** What happens to a pool while transactions on their way into it are checked. */
class MeanwhileTest {
  private static final Submission PEER = Submission.relayed("peer");

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  /** Submits these, and lets this happen while the first of them are checked. */
  private List<Admission> submit(Runnable meanwhile, Transaction... transactions) {
    Work<List<Admission>> work = pool.submitAll(List.of(transactions), PEER, virtual);
    List<Candidate> candidates = work.next();
    List<Check> checks = virtual.checkAll(candidates);
    meanwhile.run();
    work.checked(checks);
    return pool.run(work, virtual);
  }

  private void add(Transaction transaction) {
    assertThat(pool.submit(transaction, PEER, virtual)).isInstanceOf(Accepted.class);
  }

  private void onBlock(Transaction... transactions) {
    virtual.accept(transactions);
    Pools.onBlock(pool, block(transactions), virtual.daaScore, virtual);
  }

  private static Accepted accepted(Transaction transaction) {
    return new Accepted(transaction.id(), List.of(), List.of(), List.of());
  }

  @Test
  void oneThatABlockBringsIsKnown() {
    Transaction tx = spend(coin(1));
    assertThat(submit(() -> onBlock(tx), tx)).containsExactly(new Known(tx.id(), true));
    assertThat(pool.ids()).isEmpty();
  }

  @Test
  void oneThatABlockBringsIsKnownThoughItsOutputsAreSpentToo() {
    Transaction tx = spend(coin(1));
    virtual.accept(tx, spend(output(tx, 0), output(tx, 1)));
    assertThat(submit(() -> Pools.onBlock(pool, block(tx), virtual.daaScore, virtual), tx))
        .containsExactly(new Known(tx.id(), true));
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void oneThatEntersMeanwhileDoesNotWaitToo() {
    Transaction spender = spend(coin(1));
    Transaction tx = spend(coin(1), coin(2));
    virtual.accept(spender);
    assertThat(
            submit(
                () -> {
                  virtual.unaccept(spender);
                  add(tx);
                },
                tx))
        .containsExactly(new Known(tx.id(), false));
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void oneWhoseParentComesBackDoesNotPushItOut() {
    TransactionPool two =
        new TransactionPool(
            FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withMaxTransactions(2));
    two.submit(pay(FEE * 9, coin(2)), PEER, virtual);
    Transaction parent = spend(coin(1));
    Transaction child = pay(FEE * 3, output(parent, 0));
    virtual.accept(parent);
    Work<List<Admission>> work = two.submitAll(List.of(child), PEER, virtual);
    List<Check> checks = virtual.checkAll(work.next());
    virtual.unaccept(parent);
    Pools.onChainChanged(two, List.of(parent), List.of(), virtual);
    work.checked(checks);
    assertThat(two.run(work, virtual)).containsExactly(new Full(child.id()));
    assertThat(two.get(parent.id())).isNotNull();
  }

  @Test
  void oneWhoseOutputABlockSpendsDoesNotEnter() {
    Transaction tx = spend(coin(1), coin(2));
    assertThat(submit(() -> onBlock(pay(FEE * 2, coin(2))), tx))
        .containsExactly(new Orphaned(tx.id(), List.of(coin(2).outpoint())));
    assertThat(pool.ids()).isEmpty();
  }

  @Test
  void oneWhoseParentABlockBringsEntersAndIsReady() {
    Transaction parent = spend(coin(1));
    add(parent);
    Transaction child = spend(output(parent, 0));
    assertThat(submit(() -> onBlock(parent), child)).containsExactly(accepted(child));
    assertThat(pool.info().ready()).isEqualTo(1);
  }

  @Test
  void oneWhoseParentIsReplacedWaitsForIt() {
    Transaction parent = spend(coin(1));
    add(parent);
    Transaction child = spend(output(parent, 0));
    assertThat(submit(() -> add(pay(FEE * 2, coin(1))), child))
        .containsExactly(new Orphaned(child.id(), List.of(output(parent, 0).outpoint())));
  }

  @Test
  void oneWhoseMissingParentComesEntersAfterIt() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    assertThat(submit(() -> add(parent), child)).containsExactly(accepted(child));
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void oneWhoseMissingParentABlockBringsEnters() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    assertThat(submit(() -> onBlock(parent), child)).containsExactly(accepted(child));
    assertThat(pool.info().orphans()).isZero();
  }

  @Test
  void ofTwoRivalsTheOneThatIsCheckedLaterIsJudgedByWhatEntered() {
    Transaction first = pay(FEE * 2, coin(1));
    Transaction cheaper = spend(coin(1));
    assertThat(submit(() -> add(first), cheaper)).singleElement().isInstanceOf(DoubleSpend.class);
    Transaction dearer = pay(FEE * 3, coin(1));
    assertThat(submit(() -> {}, dearer))
        .containsExactly(new Accepted(dearer.id(), ids(first), List.of(), List.of()));
  }

  @Test
  void theSameFromTwoSidesEntersOnce() {
    Transaction tx = spend(coin(1));
    assertThat(submit(() -> add(tx), tx)).containsExactly(new Known(tx.id(), false));
    assertThat(pool.info().transactions()).isEqualTo(1);
  }

  @Test
  void aChainInOneBatchEntersThoughABlockBringsItsBeginning() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    Transaction grandchild = spend(output(child, 0));
    assertThat(submit(() -> onBlock(parent), grandchild, child, parent))
        .containsExactly(accepted(grandchild), accepted(child), new Known(parent.id(), true));
  }

  @Test
  void anOrphanThatHasToWaitAgainFindsItsPlaceTaken() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction child = spend(output(first, 0), output(second, 0));
    pool.submit(child, PEER, virtual);
    add(first);
    add(pay(FEE * 2, coin(1)));
    Work<List<Admission>> work = pool.submitAll(List.of(second), PEER, virtual);
    work.checked(virtual.checkAll(work.next()));
    List<Check> ofChild = virtual.checkAll(work.next());
    Transaction rival = pay(FEE * 2, output(first, 0));
    assertThat(pool.submit(rival, PEER, virtual)).isInstanceOf(Orphaned.class);
    work.checked(ofChild);
    assertThat(pool.run(work, virtual))
        .containsExactly(
            new Accepted(
                second.id(),
                List.of(),
                List.of(),
                List.of(
                    new DoubleSpend(
                        child.id(),
                        Policy.ORPHAN_DOUBLE_SPEND,
                        rival.id(),
                        output(first, 0).outpoint()))));
    assertThat(pool.info().orphans()).isEqualTo(1);
  }

  @Test
  void aStepIsBoundedInNumber() {
    Transaction[] many = new Transaction[600];
    for (int i = 0; i < many.length; i++) {
      many[i] = spend(coin(i));
    }
    submit(() -> {}, many);
    assertThat(virtual.together).containsExactly(256, 256, 88);
    assertThat(pool.info().transactions()).isEqualTo(600);
  }
}
