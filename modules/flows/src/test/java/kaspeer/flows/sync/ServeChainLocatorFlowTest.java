package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeChainLocatorFlowTest {
  /** Ours in all these tests. */
  private static final Hash PRUNING_POINT = FlowSetup.emptyDag().pruningPoint();

  /** Of a chain whose pruning point is where its history begins. */
  private static final List<Hash> YOUNG = List.of(hash(9), hash(5), PRUNING_POINT);

  /** Of one whose pruning point has moved on. */
  private static final List<Hash> OLD = List.of(hash(9), hash(5), hash(1));

  private static FlowHarness server() {
    return FlowHarness.of(ServeChainLocatorFlow.factory()).start();
  }

  private static KaspadMessage.Builder request() {
    return KaspadMessage.newBuilder()
        .setRequestIbdChainBlockLocator(RequestIbdChainBlockLocatorMessage.getDefaultInstance());
  }

  private static KaspadMessage.Builder request(Hash low, Hash high) {
    return KaspadMessage.newBuilder()
        .setRequestIbdChainBlockLocator(
            RequestIbdChainBlockLocatorMessage.newBuilder()
                .setLowHash(Hashes.toWire(low))
                .setHighHash(Hashes.toWire(high)));
  }

  private static Dag.GetChainLocator answerDag(FlowHarness harness, Dag.HashesReply reply) {
    Dag.GetChainLocator asked = harness.expectDag(Dag.GetChainLocator.class);
    harness.reply(asked.replyTo(), reply);
    return asked;
  }

  private static Dag.GetChainLocator answerDag(FlowHarness harness, List<Hash> locator) {
    return answerDag(harness, new Dag.HashesReply.Found(locator));
  }

  private static void assertSent(FlowHarness harness, List<Hash> locator) {
    Sent answer = harness.expectSent(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR);
    assertThat(answer.message().getIbdChainBlockLocator().getBlockLocatorHashesList())
        .isEqualTo(Hashes.toWire(locator));
    harness.expectNothingSent();
  }

  /** A peer has asked for the whole of a chain whose pruning point has moved on. */
  private static Sync.GetRetentionRoot askedForAnOldChain(FlowHarness harness) {
    harness.receive(request());
    answerDag(harness, OLD);
    return harness.expectNothingSent().expectSync(Sync.GetRetentionRoot.class);
  }

  @Test
  void a_request_without_bounds_asks_for_the_whole_chain() {
    try (FlowHarness harness = server()) {
      harness.receive(request());
      Dag.GetChainLocator asked = answerDag(harness, YOUNG);
      assertThat(asked.low()).isEmpty();
      assertThat(asked.high()).isEmpty();

      Sent answer = harness.expectNothingTold().expectSent(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR);
      assertThat(answer.lane()).isEqualTo(Sent.Lane.DELIVER);
      assertThat(answer.message().getIbdChainBlockLocator().getBlockLocatorHashesList())
          .isEqualTo(Hashes.toWire(YOUNG));
      assertThat(answer.message().getResponseId()).isZero();
    }
  }

  @Test
  void bounds_are_passed_on_and_an_empty_locator_is_an_answer() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)).setRequestId(5));
      Dag.GetChainLocator asked = answerDag(harness, List.of());
      assertThat(asked.low()).isEqualTo(Optional.of(hash(1)));
      assertThat(asked.high()).isEqualTo(Optional.of(hash(2)));

      Sent answer = harness.expectSent(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR);
      assertThat(answer.message().getIbdChainBlockLocator().getBlockLocatorHashesCount()).isZero();
      assertThat(answer.message().getResponseId()).isEqualTo(5);
    }
  }

  @Test
  void a_request_that_the_dag_refuses_is_a_bad_request() {
    try (FlowHarness harness = server()) {
      harness.receive(request());
      answerDag(harness, new Dag.HashesReply.Refused("low is above high"));

      assertThat(harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST).detail())
          .contains("low is above high");
      harness.expectStopped();
    }
  }

  @Test
  void one_request_is_served_at_a_time() {
    try (FlowHarness harness = server()) {
      harness.holdDeliveries();
      harness.receive(request()).receive(request());
      answerDag(harness, YOUNG);
      harness.expectNothingTold();

      harness.completeDelivery();

      harness.expectDag(Dag.GetChainLocator.class);
    }
  }

  @Test
  void a_negotiation_is_served_at_once_and_a_flood_is_slowed_down() {
    try (FlowHarness harness = server()) {
      for (int i = 0; i < 256; i++) {
        harness.receive(request());
        answerDag(harness, YOUNG);
      }

      harness.receive(request()).expectNothingTold();
      harness.advance(Duration.ofMillis(100));

      harness.expectDag(Dag.GetChainLocator.class);
      harness.expectNoViolation();
    }
  }

  @Test
  void a_peer_is_told_an_old_chain_from_where_its_own_history_begins() {
    try (FlowHarness harness = server()) {
      Sync.GetRetentionRoot question = askedForAnOldChain(harness);
      assertThat(question.peer()).isEqualTo(7);
      harness.reply(question.replyTo(), new Sync.RetentionRoot(Optional.of(hash(4))));

      Dag.GetChainLocator asked = answerDag(harness, List.of(hash(9), hash(4)));
      assertThat(asked.low()).isEqualTo(Optional.of(hash(4)));
      assertThat(asked.high()).isEmpty();
      assertSent(harness, List.of(hash(9), hash(4)));
    }
  }

  @Test
  void a_peer_that_has_all_of_an_old_chain_or_none_is_told_all_of_it() {
    try (FlowHarness harness = server()) {
      Sync.GetRetentionRoot question = askedForAnOldChain(harness);
      harness.reply(question.replyTo(), new Sync.RetentionRoot(Optional.of(hash(1))));

      assertSent(harness.expectNothingTold(), OLD);
    }
  }

  @Test
  void a_peer_whose_history_begins_beside_our_chain_is_told_all_of_it() {
    try (FlowHarness harness = server()) {
      Sync.GetRetentionRoot question = askedForAnOldChain(harness);
      harness.reply(question.replyTo(), new Sync.RetentionRoot(Optional.of(hash(4))));
      answerDag(harness, List.of());
      assertSent(harness, OLD);

      question = askedForAnOldChain(harness);
      harness.reply(question.replyTo(), new Sync.RetentionRoot(Optional.of(hash(4))));
      answerDag(harness, new Dag.HashesReply.Refused("unknown block"));
      assertSent(harness, OLD);
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void a_peer_that_cannot_be_asked_is_told_all_of_an_old_chain() {
    try (FlowHarness harness = server()) {
      Sync.GetRetentionRoot question = askedForAnOldChain(harness);
      harness.reply(question.replyTo(), new Sync.RetentionRoot(Optional.empty()));

      assertSent(harness.expectNothingTold(), OLD);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_peer_that_does_not_answer_is_told_all_of_an_old_chain_once(boolean lateAnswer) {
    try (FlowHarness harness = server()) {
      Sync.GetRetentionRoot question = askedForAnOldChain(harness);
      harness.advance(ServeChainLocatorFlow.PATIENCE.minusMillis(1)).expectNothingSent();
      harness.advance(Duration.ofMillis(1));
      assertSent(harness, OLD);

      if (lateAnswer) {
        harness.reply(question.replyTo(), new Sync.RetentionRoot(Optional.of(hash(4))));
        harness.expectNothingTold().expectNothingSent();
      }
      harness.receive(request(hash(1), hash(9)));
      answerDag(harness, List.of(hash(9), hash(1)));
      assertSent(harness, List.of(hash(9), hash(1)));
    }
  }

  @Test
  void bounds_of_an_old_chain_ask_nobody_where_its_history_begins() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(9)));
      answerDag(harness, OLD);

      assertSent(harness.expectNothingTold(), OLD);
    }
  }
}
