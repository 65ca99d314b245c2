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
import java.util.Map;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Invalid;
import kaspeer.mempool.Admission.Known;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;

/** Reorganisations, and revalidation of what was submitted here. */
class ChainTest {
  private static final Submission PEER = Submission.relayed("peer");

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  private void add(Transaction transaction, Submission how) {
    assertThat(pool.submit(transaction, how, virtual)).isInstanceOf(Accepted.class);
  }

  private void accept(Transaction transaction) {
    virtual.accept(transaction);
    Pools.onBlock(pool, block(transaction), virtual.daaScore, virtual);
  }

  private BlockEffect returned(Transaction... transactions) {
    return Pools.onChainChanged(pool, List.of(transactions), List.of(), virtual);
  }

  private static Accepted accepted(Transaction transaction) {
    return new Accepted(transaction.id(), List.of(), List.of(), List.of());
  }

  @Test
  void whatIsNotAcceptedAnyMoreComesBack() {
    Transaction tx = spend(coin(1));
    accept(tx);
    virtual.unaccept(tx);
    assertThat(returned(tx))
        .isEqualTo(new BlockEffect(List.of(), List.of(), List.of(accepted(tx)), List.of()));
    assertThat(pool.ids()).containsExactly(tx.id());
    assertThat(pool.info().high()).isZero();
    assertThat(pool.info().counts()).containsEntry(MempoolCount.RETURNED, 1L);
    virtual.accept(tx);
    assertThat(Pools.onBlock(pool, block(tx), 1000, virtual).included()).containsExactly(tx.id());
  }

  @Test
  void whatWasSubmittedHereComesBackAsThat() {
    Transaction mine = spend(coin(1));
    add(mine, Submission.local());
    accept(mine);
    virtual.unaccept(mine);
    returned(mine);
    assertThat(pool.info().high()).isEqualTo(1);
  }

  @Test
  void aFamilyComesBackInWhateverOrderUnderWhatBuildsOnIt() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    Transaction grandchild = spend(output(child, 0));
    accept(parent);
    accept(child);
    add(grandchild, PEER);
    assertThat(pool.info().ready()).isEqualTo(1);
    virtual.unaccept(
        Map.of(output(parent, 0).outpoint(), UtxoEntry.of(parent.outputs().getFirst(), 1, false)),
        child);
    virtual.unaccept(parent);
    assertThat(returned(child, parent).returned())
        .containsExactly(accepted(child), accepted(parent));
    assertThat(pool.info().transactions()).isEqualTo(3);
    assertThat(pool.info().ready()).isEqualTo(1);
    assertThat(pool.select(TemplateLimits.of(FakeVirtual.PARAMS)).transactions())
        .extracting(Transaction::id)
        .containsExactly(parent.id());
  }

  @Test
  void whatVirtualAcceptedAllTheSameStaysKnown() {
    Transaction tx = spend(coin(1));
    accept(tx);
    assertThat(returned(tx).returned()).containsExactly(new Known(tx.id(), true));
    assertThat(pool.submit(tx, PEER, virtual)).isEqualTo(new Known(tx.id(), true));
  }

  @Test
  void whereARivalWasAcceptedInsteadWhatBuildsOnTheLoserGoes() {
    Transaction loser = spend(coin(1));
    Transaction child = spend(output(loser, 0));
    Transaction grandchild = spend(output(child, 1));
    accept(loser);
    add(child, PEER);
    add(grandchild, PEER);
    virtual.unaccept(loser);
    Transaction winner = pay(FEE * 2, coin(1));
    virtual.accept(winner);
    BlockEffect effect = Pools.onChainChanged(pool, List.of(loser), List.of(winner.id()), virtual);
    assertThat(effect.conflicting()).isEqualTo(ids(child, grandchild));
    assertThat(pool.info().transactions()).isZero();
    assertThat(pool.isKnown(winner.id())).isTrue();
  }

  @Test
  void whatComesBackGoesWhenARivalIsAcceptedOfWhichABlockWasToldBefore() {
    Transaction first = spend(coin(1));
    Transaction rival = pay(FEE * 2, coin(1));
    accept(first);
    Pools.onBlock(pool, block(rival), virtual.daaScore, virtual);
    virtual.unaccept(first);
    returned(first);
    virtual.accept(rival);
    assertThat(Pools.onChainChanged(pool, List.of(), List.of(rival.id()), virtual).conflicting())
        .containsExactly(first.id());
  }

  @Test
  void aRivalGoesThoughItsWinnerSpendsOfAnotherBranchToo() {
    Transaction parent = spend(coin(1));
    Transaction winner = spend(output(parent, 0), coin(2));
    Pools.onBlock(pool, block(parent), virtual.daaScore, virtual);
    Pools.onBlock(pool, block(winner), virtual.daaScore, virtual);
    Transaction rival = spend(coin(2));
    add(rival, PEER);
    virtual.accept(parent, winner);
    assertThat(
            Pools.onChainChanged(pool, List.of(), List.of(parent.id(), winner.id()), virtual)
                .conflicting())
        .containsExactly(rival.id());
  }

  @Test
  void whatReplacedOneThatCameBackGoesWhenThatIsAcceptedAgain() {
    Transaction first = spend(coin(1));
    accept(first);
    virtual.unaccept(first);
    returned(first);
    Transaction rival = pay(FEE * 3, coin(1));
    add(rival, PEER);
    virtual.accept(first);
    assertThat(Pools.onChainChanged(pool, List.of(), List.of(first.id()), virtual).conflicting())
        .containsExactly(rival.id());
  }

  @Test
  void oneThatIsInThePoolWhenItReturnsDoesNotCountAsAccepted() {
    Transaction tx = spend(coin(1));
    add(tx, PEER);
    // Virtual has moved on, and does not accept it any more when that it did is told.
    Pools.onChainChanged(pool, List.of(), List.of(tx.id()), virtual);
    assertThat(returned(tx).returned()).containsExactly(new Known(tx.id(), false));
    add(pay(FEE * 3, coin(1)), PEER);
    assertThat(pool.submit(tx, PEER, virtual)).isInstanceOf(Admission.DoubleSpend.class);
  }

  @Test
  void aCoinbaseDoesNotComeBackAndWhatBuildsOnItGoes() {
    Transaction coinbase = Txs.coinbase();
    virtual.accept(coinbase);
    Transaction child = spend(new Txs.Money(output(coinbase, 0).outpoint(), 1000), coin(1));
    add(child, PEER);
    virtual.unaccept(coinbase);
    BlockEffect effect = returned(coinbase);
    assertThat(effect.returned()).isEmpty();
    assertThat(effect.conflicting()).isEqualTo(ids(child));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.INVALID, 0L);
  }

  @Test
  void whatComesBackIsCheckedAgain() {
    Transaction tx = spend(coin(1));
    accept(tx);
    virtual.unaccept(tx).breaks(tx.id(), Rule.IMMATURE_COINBASE_SPEND);
    assertThat(returned(tx).returned()).singleElement().isInstanceOf(Admission.NotYet.class);
    assertThat(pool.info().transactions()).isZero();
  }

  @Test
  void acceptanceIsEnoughWhereTheBlockCameBeforeVirtualSawIt() {
    Transaction tx = spend(coin(1));
    add(tx, PEER);
    assertThat(Pools.onBlock(pool, block(tx), 1000, virtual).included()).isEmpty();
    virtual.accept(tx);
    assertThat(Pools.onChainChanged(pool, List.of(), List.of(tx.id()), virtual).included())
        .containsExactly(tx.id());
  }

  @Test
  void acceptanceOfWhatIsNotHereIsRemembered() {
    Transaction tx = spend(coin(1));
    virtual.accept(tx);
    Pools.onChainChanged(pool, List.of(), List.of(tx.id()), virtual);
    assertThat(pool.isKnown(tx.id())).isTrue();
  }

  @Test
  void aRivalOfWhatVirtualMergesLaterThanItsBlockCameGoesThen() {
    Transaction merged = spend(coin(1));
    Pools.onBlock(pool, block(merged), 1000, virtual);
    Transaction rival = pay(FEE * 2, coin(1), coin(2));
    Transaction child = spend(output(rival, 0));
    add(rival, PEER);
    add(child, PEER);
    virtual.accept(merged);
    BlockEffect effect = Pools.onChainChanged(pool, List.of(), ids(merged), virtual);
    assertThat(effect.conflicting()).isEqualTo(ids(rival, child));
    assertThat(pool.info().transactions()).isZero();
  }

  @Test
  void aRivalThatKeptWhatCameBackOutGoesWhenTheChainAcceptsThatAgain() {
    Transaction tx = spend(coin(1));
    accept(tx);
    virtual.unaccept(tx);
    Transaction rival = pay(FEE * 2, coin(1));
    add(rival, PEER);
    assertThat(returned(tx).returned()).singleElement().isInstanceOf(Admission.DoubleSpend.class);
    virtual.accept(tx);
    assertThat(Pools.onChainChanged(pool, List.of(), ids(tx), virtual).conflicting())
        .isEqualTo(ids(rival));
  }

  @Test
  void untilAllHaveComeBackWhatBuildsOnThemIsLeftAlone() {
    Transaction parent = spend(coin(1));
    Transaction lost = spend(coin(2));
    accept(parent);
    accept(lost);
    Transaction child = spend(output(parent, 0));
    Transaction orphaned = spend(output(lost, 0));
    add(child, Submission.local());
    add(orphaned, PEER);
    virtual.unaccept(parent).unaccept(lost).breaks(lost.id(), Rule.IMMATURE_COINBASE_SPEND);

    pool.run(pool.chain(List.of(), true, virtual), virtual);
    assertThat(pool.isReturning()).isTrue();
    assertThat(pool.revalidate(10, virtual)).isEqualTo(ids(child));
    assertThat(Pools.onRejected(pool, ids(child, orphaned), virtual)).isEmpty();
    assertThat(pool.sweep(ids(child, orphaned), virtual)).isEmpty();

    assertThat(pool.run(pool.returned(List.of(lost), false, virtual), virtual).conflicting())
        .isEmpty();
    assertThat(pool.isReturning()).isTrue();
    BlockEffect last = pool.run(pool.returned(List.of(parent), true, virtual), virtual);
    assertThat(last.returned()).containsExactly(accepted(parent));
    assertThat(last.conflicting()).as("it did not come back").isEqualTo(ids(orphaned));
    assertThat(pool.isReturning()).isFalse();
    assertThat(pool.ids()).containsExactlyInAnyOrder(parent.id(), child.id());
  }

  @Test
  void aSweepFindsWhatWasAcceptedOrSpentThoughNoBlockWasToldOf() {
    Transaction included = spend(coin(1));
    Transaction rival = spend(coin(2));
    Transaction stays = spend(coin(3));
    add(included, PEER);
    add(rival, PEER);
    add(stays, PEER);
    virtual.accept(included, pay(FEE * 3, coin(2)));
    assertThat(pool.sweep(pool.ids(), virtual))
        .containsExactlyInAnyOrder(included.id(), rival.id());
    assertThat(pool.ids()).containsExactly(stays.id());
  }

  // --- revalidation ---------------------------------------------------------------------------

  @Test
  void whatWasSubmittedHereIsToldOfAgainInTurns() {
    Transaction first = spend(coin(1));
    Transaction second = spend(coin(2));
    Transaction third = spend(coin(3));
    add(first, Submission.local());
    add(second, Submission.local());
    add(spend(coin(4)), PEER);
    add(third, Submission.local());
    assertThat(pool.revalidate(2, virtual)).isEqualTo(ids(first, second));
    assertThat(pool.revalidate(2, virtual)).isEqualTo(ids(third, first));
    assertThat(pool.revalidate(9, virtual)).isEqualTo(ids(second, third, first));
  }

  @Test
  void whatCannotBeAcceptedAnyMoreGoesWithWhatBuildsOnIt() {
    Transaction mine = spend(coin(1));
    Transaction child = spend(output(mine, 0));
    Transaction other = spend(coin(2));
    add(mine, Submission.local());
    add(child, Submission.local());
    add(other, Submission.local());
    virtual.accept(spend(coin(1), coin(9)));
    assertThat(pool.revalidate(10, virtual)).isEqualTo(ids(other));
    assertThat(pool.ids()).containsExactly(other.id());
    assertThat(pool.info().counts()).containsEntry(MempoolCount.CONFLICTING, 2L);
  }

  @Test
  void whatWasAcceptedMeanwhileGoesAndWhatBuildsOnItStays() {
    Transaction mine = spend(coin(1));
    Transaction child = spend(output(mine, 0));
    add(mine, Submission.local());
    add(child, Submission.local());
    virtual.accept(mine);
    assertThat(pool.revalidate(10, virtual)).isEqualTo(ids(child));
    assertThat(pool.info().counts()).containsEntry(MempoolCount.INCLUDED, 1L);
  }

  @Test
  void whatGoesWithOneThatIsLookedAtLaterIsNotToldOf() {
    Transaction mine = spend(coin(1));
    Transaction child = spend(output(mine, 0));
    add(mine, Submission.local());
    add(child, Submission.local());
    assertThat(pool.revalidate(1, virtual)).isEqualTo(ids(mine));
    virtual.accept(spend(coin(1), coin(9)));
    // Now the child is looked at first.
    assertThat(pool.revalidate(2, virtual)).isEmpty();
    assertThat(pool.info().transactions()).isZero();
  }

  @Test
  void revalidationRunsNoScripts() {
    add(spend(coin(1)), Submission.local());
    virtual.checked.clear();
    pool.revalidate(10, virtual);
    assertThat(virtual.checked).isEmpty();
  }

  // --- what a template refused ----------------------------------------------------------------

  @Test
  void whatATemplateRefusedGoesIfVirtualRefusesItWithWhatBuildsOnIt() {
    Transaction bad = spend(coin(1));
    Transaction child = spend(output(bad, 0));
    Transaction good = spend(coin(2));
    add(bad, PEER);
    add(child, PEER);
    add(good, PEER);
    virtual.breaks(bad.id(), Rule.SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET);
    assertThat(Pools.onRejected(pool, ids(bad, good, spend(coin(8))), virtual))
        .isEqualTo(ids(bad, child));
    assertThat(pool.ids()).containsExactly(good.id());
    assertThat(pool.info().counts()).containsEntry(MempoolCount.REJECTED, 2L);
  }

  @Test
  void whatATemplateRefusedForASpentOutputLeavesWhatItsAcceptedOutputsCarry() {
    Transaction parent = spend(coin(1));
    Transaction child = spend(output(parent, 0));
    add(parent, PEER);
    add(child, PEER);
    virtual.accept(parent);
    assertThat(Pools.onRejected(pool, ids(parent), virtual)).isEqualTo(ids(parent));
    assertThat(pool.ids()).containsExactly(child.id());
    assertThat(pool.submit(parent, PEER, virtual)).isInstanceOf(Known.class);
  }

  @Test
  void whatATemplateRefusesAgainAndAgainStaysIfItWasSubmittedHereOrTheChainMovedOn() {
    Transaction mine = spend(coin(1));
    Transaction other = spend(coin(2));
    add(mine, Submission.local());
    add(other, PEER);
    for (int i = 0; i < 5; i++) {
      assertThat(Pools.onRejected(pool, ids(mine), virtual)).isEmpty();
    }
    for (int i = 0; i < 5; i++) {
      assertThat(Pools.onRejected(pool, ids(other), virtual)).isEmpty();
      Pools.onChainChanged(pool, List.of(), List.of(), virtual);
    }
  }

  @Test
  void whatATemplateRefusesAgainAndAgainGoesThoughTheCheckPasses() {
    Transaction tx = spend(coin(1));
    add(tx, PEER);
    assertThat(Pools.onRejected(pool, ids(tx), virtual)).isEmpty();
    assertThat(Pools.onRejected(pool, ids(tx), virtual)).isEmpty();
    assertThat(Pools.onRejected(pool, ids(tx), virtual)).isEqualTo(ids(tx));
  }

  @Test
  void anInvalidCopyOfWhatCameBackDoesNotKeepItOut() {
    Transaction tx = spend(coin(1));
    virtual.breaks(tx.id(), Rule.SIGNATURE_INVALID);
    assertThat(pool.submit(tx, PEER, virtual)).isInstanceOf(Invalid.class);
    virtual.breaksNoMore(tx.id());
    assertThat(returned(tx).returned()).containsExactly(accepted(tx));
  }
}
