package kaspeer.mempool;

import static kaspeer.mempool.Txs.FEE;
import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.ids;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** Replacement by fee (consensus reference 8): forbidden, allowed, mandatory. */
class ReplacementTest {
  private static final Submission PEER = Submission.relayed("peer");

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  private Admission submit(Transaction transaction, Submission how) {
    return pool.submit(transaction, how, virtual);
  }

  private void add(Transaction... transactions) {
    for (Transaction transaction : transactions) {
      assertThat(submit(transaction, PEER)).isInstanceOf(Accepted.class);
    }
  }

  @Test
  void whereForbiddenTheFirstToSpendAnOutputWins() {
    Transaction first = spend(coin(1), coin(2));
    add(first);
    Transaction second = pay(FEE * 10, coin(3), coin(2));
    assertThat(submit(second, Submission.local()))
        .isEqualTo(
            new DoubleSpend(second.id(), Policy.DOUBLE_SPEND, first.id(), coin(2).outpoint()));
    assertThat(pool.ids()).containsExactly(first.id());
  }

  @Test
  void whereAllowedAHigherFeeRateReplaces() {
    Transaction first = spend(coin(1));
    add(first);
    Transaction second = pay(FEE + 1, coin(1));
    assertThat(submit(second, PEER))
        .isEqualTo(new Accepted(second.id(), ids(first), List.of(), List.of()));
    assertThat(pool.ids()).containsExactly(second.id());
    assertThat(pool.info().counts()).containsEntry(MempoolCount.REPLACED, 1L);
  }

  @Test
  void anEqualFeeRateDoesNotReplace() {
    Transaction first = spend(coin(1));
    add(first);
    Transaction second = new Txs.Draft(coin(1)).signatureScript(new byte[66]).lockTime(1).build();
    assertThat(submit(second, PEER))
        .isEqualTo(
            new DoubleSpend(
                second.id(), Policy.REPLACEMENT_FEE_RATE_TOO_LOW, first.id(), coin(1).outpoint()));
  }

  @Test
  void itIsTheRateThatCountsNotTheFee() {
    Transaction small = spend(coin(1));
    add(small);
    Transaction large = new Txs.Draft(coin(1)).payload(20_000).fee(FEE * 10).build();
    assertThat(submit(large, PEER)).isInstanceOf(DoubleSpend.class);
    assertThat(pool.ids()).containsExactly(small.id());
  }

  @Test
  void storageMassCountsForTheRate() {
    Transaction first = pay(FEE, coin(1));
    add(first);
    // One output of 0.025 KAS weighs 400,000 grams, which the fee does not make up for.
    Transaction second = new Txs.Draft(coin(1)).outputs(1).fee(Txs.COIN - 2_500_000).build();
    add(second);
    assertThat(pool.ids()).containsExactly(second.id());
    Transaction third = pay((Txs.COIN - 2_500_000) / 400_000 * 2036, coin(1));
    assertThat(submit(third, PEER)).isInstanceOf(DoubleSpend.class);
    Transaction fourth = pay((Txs.COIN - 2_500_000) / 399_900 * 2036 + 4072, coin(1));
    add(fourth);
  }

  @Test
  void itReplacesAllThatSpendTheSameWithWhatBuildsOnThem() {
    Transaction first = spend(coin(1));
    Transaction child = pay(FEE * 50, output(first, 1));
    Transaction second = spend(coin(2));
    Transaction bystander = spend(coin(3));
    add(first, child, second, bystander);
    Transaction replacement = pay(FEE * 3, coin(1), coin(2));
    assertThat(submit(replacement, PEER))
        .isEqualTo(new Accepted(replacement.id(), ids(first, child, second), List.of(), List.of()));
    assertThat(pool.ids()).containsExactlyInAnyOrder(replacement.id(), bystander.id());
  }

  @Test
  void itMustPayMoreThanEachThatItReplacesOrNothingChanges() {
    Transaction cheap = spend(coin(1));
    Transaction dear = pay(FEE * 5, coin(2));
    add(cheap, dear);
    Transaction replacement = pay(FEE * 6, coin(1), coin(2));
    assertThat(submit(replacement, PEER))
        .isEqualTo(
            new DoubleSpend(
                replacement.id(),
                Policy.REPLACEMENT_FEE_RATE_TOO_LOW,
                dear.id(),
                coin(2).outpoint()));
    assertThat(pool.ids()).containsExactlyInAnyOrder(cheap.id(), dear.id());
  }

  @Test
  void whatWasSubmittedHereCanBeReplacedByAPeerThatPaysMore() {
    Transaction mine = spend(coin(1));
    assertThat(submit(mine, Submission.local())).isInstanceOf(Accepted.class);
    add(pay(FEE * 2, coin(1)));
    assertThat(pool.get(mine.id())).isNull();
  }

  @Test
  void whereMandatoryExactlyOneIsReplaced() {
    Transaction first = spend(coin(1), coin(2));
    add(first);
    Transaction replacement = pay(FEE * 2, coin(1), coin(2));
    assertThat(submit(replacement, Submission.localReplacement()))
        .isEqualTo(new Accepted(replacement.id(), ids(first), List.of(), List.of()));
  }

  @Test
  void whereMandatoryTheFeeRateCountsToo() {
    add(spend(coin(1)));
    assertThat(submit(pay(FEE - 1, coin(1)), Submission.localReplacement()))
        .isInstanceOf(DoubleSpend.class);
  }

  @Test
  void aReplacementThatFindsNoRoomReplacesNothing() {
    TransactionPool two =
        new TransactionPool(
            FakeVirtual.PARAMS,
            MempoolOptions.ofBytes(2 * Entry.estimatedBytes(spend(coin(1)), 0)));
    Transaction first = pay(FEE, coin(1));
    Transaction second = pay(FEE * 3, coin(2));
    two.submit(first, PEER, virtual);
    two.submit(second, PEER, virtual);
    Transaction large = new Txs.Draft(coin(1)).payload(200).fee(FEE * 2).build();
    assertThat(two.submit(large, PEER, virtual)).isEqualTo(new Admission.Full(large.id()));
    assertThat(two.ids()).containsExactlyInAnyOrder(first.id(), second.id());
  }
}
