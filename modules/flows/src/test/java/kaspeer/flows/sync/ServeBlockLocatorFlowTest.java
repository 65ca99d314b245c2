package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestBlockLocatorMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeBlockLocatorFlowTest {
  private static FlowHarness server() {
    return FlowHarness.of(ServeBlockLocatorFlow.factory()).start();
  }

  private static KaspadMessage.Builder request(int limit) {
    return KaspadMessage.newBuilder()
        .setRequestId(77)
        .setRequestBlockLocator(
            RequestBlockLocatorMessage.newBuilder()
                .setHighHash(Hashes.toWire(hash(9)))
                .setLimit(limit));
  }

  @Test
  void a_block_locator_repeats_the_number_of_its_request() {
    try (FlowHarness harness = server()) {
      harness.receive(request(9));
      Dag.GetBlockLocator asked = harness.expectDag(Dag.GetBlockLocator.class);
      assertThat(asked.high()).isEqualTo(hash(9));
      assertThat(asked.limit()).isEqualTo(9);

      harness.reply(asked.replyTo(), new Dag.HashesReply.Found(Samples.hashes(9)));

      Sent answer = harness.expectSent(PayloadCase.BLOCK_LOCATOR);
      assertThat(answer.message().getResponseId()).isEqualTo(77);
      assertThat(answer.message().getBlockLocator().getHashesCount()).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 501, Integer.MAX_VALUE, -1})
  void no_limit_and_a_huge_limit_both_mean_what_a_peer_can_take(int limit) {
    try (FlowHarness harness = server()) {
      harness.receive(request(limit));

      assertThat(harness.expectDag(Dag.GetBlockLocator.class).limit())
          .isEqualTo(WireLimits.MAX_LOCATOR);
    }
  }

  @Test
  void a_locator_of_an_unknown_block_is_a_bad_request() {
    try (FlowHarness harness = server()) {
      harness.receive(request(9));

      harness.reply(
          harness.expectDag(Dag.GetBlockLocator.class).replyTo(),
          new Dag.HashesReply.Refused("unknown block"));

      harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST);
      harness.expectStopped();
    }
  }

  @Test
  void a_request_without_a_block_is_malformed() {
    try (FlowHarness harness = server()) {
      harness.receive(
          KaspadMessage.newBuilder()
              .setRequestBlockLocator(RequestBlockLocatorMessage.getDefaultInstance()));

      harness.expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void a_peer_that_does_not_take_its_answer_is_let_go_without_blame() {
    try (FlowHarness harness = server()) {
      harness.holdDeliveries().receive(request(9));
      harness.reply(
          harness.expectDag(Dag.GetBlockLocator.class).replyTo(),
          new Dag.HashesReply.Found(Samples.hashes(9)));

      harness.advance(Duration.ofMinutes(2));

      harness.expectFinished(FlowOutcome.Overflowed.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_dag_that_never_answers_ends_the_flow_without_blame() {
    try (FlowHarness harness = server()) {
      harness.receive(request(9)).advance(Duration.ofMinutes(3));

      harness.expectFinished(FlowOutcome.LocalFault.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_lost_link_ends_the_flow() {
    try (FlowHarness harness = server()) {
      harness.holdDeliveries().receive(request(9));
      harness.reply(
          harness.expectDag(Dag.GetBlockLocator.class).replyTo(),
          new Dag.HashesReply.Found(Samples.hashes(9)));

      harness.loseLink().expectStopped();
    }
  }
}
