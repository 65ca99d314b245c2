package kaspeer.flows.block;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.Samples.requestBlocks;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.RejectText;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.Block;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Blocks;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeBlockFlowTest {
  private static final Block ONE = Samples.block(1, 10);
  private static final Block TWO = Samples.block(2, 20);

  private static FlowSetup flow() {
    return FlowHarness.of(ServeBlockFlow.factory());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void blocks_are_answered_in_order_each_with_the_requests_number(int version) {
    try (FlowHarness harness = flow().version(version).start()) {
      harness.receive(requestBlocks(List.of(TWO.hash(), ONE.hash())).setRequestId(99));
      for (Block block : List.of(TWO, ONE)) {
        find(harness, block.hash(), Optional.of(block));
        Sent answer = harness.expectSent(PayloadCase.BLOCK);
        assertThat(answer.message().getResponseId()).isEqualTo(99);
        assertThat(answer.message().getRequestId()).isZero();
        assertThat(answer.message().getBlock()).isEqualTo(Blocks.toWire(block));
        assertThat(answer.lane()).isEqualTo(Sent.Lane.DELIVER);
      }
      harness.expectNothingSent().expectNothingTold();
      assertThat(harness.pulls(ServeBlockFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void a_block_is_read_only_when_the_connection_took_the_one_before() {
    try (FlowHarness harness = flow().start()) {
      harness.holdDeliveries().receive(requestBlocks(List.of(ONE.hash(), TWO.hash())));
      find(harness, ONE.hash(), Optional.of(ONE));
      harness.expectNothingTold().completeDelivery();
      find(harness, TWO.hash(), Optional.of(TWO));
      assertThat(harness.pulls(ServeBlockFlow.REQUESTS)).isZero();
      harness.completeDelivery();
      assertThat(harness.pulls(ServeBlockFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void equal_hashes_of_a_request_are_answered_once() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(requestBlocks(Collections.nCopies(1000, ONE.hash())));
      find(harness, ONE.hash(), Optional.of(ONE));
      harness.expectSent(PayloadCase.BLOCK);
      harness.expectNothingSent().expectNothingTold();
    }
  }

  @Test
  void a_list_longer_than_1024_is_a_breach_and_nothing_is_read() {
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(requestBlocks(Samples.hashes(1025)))
          .expectViolation(ViolationCode.REQUEST_LIST_TOO_LONG);
      harness.expectNothingTold().expectStopped();
    }
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(requestBlocks(Samples.hashes(1024)))
          .expectNoViolation()
          .expectDag(Dag.GetBlock.class);
    }
  }

  @Test
  void an_unknown_block_is_rejected_on_the_network_and_banned_by_the_text() {
    try (FlowHarness harness = flow().policy(Policy.NETWORK).start()) {
      harness.receive(requestBlocks(List.of(hash(5))));
      find(harness, hash(5), Optional.empty());
      FlowOutcome.Violation breach =
          harness.expectViolation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK);
      assertThat(RejectText.of(breach)).contains("cannot find full block " + hash(5));
    }
    assertThat(sanctionOfUnknown(Policy.NETWORK)).isEqualTo(new Sanction.Reject());
    assertThat(sanctionOfUnknown(Policy.STRICT)).isEqualTo(new Sanction.Ban(Policy.BAN_LENGTH));
  }

  private static Sanction sanctionOfUnknown(Policy policy) {
    try (FlowHarness harness = flow().policy(policy).start()) {
      harness.receive(requestBlocks(List.of(hash(5))));
      find(harness, hash(5), Optional.empty());
      return harness.expectSanctioned(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK);
    }
  }

  @Test
  void where_an_unknown_block_is_tolerated_the_others_are_served() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(requestBlocks(List.of(hash(5), ONE.hash())));
      find(harness, hash(5), Optional.empty());
      find(harness, ONE.hash(), Optional.of(ONE));
      harness.expectSent(PayloadCase.BLOCK);
    }
  }

  @Test
  void a_malformed_hash_is_a_breach() {
    KaspadMessage.Builder bad = requestBlocks(List.of(ONE.hash()));
    bad.getRequestRelayBlocksBuilder()
        .getHashesBuilder(0)
        .setBytes(ByteString.copyFrom(new byte[33]));
    try (FlowHarness harness = flow().start()) {
      harness.receive(bad).expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void an_empty_request_is_answered_by_nothing() {
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(requestBlocks(List.of()))
          .expectNothingSent()
          .expectNothingTold()
          .expectRunning();
      assertThat(harness.pulls(ServeBlockFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void a_dag_that_never_answers_is_our_own_fault() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(requestBlocks(List.of(ONE.hash()))).advance(Duration.ofMinutes(2));
      harness.expectFinished(FlowOutcome.LocalFault.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_peer_that_never_reads_is_not_served_on_and_not_blamed() {
    try (FlowHarness harness = flow().start()) {
      harness.holdDeliveries().receive(requestBlocks(List.of(ONE.hash(), TWO.hash())));
      find(harness, ONE.hash(), Optional.of(ONE));
      harness
          .advance(Duration.ofMinutes(10))
          .expectNothingTold()
          .expectNoViolation()
          .expectRunning();
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
      harness.holdDeliveries().receive(requestBlocks(List.of(ONE.hash(), TWO.hash())));
      find(harness, ONE.hash(), Optional.of(ONE));
      harness.loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }

  private static void find(
      FlowHarness harness, kaspeer.primitives.Hash hash, Optional<Block> block) {
    Dag.GetBlock get = harness.expectDag(Dag.GetBlock.class);
    assertThat(get.hash()).isEqualTo(hash);
    harness.reply(get.replyTo(), block);
  }
}
