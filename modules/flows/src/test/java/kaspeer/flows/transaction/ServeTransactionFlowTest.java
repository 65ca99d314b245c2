package kaspeer.flows.transaction;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.Samples.requestTransactions;
import static kaspeer.flows.Samples.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeTransactionFlowTest {
  private static final Transaction ONE = transaction(1);
  private static final Transaction TWO = transaction(2);

  private static FlowSetup flow() {
    return FlowHarness.of(ServeTransactionFlow.factory());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void each_id_is_answered_in_order_with_the_transaction_or_not_found(int version) {
    try (FlowHarness harness = flow().version(version).start()) {
      harness.receive(requestTransactions(List.of(TWO.id(), hash(5), ONE.id())).setRequestId(4));
      find(harness, List.of(TWO.id(), hash(5), ONE.id()), ONE, TWO);

      Sent first = harness.expectSent(PayloadCase.TRANSACTION);
      assertThat(first.message().getTransaction()).isEqualTo(Transactions.toWire(TWO));
      assertThat(first.message().getResponseId()).isZero();
      Sent second = harness.expectSent(PayloadCase.TRANSACTION_NOT_FOUND);
      assertThat(second.message().getTransactionNotFound().getId())
          .isEqualTo(Hashes.toWireId(hash(5)));
      assertThat(harness.expectSent(PayloadCase.TRANSACTION).message().getTransaction())
          .isEqualTo(Transactions.toWire(ONE));
      assertThat(harness.pulls(ServeTransactionFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void an_unknown_transaction_is_tolerated_on_the_network_and_banned_by_the_text() {
    assertThat(sanctionOfUnknown(Policy.NETWORK)).isEqualTo(new Sanction.Ignore());
    assertThat(sanctionOfUnknown(Policy.STRICT)).isEqualTo(new Sanction.Ban(Policy.BAN_LENGTH));
  }

  private static Sanction sanctionOfUnknown(Policy policy) {
    try (FlowHarness harness = flow().policy(policy).start()) {
      harness.receive(requestTransactions(List.of(hash(5))));
      find(harness, List.of(hash(5)));
      harness.expectSent(PayloadCase.TRANSACTION_NOT_FOUND);
      return harness.expectSanctioned(ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION);
    }
  }

  @Test
  void unknown_transactions_of_a_request_are_told_together_when_all_are_answered() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(requestTransactions(List.of(hash(5), hash(6))));
      harness.expectNoViolation();
      find(harness, List.of(hash(5), hash(6)));
      assertThat(harness.expectViolation(ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION).detail())
          .startsWith("2 of 2");
      harness.expectNoViolation().expectRunning();

      harness.receive(requestTransactions(List.of(ONE.id())));
      find(harness, List.of(ONE.id()), ONE);
      harness.expectNoViolation();
    }
  }

  @Test
  void an_id_that_stands_twice_is_found_once() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(requestTransactions(Collections.nCopies(3, ONE.id())));
      find(harness, Collections.nCopies(3, ONE.id()), ONE);
      harness.expectSent(PayloadCase.TRANSACTION);
      harness.expectSent(PayloadCase.TRANSACTION_NOT_FOUND);
      harness.expectSent(PayloadCase.TRANSACTION_NOT_FOUND);
      harness.expectNothingTold().expectNoViolation();

      harness.receive(requestTransactions(List.of(ONE.id())));
      find(harness, List.of(ONE.id()), ONE);
    }
  }

  @Test
  void an_answer_is_made_only_when_the_connection_took_the_one_before() {
    try (FlowHarness harness = flow().start()) {
      harness.holdDeliveries().receive(requestTransactions(List.of(ONE.id(), TWO.id())));
      find(harness, List.of(ONE.id(), TWO.id()), ONE, TWO);
      harness.expectSent(PayloadCase.TRANSACTION);
      harness.expectNothingSent().completeDelivery();
      harness.expectSent(PayloadCase.TRANSACTION);
      assertThat(harness.pulls(ServeTransactionFlow.REQUESTS)).isZero();
      harness.completeDelivery();
      assertThat(harness.pulls(ServeTransactionFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void a_window_is_looked_up_when_the_one_before_is_answered() {
    List<Hash> ids =
        IntStream.range(0, ServeTransactionFlow.WINDOW + 1).mapToObj(Samples::hash).toList();
    try (FlowHarness harness = flow().start()) {
      harness.holdDeliveries().receive(requestTransactions(ids));
      find(harness, ids.subList(0, ServeTransactionFlow.WINDOW));
      for (int i = 0; i < ServeTransactionFlow.WINDOW; i++) {
        harness.expectNothingTold().completeDelivery();
      }
      find(harness, ids.subList(ServeTransactionFlow.WINDOW, ids.size()));
    }
  }

  @Test
  void more_than_131072_ids_are_a_breach() {
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(requestTransactions(Collections.nCopies(131_073, ONE.id())))
          .expectViolation(ViolationCode.TOO_MANY_TRANSACTION_IDS);
      harness.expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_malformed_id_is_a_breach() {
    KaspadMessage.Builder bad = requestTransactions(List.of(ONE.id()));
    bad.getRequestTransactionsBuilder()
        .getIdsBuilder(0)
        .setBytes(ByteString.copyFrom(new byte[31]));
    try (FlowHarness harness = flow().start()) {
      harness.receive(bad).expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void a_mempool_that_never_answers_is_our_own_fault() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(requestTransactions(List.of(ONE.id()))).advance(Duration.ofMinutes(2));
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
      harness.holdDeliveries().receive(requestTransactions(List.of(ONE.id(), TWO.id())));
      find(harness, List.of(ONE.id(), TWO.id()), ONE, TWO);
      harness.loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }

  /** The flow looks these up together, and only some are there. */
  private static void find(FlowHarness harness, List<Hash> ids, Transaction... there) {
    Mempool.GetAll get = harness.expectMempool(Mempool.GetAll.class);
    assertThat(get.ids()).isEqualTo(ids);
    harness.reply(
        get.replyTo(),
        new Mempool.Found(
            Stream.of(there).collect(Collectors.toMap(Transaction::id, Function.identity()))));
  }
}
