package kaspeer.flows.transaction;

import static kaspeer.flows.Samples.hashes;
import static kaspeer.flows.Samples.transaction;
import static kaspeer.flows.transaction.Relaying.ONE;
import static kaspeer.flows.transaction.Relaying.THREE;
import static kaspeer.flows.transaction.Relaying.TWO;
import static kaspeer.flows.transaction.Relaying.announceAndPermit;
import static kaspeer.flows.transaction.Relaying.flow;
import static kaspeer.flows.transaction.Relaying.ids;
import static kaspeer.flows.transaction.Relaying.judge;
import static kaspeer.flows.transaction.Relaying.request;
import static kaspeer.flows.transaction.Relaying.submitTwoTogether;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flows.Samples;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

/** What the flow has asked for or handed in, when there is much of it. */
class TransactionBacklogTest {
  @Test
  void while_the_mempool_is_busy_answers_stay_in_their_inbox_and_the_peer_is_not_late() {
    List<Transaction> many = IntStream.range(0, 500).mapToObj(Samples::transaction).toList();
    try (FlowHarness harness = flow().start()) {
      request(harness, many.stream().map(Transaction::id).toList());
      for (Transaction transaction : many) {
        harness.receive(Samples.transaction(transaction));
      }
      Mempool.Submit first = harness.expectMempool(Mempool.Submit.class);
      assertThat(first.transactions()).hasSize(1);
      Mempool.Submit second = harness.expectMempool(Mempool.Submit.class);
      assertThat(second.transactions()).hasSize(Submits.ENOUGH);
      // The mempool takes its time, and is not asked anything else meanwhile.
      harness.advance(Duration.ofSeconds(59));
      judge(harness, first, new Result.Accepted(1000, List.of()));

      Mempool.Submit third = harness.expectMempool(Mempool.Submit.class);
      assertThat(third.transactions())
          .hasSizeBetween(Submits.MAX_WAITING, Submits.MAX_WAITING + 64);
      harness.expectRunning().expectNoViolation();
    }
  }

  @Test
  void what_the_mempool_is_too_busy_for_is_handed_in_again() {
    try (FlowHarness harness = flow().start()) {
      Mempool.Submit both = submitTwoTogether(harness);
      judge(harness, both, new Result.Full(Result.Full.BUSY));
      harness.expectNothingTold().advance(Duration.ofMillis(100));
      Mempool.Submit again = harness.expectMempool(Mempool.Submit.class);
      assertThat(again.transactions()).containsExactly(TWO, THREE);
      assertThat(again.bytes()).isEqualTo(both.bytes());
      judge(harness, again, new Result.Full("POOL_FULL"));
      harness.advance(Duration.ofSeconds(1)).expectNothingTold().expectNoViolation();
    }
  }

  @Test
  void a_refusal_for_want_of_room_may_overtake_another_answer() {
    List<Transaction> many =
        IntStream.range(0, Submits.ENOUGH + 1).mapToObj(Samples::transaction).toList();
    try (FlowHarness harness = flow().start()) {
      request(harness, many.stream().map(Transaction::id).toList());
      many.forEach(transaction -> harness.receive(Samples.transaction(transaction)));
      Mempool.Submit first = harness.expectMempool(Mempool.Submit.class);
      Mempool.Submit second = harness.expectMempool(Mempool.Submit.class);
      judge(harness, second, new Result.Full(Result.Full.BUSY));
      judge(harness, first, new Result.Accepted(1000, List.of()));
      harness.advance(Duration.ofMillis(100));
      assertThat(harness.expectMempool(Mempool.Submit.class).transactions())
          .isEqualTo(second.transactions());
    }
  }

  @Test
  void many_ids_go_out_beside_an_open_request_and_no_more_are_owed_than_the_inbox_holds() {
    int most = TransactionRequests.MAX_OWED;
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE));
      announceAndPermit(harness, hashes(TransactionRequests.ENOUGH));
      assertThat(asked(harness)).isEqualTo(TransactionRequests.ENOUGH);
      announceAndPermit(harness, hashes(most).subList(TransactionRequests.ENOUGH, most));
      assertThat(asked(harness)).isEqualTo(TransactionRequests.MAX_ASKED);
      harness.expectNothingSent().receive(Samples.transaction(ONE));
      harness.expectNothingSent().expectNoViolation();
    }
  }

  private static int asked(FlowHarness harness) {
    return harness
        .expectSent(PayloadCase.REQUEST_TRANSACTIONS)
        .message()
        .getRequestTransactions()
        .getIdsCount();
  }
}
