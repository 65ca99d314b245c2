package kaspeer.flows.transaction;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.Samples.hashes;
import static kaspeer.flows.Samples.invTransactions;
import static kaspeer.flows.Samples.notFound;
import static kaspeer.flows.transaction.Relaying.ONE;
import static kaspeer.flows.transaction.Relaying.THREE;
import static kaspeer.flows.transaction.Relaying.TWO;
import static kaspeer.flows.transaction.Relaying.announce;
import static kaspeer.flows.transaction.Relaying.announceAndPermit;
import static kaspeer.flows.transaction.Relaying.flow;
import static kaspeer.flows.transaction.Relaying.ids;
import static kaspeer.flows.transaction.Relaying.judge;
import static kaspeer.flows.transaction.Relaying.request;
import static kaspeer.flows.transaction.Relaying.submitTwoTogether;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayTransactionFlowTest {
  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void missing_transactions_are_requested_at_once_and_taken_in_order(int version) {
    try (FlowHarness harness = flow().version(version).start()) {
      harness.receive(invTransactions(ids(ONE, TWO, THREE)));
      Mempool.MissingOf query = harness.expectMempool(Mempool.MissingOf.class);
      assertThat(query.ids()).isEqualTo(ids(ONE, TWO, THREE));
      harness.reply(query.replyTo(), new Mempool.Missing(ids(ONE, THREE)));
      permit(harness, ids(ONE, THREE));

      Sent request = harness.expectSent(PayloadCase.REQUEST_TRANSACTIONS);
      assertThat(request.message().getRequestTransactions().getIdsList())
          .isEqualTo(Hashes.toWireIds(ids(ONE, THREE)));
      assertThat(request.message().getRequestId()).isZero();

      harness.receive(Samples.transaction(ONE));
      assertThat(harness.expectRelay(Relay.Obtained.class))
          .isEqualTo(new Relay.Obtained(Relay.Kind.TRANSACTION, List.of(ONE.id()), 7));
      Mempool.Submit submit = harness.expectMempool(Mempool.Submit.class);
      assertThat(submit.transactions()).containsExactly(ONE);
      assertThat(submit.origin()).isEqualTo(7);
      assertThat(submit.bytes()).isPositive();
      assertThat(harness.openQuestions()).hasSize(1);

      harness.receive(Samples.transaction(THREE)).expectRelay(Relay.Obtained.class);
      assertThat(harness.openQuestions()).isEmpty();
      // The mempool has time for the second when it is done with the first.
      harness.expectNothingTold();
      judge(harness, submit, new Result.Accepted(1000, List.of()));
      assertThat(harness.expectMempool(Mempool.Submit.class).transactions()).containsExactly(THREE);
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void announcements_are_ignored_while_the_node_is_far_behind() {
    try (FlowHarness harness =
        flow()
            .dagSnapshot(FlowSetup.dag(10, FlowSetup.NOW.minusMillis(661_000), BlueWork.ZERO))
            .start()) {
      harness.receive(invTransactions(ids(ONE))).receive(invTransactions(ids(TWO)));
      harness.expectNothingTold().expectNothingSent().expectNoViolation();
      assertThat(harness.dropped()).isZero();
    }
  }

  @Test
  void more_than_131072_ids_are_a_breach() {
    List<Hash> most = Collections.nCopies(131_072, hash(1));
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(invTransactions(most))
          .expectNoViolation()
          .expectMempool(Mempool.MissingOf.class);
    }
    List<Hash> tooMany = Collections.nCopies(131_073, hash(1));
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(invTransactions(tooMany))
          .expectViolation(ViolationCode.TOO_MANY_TRANSACTION_IDS);
      harness.expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_long_announcement_is_looked_up_in_steps() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(invTransactions(hashes(RelayTransactionFlow.MAX_PER_STEP + 10)));
      Mempool.MissingOf first = harness.expectMempool(Mempool.MissingOf.class);
      assertThat(first.ids()).hasSize(RelayTransactionFlow.MAX_PER_STEP);
      harness.expectNothingTold().reply(first.replyTo(), new Mempool.Missing(List.of()));
      assertThat(harness.expectMempool(Mempool.MissingOf.class).ids()).hasSize(10);
    }
  }

  /** Takes an announcement in that is all known. */
  private static void announceKnown(FlowHarness harness, int ids) {
    harness.receive(invTransactions(Collections.nCopies(ids, hash(1))));
    for (int left = ids; left > 0; left -= RelayTransactionFlow.MAX_PER_STEP) {
      Mempool.MissingOf query = harness.expectMempool(Mempool.MissingOf.class);
      harness.reply(query.replyTo(), new Mempool.Missing(List.of()));
    }
  }

  @Test
  void ids_beyond_those_of_an_honest_burst_are_taken_in_at_their_rate() {
    int most = WireLimits.MAX_TRANSACTION_IDS;
    try (FlowHarness harness = flow().start()) {
      announceKnown(harness, most);
      announceKnown(harness, most);
      announceKnown(harness, most);
      Duration paid = Duration.ofSeconds(most / RelayTransactionFlow.IDS_PER_SECOND);

      harness.receive(invTransactions(ids(ONE))).receive(invTransactions(ids(TWO)));
      harness.expectNothingTold();
      harness.advance(paid.minusMillis(1)).expectNothingTold();
      harness.advance(Duration.ofMillis(1));
      Mempool.MissingOf query = harness.expectMempool(Mempool.MissingOf.class);
      assertThat(query.ids()).isEqualTo(ids(ONE));
      harness.reply(query.replyTo(), new Mempool.Missing(List.of()));
      harness.expectNothingTold().advance(Duration.ofMillis(1));
      assertThat(harness.expectMempool(Mempool.MissingOf.class).ids()).isEqualTo(ids(TWO));
      assertThat(harness.dropped()).isZero();
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void who_announces_no_more_than_the_rate_never_waits() {
    try (FlowHarness harness = flow().start()) {
      for (int i = 0; i < 100; i++) {
        announceKnown(harness, RelayTransactionFlow.IDS_PER_SECOND);
        harness.advance(Duration.ofSeconds(1));
      }
      announceKnown(harness, RelayTransactionFlow.MAX_AT_ONCE / 2);
      announceKnown(harness, RelayTransactionFlow.MAX_AT_ONCE / 2);
    }
  }

  @Test
  void a_list_that_waits_too_long_behind_others_is_dropped_and_counted() {
    int most = WireLimits.MAX_TRANSACTION_IDS;
    try (FlowHarness harness = flow().start()) {
      for (int i = 0; i < 3; i++) {
        announceKnown(harness, most);
      }
      for (int i = 0; i < 5; i++) {
        harness.receive(invTransactions(Collections.nCopies(most, hash(1))));
      }
      assertThat(harness.dropped()).isEqualTo(4);
      harness.expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void nothing_is_requested_without_a_permit_and_one_may_come_much_later() {
    try (FlowHarness harness = flow().start()) {
      Relay.Announced announced = announce(harness, ids(ONE));
      harness.advance(Duration.ofMinutes(1)).expectNothingSent();
      harness.reply(announced.replyTo(), new Relay.Permit(Relay.Kind.TRANSACTION, ids(ONE)));
      harness.expectSent(PayloadCase.REQUEST_TRANSACTIONS);
    }
  }

  @Test
  void while_a_request_is_open_others_gather_and_go_out_together() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE));
      announceAndPermit(harness, ids(TWO));
      announceAndPermit(harness, ids(THREE));
      harness.expectNothingSent().receive(Samples.transaction(ONE));

      Sent second = harness.expectSent(PayloadCase.REQUEST_TRANSACTIONS);
      assertThat(second.message().getRequestTransactions().getIdsList())
          .isEqualTo(Hashes.toWireIds(ids(TWO, THREE)));
    }
  }

  @Test
  void what_the_peer_does_not_have_is_asked_from_the_next_announcer() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE, TWO));
      harness.receive(notFound(ONE.id()));
      assertThat(harness.expectRelay(Relay.Failed.class))
          .isEqualTo(new Relay.Failed(Relay.Kind.TRANSACTION, ONE.id(), 7));
      harness.receive(Samples.transaction(TWO)).expectRelay(Relay.Obtained.class);
      assertThat(harness.expectMempool(Mempool.Submit.class).transactions()).containsExactly(TWO);
      harness.expectNoViolation();
    }
  }

  @Test
  void answers_out_of_order_or_of_other_ids_are_a_breach() {
    for (KaspadMessage.Builder wrong :
        List.of(Samples.transaction(TWO), notFound(TWO.id()), Samples.transaction(THREE))) {
      try (FlowHarness harness = flow().start()) {
        request(harness, ids(ONE, TWO));
        harness.receive(wrong).expectViolation(ViolationCode.WRONG_TRANSACTION);
        harness.expectNothingTold().expectStopped();
      }
    }
  }

  @Test
  void malformed_answers_and_announcements_are_a_breach() {
    KaspadMessage.Builder noSubnetwork = Samples.transaction(ONE);
    noSubnetwork.getTransactionBuilder().clearSubnetworkId();
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE));
      harness.receive(noSubnetwork).expectViolation(ViolationCode.MALFORMED_MESSAGE);
    }
    KaspadMessage.Builder shortId = invTransactions(ids(ONE));
    shortId.getInvTransactionsBuilder().getIdsBuilder(0).setBytes(ByteString.EMPTY);
    try (FlowHarness harness = flow().start()) {
      harness.receive(shortId).expectViolation(ViolationCode.MALFORMED_MESSAGE);
    }
  }

  @Test
  void while_we_do_not_read_the_peer_is_not_late_with_a_transaction() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE, TWO));
      harness.stopReading().advance(Duration.ofMinutes(5)).readOn();
      harness.advance(Duration.ofSeconds(119)).expectRunning().advance(Duration.ofSeconds(1));
      harness.expectFinished(FlowOutcome.Unresponsive.class);
    }
  }

  @Test
  void each_answer_may_take_two_minutes_and_no_longer() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE, TWO));
      harness.advance(Duration.ofSeconds(119)).receive(notFound(ONE.id()));
      harness.advance(Duration.ofSeconds(119)).expectRunning().advance(Duration.ofSeconds(1));
      assertThat(harness.expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.TRANSACTION);
      harness.expectStopped();
    }
  }

  @Test
  void an_answer_after_the_last_is_unsolicited() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE));
      harness.receive(Samples.transaction(ONE)).expectNoViolation();
      harness.receive(Samples.transaction(ONE)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void an_invalid_transaction_counts_on_the_network_and_is_banned_by_the_text() {
    assertThat(sanctionOfInvalid(Policy.NETWORK)).isEqualTo(new Sanction.Demerit(10));
    assertThat(sanctionOfInvalid(Policy.STRICT)).isEqualTo(new Sanction.Ban(Policy.BAN_LENGTH));
  }

  private static Sanction sanctionOfInvalid(Policy policy) {
    try (FlowHarness harness = flow().policy(policy).start()) {
      request(harness, ids(ONE));
      harness.receive(Samples.transaction(ONE));
      harness.expectRelay(Relay.Obtained.class);
      judge(
          harness,
          harness.expectMempool(Mempool.Submit.class),
          new Result.Invalid("TX_OUT_ZERO", "output 0"));
      harness.expectRunning();
      return harness.expectSanctioned(ViolationCode.INVALID_TRANSACTION);
    }
  }

  @Test
  void each_invalid_transaction_counts() {
    try (FlowHarness harness = flow().start()) {
      Mempool.Submit submit = submitTwoTogether(harness);
      judge(harness, submit, new Result.Invalid("TX_OUT_ZERO", "output 0"));
      assertThat(harness.expectViolation(ViolationCode.INVALID_TRANSACTION).detail())
          .contains("TX_OUT_ZERO");
      harness.expectViolation(ViolationCode.INVALID_TRANSACTION);
      harness.expectNoViolation();
    }
  }

  @Test
  void transactions_that_are_only_not_standard_are_told_together_and_tolerated() {
    for (Policy policy : List.of(Policy.NETWORK, Policy.STRICT)) {
      try (FlowHarness harness = flow().policy(policy).start()) {
        Mempool.Submit submit = submitTwoTogether(harness);
        judge(harness, submit, new Result.NonStandard("COMPUTE_FEE_TOO_LOW", "1 sompi"));
        assertThat(harness.expectSanctioned(ViolationCode.NON_STANDARD_TRANSACTION))
            .isEqualTo(new Sanction.Ignore());
        harness.expectNoViolation().expectRunning();
      }
    }
  }

  @Test
  void what_is_nobodys_fault_is_not_a_breach() {
    for (Result result :
        List.of(
            new Result.Known(false),
            new Result.NotYet("IMMATURE_COINBASE_SPEND", "input 0"),
            new Result.DoubleSpend(hash(1), "DOUBLE_SPEND", "output 0"),
            new Result.DoubleSpend(hash(1), "ORPHAN_DOUBLE_SPEND", "output 0"),
            new Result.Full("POOL_FULL"),
            new Result.Accepted(1000, List.of()))) {
      try (FlowHarness harness = flow().start()) {
        judge(harness, submitTwoTogether(harness), result);
        harness.expectNoViolation().expectRunning();
      }
    }
  }

  @Test
  void of_an_orphan_the_missing_parents_are_asked_for() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(THREE));
      harness.receive(Samples.transaction(THREE)).expectRelay(Relay.Obtained.class);
      Result orphaned =
          new Result.Orphaned(
              List.of(
                  new Outpoint(ONE.id(), 0), new Outpoint(TWO.id(), 1), new Outpoint(ONE.id(), 2)));
      judge(harness, harness.expectMempool(Mempool.Submit.class), orphaned);

      Mempool.MissingOf query = harness.expectMempool(Mempool.MissingOf.class);
      assertThat(query.ids()).isEqualTo(ids(ONE, TWO));
      harness.reply(query.replyTo(), new Mempool.Missing(ids(TWO)));
      permit(harness, ids(TWO));
      assertThat(
              harness
                  .expectSent(PayloadCase.REQUEST_TRANSACTIONS)
                  .message()
                  .getRequestTransactions()
                  .getIdsList())
          .isEqualTo(Hashes.toWireIds(ids(TWO)));
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void of_an_orphan_with_many_parents_a_bounded_number_is_asked_for() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(THREE));
      harness.receive(Samples.transaction(THREE)).expectRelay(Relay.Obtained.class);
      List<Outpoint> missing =
          IntStream.range(0, 5000).mapToObj(i -> new Outpoint(hash(i), 0)).toList();
      judge(harness, harness.expectMempool(Mempool.Submit.class), new Result.Orphaned(missing));
      assertThat(harness.expectMempool(Mempool.MissingOf.class).ids())
          .hasSize(RelayTransactionFlow.MAX_PER_STEP);
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void announcements_beyond_the_inbox_are_dropped_and_counted() {
    try (FlowHarness harness = flow().start()) {
      for (int i = 0; i < 5000; i++) {
        harness.receive(invTransactions(List.of(hash(i))));
      }
      // The first was taken and is being looked up, 4,096 wait.
      assertThat(harness.dropped()).isEqualTo(5000 - 4096 - 1);
      harness.expectMempool(Mempool.MissingOf.class);
      harness.expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void a_mempool_that_never_answers_is_our_own_fault() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(invTransactions(ids(ONE))).advance(Duration.ofMinutes(2));
      harness.expectFinished(FlowOutcome.LocalFault.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void any_other_message_is_not_for_this_flow() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(Samples.ping(1)).expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (FlowHarness harness = flow().start()) {
      request(harness, ids(ONE));
      harness.loseLink().expectStopped().expectNoViolation();
    }
  }

  private static void permit(FlowHarness harness, List<Hash> ids) {
    Relay.Announced announced = harness.expectRelay(Relay.Announced.class);
    assertThat(announced)
        .isEqualTo(new Relay.Announced(Relay.Kind.TRANSACTION, ids, 7, announced.replyTo()));
    harness.reply(announced.replyTo(), new Relay.Permit(Relay.Kind.TRANSACTION, ids));
  }
}
