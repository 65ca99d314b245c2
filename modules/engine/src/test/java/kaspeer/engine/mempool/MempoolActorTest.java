package kaspeer.engine.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.consensus.Rule;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What becomes of transactions that are handed to the mempool. */
final class MempoolActorTest extends MempoolRig {
  @Test
  void whatIsTakenIsAnsweredWithItsFeeAndAnnounced() {
    Transaction transaction = spendingCoin(1);
    assertThat(submit(PEER, transaction))
        .containsExactly(
            Map.entry(transaction.id(), new Result.Accepted(FakeVirtual.FEE, List.of())));
    assertThat(announced).containsExactly(List.of(transaction.id()));
    assertThat(submit(Dag.LOCAL, transaction))
        .containsExactly(Map.entry(transaction.id(), new Result.Known(false)));
    assertThat(announced).hasSize(1);
  }

  @Test
  void whatIsHandedInToReplaceIsHeldAgainstTheOneThatSpendsTheSame() {
    Transaction first = spendingCoin(0);
    Transaction second = FakeVirtual.spending(virtual.coin(0), FakeVirtual.AMOUNT, 2);
    assertThat(replace(first))
        .as("there is nothing to replace")
        .isInstanceOf(Result.NonStandard.class);
    submit(Dag.LOCAL, first);
    assertThat(submit(Dag.LOCAL, second).get(second.id()))
        .isInstanceOfSatisfying(
            Result.DoubleSpend.class,
            refused -> assertThat(refused.policy()).doesNotContain("REPLACEMENT"));
    assertThat(replace(second))
        .as("it pays the same")
        .isInstanceOfSatisfying(
            Result.DoubleSpend.class,
            refused -> assertThat(refused.policy()).isEqualTo("REPLACEMENT_FEE_RATE_TOO_LOW"));
  }

  @Test
  void whatIsInThePoolIsDescribedWithItsPrice() {
    Transaction transaction = spendingCoin(0);
    submit(7, transaction);
    assertThat(describe(transaction.id()))
        .hasValueSatisfying(
            found -> {
              assertThat(found.transaction().id()).isEqualTo(transaction.id());
              assertThat(Objects.requireNonNull(found.price()).fee()).isEqualTo(FakeVirtual.FEE);
              assertThat(Objects.requireNonNull(found.price()).computeMass()).isEqualTo(2_000);
              assertThat(Objects.requireNonNull(found.price()).storageMass()).isEqualTo(100);
              assertThat(Objects.requireNonNull(found.price()).ready()).isTrue();
            });
    assertThat(describe(Hash.ZERO)).isEmpty();
  }

  @Test
  void anOrphanWaitsForItsParentAndBothAreAnnounced() {
    Transaction parent = spendingCoin(1);
    Transaction child =
        FakeVirtual.spending(FakeVirtual.outputOf(parent), FakeVirtual.AMOUNT - FakeVirtual.FEE, 2);
    assertThat(submit(PEER, child))
        .containsExactly(
            Map.entry(child.id(), new Result.Orphaned(List.of(FakeVirtual.outputOf(parent)))));
    assertThat(get(child)).isEmpty();
    assertThat(describe(child.id())).contains(new Mempool.Description(child, null));
    assertThat(info().orphans()).isEqualTo(1);

    submit(PEER, parent);
    assertThat(announced).containsExactly(List.of(parent.id(), child.id()));
    assertThat(get(child)).isPresent();
    assertThat(info().orphans()).isZero();
    assertThat(info().ready()).isEqualTo(1);
  }

  @Test
  void ofTwoOrphansThatSpendTheSameTheSecondIsRefusedAsADoubleSpend() {
    Outpoint awaited = FakeVirtual.outputOf(spendingCoin(1));
    Transaction first = FakeVirtual.spending(awaited, FakeVirtual.AMOUNT, 2);
    Transaction second = FakeVirtual.spending(awaited, FakeVirtual.AMOUNT, 3);
    submit(PEER, first);
    assertThat(submit(PEER, second).get(second.id()))
        .isInstanceOfSatisfying(
            Result.DoubleSpend.class,
            refused -> {
              assertThat(refused.policy()).isEqualTo("ORPHAN_DOUBLE_SPEND");
              assertThat(refused.conflict()).isEqualTo(first.id());
            });
    assertThat(submit(Dag.LOCAL, second).get(second.id()))
        .as("what is submitted here may not wait in any case")
        .isInstanceOfSatisfying(
            Result.NonStandard.class,
            refused -> assertThat(refused.policy()).isEqualTo("ORPHAN_NOT_ALLOWED"));
    assertThat(spoilt).isEmpty();
  }

  @Test
  void whatWasSubmittedHereDoesNotWaitForOthers() {
    Transaction orphan =
        FakeVirtual.spending(FakeVirtual.outputOf(spendingCoin(1)), FakeVirtual.AMOUNT, 2);
    assertThat(submit(Dag.LOCAL, orphan).get(orphan.id()))
        .isInstanceOfSatisfying(
            Result.NonStandard.class,
            refused -> assertThat(refused.policy()).isEqualTo("ORPHAN_NOT_ALLOWED"));
  }

  @Test
  void whatBreaksARuleForGoodMayBeAskedOfOthersAndWhatBreaksItNowNeedNot() {
    Transaction bad = spendingCoin(1);
    Transaction early = spendingCoin(2);
    virtual.breaks(bad, Rule.SIGNATURE_INVALID);
    virtual.breaks(early, Rule.IMMATURE_COINBASE_SPEND);
    assertThat(submit(PEER, bad, early))
        .containsEntry(bad.id(), new Result.Invalid("SIGNATURE_INVALID", "as the test says"))
        .containsEntry(
            early.id(), new Result.NotYet("IMMATURE_COINBASE_SPEND", "as the test says"));
    assertThat(spoilt).containsExactly(bad.id());
    assertThat(announced).isEmpty();
  }

  @Test
  void anOrphanThatIsFoundBadWhenItsParentComesMayBeAskedOfOthers() {
    Transaction parent = spendingCoin(1);
    Transaction bad =
        FakeVirtual.spending(FakeVirtual.outputOf(parent), FakeVirtual.AMOUNT - FakeVirtual.FEE, 2);
    assertThat(submit(PEER, bad).get(bad.id())).isInstanceOf(Result.Orphaned.class);
    virtual.breaks(bad, Rule.SIGNATURE_INVALID);
    assertThat(submit(PEER, parent).get(parent.id())).isInstanceOf(Result.Accepted.class);
    assertThat(spoilt).containsExactly(bad.id());
    assertThat(announced).containsExactly(List.of(parent.id()));
  }

  @Test
  void nothingElseWaitsWhileTransactionsAreChecked() {
    Transaction here = spendingCoin(1);
    submit(PEER, here);
    checks.holds = true;
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    Transaction coming = spendingCoin(2);
    pool.tell(new Mempool.Submit(List.of(coming), PEER, 100, results.ref()));

    assertThat(template(MINER)).isInstanceOf(TemplateReply.Made.class);
    virtual.accept(here);
    added(here);
    soon(() -> assertThat(get(here)).isEmpty());
    assertThat(info().transactions()).isZero();
    results.expectNoMessage(Duration.ZERO);
    checks.letGo();
    assertThat(results.receiveMessage().byId().get(coming.id()))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  void whatSeveralSubmitMeanwhileIsCheckedTogetherAndWhatIsSubmittedHereFirst() {
    checks.holds = true;
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    List<Transaction> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(spendingCoin(i));
    }
    pool.tell(new Mempool.Submit(List.of(all.get(0)), PEER, 100, results.ref()));
    pool.tell(new Mempool.Submit(all.subList(1, 3), PEER, 100, results.ref()));
    pool.tell(new Mempool.Submit(List.of(all.get(3)), PEER + 1, 100, results.ref()));
    pool.tell(new Mempool.Submit(List.of(all.get(4)), Dag.LOCAL, 100, results.ref()));
    info();
    checks.letGo();
    List<Hash> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Map<Hash, Result> answer = results.receiveMessage().byId();
      assertThat(answer.values()).hasOnlyElementsOfType(Result.Accepted.class);
      order.add(answer.keySet().iterator().next());
      assertThat(answer).hasSize(i == 2 ? 2 : 1);
    }
    assertThat(order.get(1)).as("submitted here").isEqualTo(all.get(4).id());
    assertThat(virtual.together).containsExactly(1, 1, 3);
  }

  @Test
  void whatWaitsIsBoundedInBytesButForWhatIsSubmittedHere() {
    checks.holds = true;
    TestProbe<Mempool.Results> held = kit.createTestProbe(Mempool.Results.class);
    TestProbe<Mempool.Results> results = kit.createTestProbe(Mempool.Results.class);
    int bytes = (int) SubmissionQueue.MAX_BYTES;
    pool.tell(new Mempool.Submit(List.of(spendingCoin(1)), PEER, bytes, held.ref()));
    Transaction more = spendingCoin(2);
    pool.tell(new Mempool.Submit(List.of(more), PEER + 1, 1, results.ref()));
    assertThat(results.receiveMessage().byId())
        .containsExactly(Map.entry(more.id(), new Result.Full("INTAKE_FULL")));
    pool.tell(new Mempool.Submit(List.of(spendingCoin(3)), Dag.LOCAL, 1, held.ref()));
    info();
    checks.letGo();
    held.receiveMessage();
    held.receiveMessage();
    assertThat(submit(PEER + 1, more).get(more.id())).isInstanceOf(Result.Accepted.class);
  }

  @Test
  void manyAreFoundAtATime() {
    Transaction here = spendingCoin(1);
    submit(PEER, here);
    TestProbe<Mempool.Found> found = kit.createTestProbe(Mempool.Found.class);
    pool.tell(new Mempool.GetAll(List.of(here.id(), Hash.ZERO, here.id()), found.ref()));
    assertThat(found.receiveMessage().byId()).containsOnlyKeys(here.id());
  }

  @Test
  void whatWasSubmittedHereIsAnnouncedAgainEveryHalfMinute() {
    Transaction own = spendingCoin(1);
    submit(Dag.LOCAL, own);
    submit(PEER, spendingCoin(2));
    announced.clear();
    for (int i = 0; i < MempoolActor.LOOKS_PER_REBROADCAST; i++) {
      assertThat(announcedAgain).isEmpty();
      time.timePasses(MempoolActor.LOOK_INTERVAL);
      info();
    }
    assertThat(announcedAgain).containsExactly(List.of(own.id()));
    assertThat(announced).isEmpty();
  }

  @Test
  void theFeeEstimateIsTold() {
    assertThat(info().fees().priority().feeRate()).isPositive();
    assertThat(info().fees().normal()).isNotEmpty();
    assertThat(info().fees().low()).isNotEmpty();
  }
}
