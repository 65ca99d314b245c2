package kaspeer.flows.sync;

import static kaspeer.flows.sync.SyncSamples.blocks;
import static kaspeer.flows.sync.SyncSamples.hashesOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Blocks;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestBlockBodiesMessage;
import kaspeer.wire.proto.RequestIbdBlocksMessage;
import org.junit.jupiter.api.Test;

class BlockListFlowTest {
  private static FlowHarness bodies() {
    return FlowHarness.of(ServeBodiesFlow.factory()).start();
  }

  private static KaspadMessage.Builder request(List<Hash> hashes) {
    return KaspadMessage.newBuilder()
        .setRequestId(9)
        .setRequestBlockBodies(
            RequestBlockBodiesMessage.newBuilder().addAllHashes(Hashes.toWire(hashes)));
  }

  private static Dag.GetBlock expectRead(FlowHarness harness) {
    return harness.expectDag(Dag.GetBlock.class);
  }

  private static void found(FlowHarness harness, Dag.GetBlock asked, Block block) {
    harness.reply(asked.replyTo(), Optional.of(block));
  }

  private static void expectBody(FlowHarness harness, Block block) {
    Sent answer = harness.expectSent(PayloadCase.BLOCK_BODY);
    assertThat(answer.lane()).isEqualTo(Sent.Lane.DELIVER);
    assertThat(answer.message().getResponseId()).isEqualTo(9);
    assertThat(answer.message().getBlockBody()).isEqualTo(Blocks.bodyToWire(block.transactions()));
  }

  @Test
  void bodies_come_in_the_order_asked_with_the_requests_number() {
    List<Block> blocks = blocks(1, 6);
    try (FlowHarness harness = bodies()) {
      harness.receive(request(hashesOf(blocks)));
      for (Block block : blocks) {
        Dag.GetBlock asked = expectRead(harness);
        assertThat(asked.hash()).isEqualTo(block.hash());
        found(harness, asked, block);
      }

      blocks.forEach(block -> expectBody(harness, block));
      harness.expectNothingSent().expectNothingTold().expectNoViolation();
      assertThat(harness.pulls(BlockListFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void what_is_read_out_of_order_is_answered_in_order() {
    List<Block> blocks = blocks(1, 4);
    try (FlowHarness harness = bodies()) {
      harness.receive(request(hashesOf(blocks)));
      List<Dag.GetBlock> reads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        reads.add(expectRead(harness));
      }
      List<Block> backwards = new ArrayList<>(blocks);
      Collections.reverse(backwards);
      Collections.reverse(reads);
      for (int i = 0; i < 4; i++) {
        found(harness, reads.get(i), backwards.get(i));
      }

      blocks.forEach(block -> expectBody(harness, block));
    }
  }

  @Test
  void no_more_is_read_ahead_than_a_few_blocks() {
    List<Block> blocks = blocks(1, 20);
    try (FlowHarness harness = bodies()) {
      harness.holdDeliveries().receive(request(hashesOf(blocks)));
      for (int i = 0; i < BlockListFlow.READ_AHEAD + 1; i++) {
        found(harness, expectRead(harness), blocks.get(i));
      }
      harness.expectNothingTold();

      harness.completeDelivery();

      found(harness, expectRead(harness), blocks.get(BlockListFlow.READ_AHEAD + 1));
      harness.expectNothingTold();
    }
  }

  @Test
  void a_block_that_is_not_here_is_a_breach_which_the_network_rejects() {
    List<Block> blocks = blocks(1, 2);
    try (FlowHarness harness = bodies()) {
      harness.receive(request(hashesOf(blocks)));
      found(harness, expectRead(harness), blocks.getFirst());
      harness.reply(expectRead(harness).replyTo(), Optional.empty());

      expectBody(harness, blocks.getFirst());
      assertThat(harness.expectSanctioned(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK))
          .isEqualTo(new Sanction.Reject());
    }
  }

  @Test
  void where_policy_tolerates_the_breach_the_others_are_served() {
    List<Block> blocks = blocks(1, 3);
    try (FlowHarness harness = bodies()) {
      harness.receive(request(hashesOf(blocks)));
      Dag.GetBlock first = expectRead(harness);
      found(harness, expectRead(harness), blocks.get(1));
      found(harness, expectRead(harness), blocks.get(2));
      harness.expectNothingSent();

      harness.reply(first.replyTo(), Optional.empty());

      assertThat(harness.expectViolation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK).detail())
          .isEqualTo("cannot find full block " + blocks.getFirst().hash());
      expectBody(harness, blocks.get(1));
      expectBody(harness, blocks.get(2));
      harness.expectRunning();
    }
  }

  @Test
  void a_list_that_is_too_long_is_refused_unread() {
    try (FlowHarness harness = bodies()) {
      harness.receive(request(Samples.hashes(WireLimits.MAX_REQUESTED_BLOCKS + 1)));

      harness.expectViolation(ViolationCode.REQUEST_LIST_TOO_LONG);
      harness.expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_block_that_stands_in_the_list_many_times_is_served_once() {
    Block block = blocks(1, 1).getFirst();
    try (FlowHarness harness = bodies()) {
      harness.receive(request(Collections.nCopies(1000, block.hash())));
      found(harness, expectRead(harness), block);

      expectBody(harness, block);
      harness.expectNothingTold().expectNothingSent();
      assertThat(harness.pulls(BlockListFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void an_empty_list_is_answered_with_nothing() {
    try (FlowHarness harness = bodies()) {
      harness.receive(request(List.of()));

      harness.expectNothingSent().expectNothingTold().expectNoViolation();
      assertThat(harness.pulls(BlockListFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void a_short_hash_is_malformed() {
    try (FlowHarness harness = bodies()) {
      harness.receive(
          KaspadMessage.newBuilder()
              .setRequestBlockBodies(
                  RequestBlockBodiesMessage.newBuilder()
                      .addHashes(kaspeer.wire.proto.Hash.getDefaultInstance())));

      harness.expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void a_peer_that_asks_and_never_reads_is_let_go_without_blame() {
    List<Block> blocks = blocks(1, 6);
    try (FlowHarness harness = bodies()) {
      harness.holdDeliveries().receive(request(hashesOf(blocks)));
      found(harness, expectRead(harness), blocks.getFirst());

      harness.advance(Duration.ofMinutes(2));

      assertThat(harness.expectFinished(FlowOutcome.Overflowed.class).queue())
          .isEqualTo("answers not taken for 120 s");
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_peer_that_takes_a_block_now_and_then_is_served() {
    List<Block> blocks = blocks(1, 3);
    try (FlowHarness harness = bodies()) {
      harness.holdDeliveries().receive(request(hashesOf(blocks)));
      for (Block block : blocks) {
        found(harness, expectRead(harness), block);
      }
      harness.advance(Duration.ofSeconds(110)).completeDelivery();
      // What was read ahead is not kept for somebody so slow.
      found(harness, expectRead(harness), blocks.get(1));
      found(harness, expectRead(harness), blocks.get(2));

      harness.advance(Duration.ofSeconds(110)).expectRunning();
      harness.completeDelivery().expectRunning();
    }
  }

  @Test
  void a_peer_that_does_not_read_leaves_its_permit_to_others_and_is_served_when_it_reads() {
    List<Block> blocks = blocks(1, 6);
    FlowFactory<BlockListFlow.Command> factory = ServeBodiesFlow.KIND.factory(new Semaphore(1));
    try (FlowHarness deaf = FlowHarness.of(factory).start();
        FlowHarness other = FlowHarness.of(factory).start()) {
      deaf.holdDeliveries().receive(request(hashesOf(blocks)));
      found(deaf, expectRead(deaf), blocks.getFirst());
      Dag.GetBlock late = expectRead(deaf);
      found(deaf, expectRead(deaf), blocks.get(2));
      found(deaf, expectRead(deaf), blocks.get(3));
      found(deaf, expectRead(deaf), blocks.get(4));
      other.receive(request(hashesOf(blocks.subList(0, 1))));
      other.expectNothingTold();

      deaf.advance(Serving.PATIENCE).expectRunning().expectNoViolation();
      other.advance(Duration.ofMillis(50));
      Dag.GetBlock asked = expectRead(other);

      // It reads again, while the other one is being served; a read of before comes late.
      deaf.completeDelivery();
      found(deaf, late, blocks.get(1));
      expectBody(deaf, blocks.getFirst());
      deaf.expectNothingTold().expectNothingSent();
      found(other, asked, blocks.getFirst());
      expectBody(other, blocks.getFirst());

      deaf.advance(Duration.ofMillis(50));
      for (Block block : blocks.subList(1, 6)) {
        found(deaf, expectRead(deaf), block);
        expectBody(deaf, block);
        deaf.completeDelivery();
      }
      assertThat(deaf.pulls(BlockListFlow.REQUESTS)).isEqualTo(1);
    }
  }

  @Test
  void whole_blocks_are_served_likewise() {
    Block block = blocks(1, 1).getFirst();
    try (FlowHarness harness = FlowHarness.of(ServeIbdBlocksFlow.factory()).start()) {
      harness.receive(
          KaspadMessage.newBuilder()
              .setRequestId(4)
              .setRequestIbdBlocks(
                  RequestIbdBlocksMessage.newBuilder().addHashes(Hashes.toWire(block.hash()))));
      found(harness, expectRead(harness), block);

      Sent answer = harness.expectSent(PayloadCase.IBD_BLOCK);
      assertThat(answer.message().getIbdBlock()).isEqualTo(Blocks.toWire(block));
      assertThat(answer.message().getResponseId()).isEqualTo(4);
    }
  }
}
