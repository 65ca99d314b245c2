package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeLocatorFlowsTest {
  private static FlowHarness chainLocatorServer() {
    return FlowHarness.of(ServeChainLocatorFlow.factory()).start();
  }

  private static FlowHarness blockLocatorServer() {
    return FlowHarness.of(ServeBlockLocatorFlow.factory()).start();
  }

  private static KaspadMessage.Builder chainRequest() {
    return KaspadMessage.newBuilder()
        .setRequestIbdChainBlockLocator(RequestIbdChainBlockLocatorMessage.getDefaultInstance());
  }

  private static KaspadMessage.Builder blockRequest(int limit) {
    return KaspadMessage.newBuilder()
        .setRequestId(77)
        .setRequestBlockLocator(
            RequestBlockLocatorMessage.newBuilder()
                .setHighHash(Hashes.toWire(hash(9)))
                .setLimit(limit));
  }

  @Test
  void a_request_without_bounds_asks_for_the_whole_chain() {
    try (FlowHarness harness = chainLocatorServer()) {
      harness.receive(chainRequest());
      Dag.GetChainLocator asked = harness.expectDag(Dag.GetChainLocator.class);
      assertThat(asked.low()).isEmpty();
      assertThat(asked.high()).isEmpty();

      harness.reply(asked.replyTo(), new Dag.HashesReply.Found(Samples.hashes(3)));

      Sent answer = harness.expectSent(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR);
      assertThat(answer.lane()).isEqualTo(Sent.Lane.DELIVER);
      assertThat(answer.message().getIbdChainBlockLocator().getBlockLocatorHashesList())
          .isEqualTo(Hashes.toWire(Samples.hashes(3)));
      assertThat(answer.message().getResponseId()).isZero();
    }
  }

  @Test
  void bounds_are_passed_on_and_an_empty_locator_is_an_answer() {
    try (FlowHarness harness = chainLocatorServer()) {
      harness.receive(
          KaspadMessage.newBuilder()
              .setRequestId(5)
              .setRequestIbdChainBlockLocator(
                  RequestIbdChainBlockLocatorMessage.newBuilder()
                      .setLowHash(Hashes.toWire(hash(1)))
                      .setHighHash(Hashes.toWire(hash(2)))));
      Dag.GetChainLocator asked = harness.expectDag(Dag.GetChainLocator.class);
      assertThat(asked.low()).isEqualTo(Optional.of(hash(1)));
      assertThat(asked.high()).isEqualTo(Optional.of(hash(2)));

      harness.reply(asked.replyTo(), new Dag.HashesReply.Found(List.of()));

      Sent answer = harness.expectSent(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR);
      assertThat(answer.message().getIbdChainBlockLocator().getBlockLocatorHashesCount()).isZero();
      assertThat(answer.message().getResponseId()).isEqualTo(5);
    }
  }

  @Test
  void a_request_that_the_dag_refuses_is_a_bad_request() {
    try (FlowHarness harness = chainLocatorServer()) {
      harness.receive(chainRequest());
      Dag.GetChainLocator asked = harness.expectDag(Dag.GetChainLocator.class);

      harness.reply(asked.replyTo(), new Dag.HashesReply.Refused("low is above high"));

      assertThat(harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST).detail())
          .contains("low is above high");
      harness.expectStopped();
    }
  }

  @Test
  void one_request_is_served_at_a_time() {
    try (FlowHarness harness = chainLocatorServer()) {
      harness.holdDeliveries();
      harness.receive(chainRequest()).receive(chainRequest());
      Dag.GetChainLocator first = harness.expectDag(Dag.GetChainLocator.class);
      harness.reply(first.replyTo(), new Dag.HashesReply.Found(Samples.hashes(3)));
      harness.expectNothingTold();

      harness.completeDelivery();

      harness.expectDag(Dag.GetChainLocator.class);
    }
  }

  @Test
  void a_negotiation_is_served_at_once_and_a_flood_is_slowed_down() {
    try (FlowHarness harness = chainLocatorServer()) {
      for (int i = 0; i < 256; i++) {
        harness.receive(chainRequest());
        Dag.GetChainLocator asked = harness.expectDag(Dag.GetChainLocator.class);
        harness.reply(asked.replyTo(), new Dag.HashesReply.Found(Samples.hashes(1)));
      }

      harness.receive(chainRequest()).expectNothingTold();
      harness.advance(Duration.ofMillis(100));

      harness.expectDag(Dag.GetChainLocator.class);
      harness.expectNoViolation();
    }
  }

  @Test
  void a_block_locator_repeats_the_number_of_its_request() {
    try (FlowHarness harness = blockLocatorServer()) {
      harness.receive(blockRequest(9));
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
    try (FlowHarness harness = blockLocatorServer()) {
      harness.receive(blockRequest(limit));

      assertThat(harness.expectDag(Dag.GetBlockLocator.class).limit())
          .isEqualTo(WireLimits.MAX_LOCATOR);
    }
  }

  @Test
  void a_locator_of_an_unknown_block_is_a_bad_request() {
    try (FlowHarness harness = blockLocatorServer()) {
      harness.receive(blockRequest(9));

      harness.reply(
          harness.expectDag(Dag.GetBlockLocator.class).replyTo(),
          new Dag.HashesReply.Refused("unknown block"));

      harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST);
      harness.expectStopped();
    }
  }

  @Test
  void a_request_without_a_block_is_malformed() {
    try (FlowHarness harness = blockLocatorServer()) {
      harness.receive(
          KaspadMessage.newBuilder()
              .setRequestBlockLocator(RequestBlockLocatorMessage.getDefaultInstance()));

      harness.expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void a_peer_that_does_not_take_its_answer_is_let_go_without_blame() {
    try (FlowHarness harness = blockLocatorServer()) {
      harness.holdDeliveries().receive(blockRequest(9));
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
    try (FlowHarness harness = blockLocatorServer()) {
      harness.receive(blockRequest(9)).advance(Duration.ofMinutes(3));

      harness.expectFinished(FlowOutcome.LocalFault.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_lost_link_ends_the_flow() {
    try (FlowHarness harness = blockLocatorServer()) {
      harness.holdDeliveries().receive(blockRequest(9));
      harness.reply(
          harness.expectDag(Dag.GetBlockLocator.class).replyTo(),
          new Dag.HashesReply.Found(Samples.hashes(9)));

      harness.loseLink().expectStopped();
    }
  }
}
