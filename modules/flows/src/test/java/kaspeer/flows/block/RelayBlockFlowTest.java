package kaspeer.flows.block;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.Samples.inv;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayBlockFlowTest {
  private static final Block BLOCK = Samples.block(1, 5000);

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void an_announced_block_is_fetched_by_number_and_submitted(int version) {
    try (Relaying relaying = new Relaying(setup -> setup.version(version))) {
      relaying.announceToPermit(BLOCK.hash());
      Sent request = relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
      assertThat(request.message().getRequestRelayBlocks().getHashesList())
          .containsExactly(Hashes.toWire(BLOCK.hash()));
      assertThat(request.message().getRequestId()).isNotZero();

      KaspadMessage.Builder answer = Samples.block(BLOCK);
      relaying.harness.answer(request, answer);

      assertThat(relaying.harness.expectRelay(Relay.Obtained.class))
          .isEqualTo(new Relay.Obtained(Relay.Kind.BLOCK, List.of(BLOCK.hash()), 7));
      Dag.SubmitBlock submit = relaying.harness.expectDag(Dag.SubmitBlock.class);
      assertThat(submit.block()).isEqualTo(BLOCK);
      assertThat(submit.origin()).isEqualTo(7);
      assertThat(submit.bytes()).isEqualTo(answer.build().getSerializedSize());
      assertThat(relaying.harness.openQuestions()).isEmpty();
      relaying.harness.reply(submit.replyTo(), new BlockReply.Accepted(BLOCK.hash(), List.of()));
      relaying.harness.expectNothingSent().expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void our_sink_is_announced_at_the_start_unless_it_is_genesis() {
    try (FlowHarness harness = FlowHarness.of(RelayBlockFlow.factory()).start()) {
      Hash sink = FlowSetup.syncedDag(FlowSetup.NOW).sink().hash();
      assertThat(harness.expectSent(PayloadCase.INV_RELAY_BLOCK).message())
          .isEqualTo(inv(sink).build());
    }
    try (FlowHarness harness =
        FlowHarness.of(RelayBlockFlow.factory()).dagSnapshot(FlowSetup.emptyDag()).start()) {
      harness.expectNothingSent();
    }
  }

  @Test
  void a_block_we_have_is_not_asked_for() {
    try (Relaying relaying = new Relaying()) {
      relaying.announce(BLOCK.hash(), BlockStatus.BODY);
      relaying.harness.expectNothingTold().expectNothingSent();
    }
  }

  @Test
  void a_block_of_which_only_the_header_is_here_is_asked_for() {
    try (Relaying relaying = new Relaying()) {
      relaying.announce(BLOCK.hash(), BlockStatus.HEADER_ONLY);
      relaying.harness.expectSync(Sync.Announced.class);
      relaying.expectAnnounced(BLOCK.hash());
    }
  }

  @Test
  void an_announced_invalid_block_is_a_breach() {
    try (Relaying relaying = new Relaying()) {
      relaying.announce(BLOCK.hash(), BlockStatus.INVALID);
      assertThat(relaying.harness.expectSanctioned(ViolationCode.INV_OF_INVALID_BLOCK))
          .isEqualTo(new Sanction.Reject());
      relaying.harness.expectStopped();
    }
  }

  @Test
  void nothing_is_asked_for_without_a_permit() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceToRelay(BLOCK.hash());
      relaying.harness.advance(Duration.ofSeconds(30)).expectNothingSent().expectRunning();
    }
  }

  @Test
  void a_permit_may_come_much_later() {
    try (Relaying relaying = new Relaying()) {
      Relay.Announced announced = relaying.announceToRelay(BLOCK.hash());
      relaying.harness.advance(Duration.ofSeconds(30));
      relaying.permit(announced);
      relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
    }
  }

  @Test
  void the_same_announcement_again_is_passed_on_again_but_fetched_once_at_a_time() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceToPermit(BLOCK.hash());
      relaying.harness.receive(inv(BLOCK.hash())).expectNothingTold();
      relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
      relaying.harness.expectNothingSent();
    }
  }

  @Test
  void at_most_eight_blocks_are_under_way() {
    try (Relaying relaying = new Relaying()) {
      List<Sent> requests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        relaying.announceToPermit(Samples.block(i, 5000).hash());
      }
      for (int i = 0; i < BlockFetches.MAX; i++) {
        requests.add(relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS));
      }
      relaying.harness.expectNothingSent();

      // Answers may come in any order.
      relaying.harness.answer(requests.get(5), Samples.block(Samples.block(5, 5000)));
      relaying.harness.expectNothingSent();
      relaying.harness.expectRelay(Relay.Obtained.class);
      Dag.SubmitBlock submit = relaying.harness.expectDag(Dag.SubmitBlock.class);
      relaying.harness.reply(
          submit.replyTo(), new BlockReply.Accepted(submit.block().hash(), List.of()));
      relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
      relaying.harness.expectNothingSent();
    }
  }

  @Test
  void announcements_stay_in_their_inbox_while_many_are_in_work() {
    try (Relaying relaying = new Relaying()) {
      for (int i = 0; i < 2560 + 100; i++) {
        relaying.harness.receive(inv(hash(i)));
      }
      // 64 were taken; the first alone is being looked up, the others wait for that.
      assertThat(relaying.harness.dropped()).isEqualTo(100 - 64);
      assertThat(relaying.expectLookUp().hashes()).containsExactly(hash(0));
      relaying.harness.expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void what_gathers_during_a_look_up_is_looked_up_together() {
    try (Relaying relaying = new Relaying()) {
      relaying.harness.receive(inv(hash(1))).receive(inv(hash(2))).receive(inv(hash(3)));
      Dag.LookUp first = relaying.expectLookUp();
      relaying.harness.expectNothingTold();
      relaying.answer(first, BlockStatus.BODY);
      assertThat(relaying.expectLookUp().hashes()).containsExactly(hash(2), hash(3));
    }
  }

  @Test
  void another_block_than_asked_for_is_a_breach() {
    try (Relaying relaying = new Relaying()) {
      Sent request = relaying.announceToRequest(BLOCK.hash());
      relaying.harness.answer(request, Samples.block(Samples.block(2, 5000)));
      relaying.harness.expectViolation(ViolationCode.WRONG_BLOCK);
      relaying.harness.expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_block_without_a_body_is_a_breach() {
    try (Relaying relaying = new Relaying()) {
      Sent request = relaying.announceToRequest(BLOCK.hash());
      KaspadMessage.Builder bare = Samples.block(new Block(BLOCK.header(), List.of()));
      relaying.harness.answer(request, bare).expectViolation(ViolationCode.HEADER_ONLY_BLOCK);
      relaying.harness.expectStopped();
    }
  }

  @Test
  void a_malformed_block_or_announcement_is_a_breach() {
    try (Relaying relaying = new Relaying()) {
      Sent request = relaying.announceToRequest(BLOCK.hash());
      KaspadMessage.Builder headless = Samples.block(BLOCK);
      headless.getBlockBuilder().clearHeader();
      relaying.harness.answer(request, headless).expectViolation(ViolationCode.MALFORMED_MESSAGE);
    }
    try (Relaying relaying = new Relaying()) {
      KaspadMessage.Builder bad = inv(BLOCK.hash());
      bad.getInvRelayBlockBuilder().getHashBuilder().setBytes(ByteString.copyFrom(new byte[31]));
      relaying.harness.receive(bad).expectViolation(ViolationCode.MALFORMED_MESSAGE);
    }
  }

  @Test
  void a_block_that_breaks_a_rule_is_a_breach_under_both_presets() {
    for (Policy policy : List.of(Policy.NETWORK, Policy.STRICT)) {
      try (Relaying relaying = new Relaying(setup -> setup.policy(policy))) {
        Dag.SubmitBlock submit = relaying.fetchToSubmit(BLOCK);
        relaying.harness.reply(
            submit.replyTo(), new BlockReply.Invalid(BLOCK.hash(), "BAD_MERKLE_ROOT", "differs"));
        assertThat(relaying.harness.expectSanctioned(ViolationCode.INVALID_BLOCK))
            .isEqualTo(new Sanction.Reject());
        relaying.harness.expectStopped();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BlockStatus.class)
  void a_block_known_by_now_is_fine_unless_it_is_invalid(BlockStatus status) {
    try (Relaying relaying = new Relaying()) {
      Dag.SubmitBlock submit = relaying.fetchToSubmit(BLOCK);
      relaying.harness.reply(submit.replyTo(), new BlockReply.Known(BLOCK.hash(), status));
      if (status == BlockStatus.INVALID) {
        relaying.harness.expectViolation(ViolationCode.INVALID_BLOCK);
      } else {
        relaying.harness.expectNoViolation().expectRunning();
      }
    }
  }

  @Test
  void a_block_below_the_merge_depth_is_dropped_without_a_word() {
    try (Relaying relaying =
        new Relaying(
            setup ->
                setup.dagSnapshot(
                    FlowSetup.dag(9000, FlowSetup.NOW, BlueWork.of(BLOCK.header().blueScore()))))) {
      Sent request = relaying.announceToRequest(BLOCK.hash());
      relaying.harness.answer(request, Samples.block(BLOCK)).expectRelay(Relay.Obtained.class);
      relaying.harness.expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void a_busy_dag_gets_the_block_again_later_and_nobody_is_blamed() {
    try (Relaying relaying = new Relaying()) {
      Dag.SubmitBlock submit = relaying.fetchToSubmit(BLOCK);
      for (Duration wait :
          List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400))) {
        relaying.harness.reply(submit.replyTo(), new BlockReply.Busy(BLOCK.hash()));
        relaying
            .harness
            .advance(wait.minusMillis(1))
            .expectNothingTold()
            .advance(Duration.ofMillis(1));
        submit = relaying.harness.expectDag(Dag.SubmitBlock.class);
      }
      relaying.harness.reply(submit.replyTo(), new BlockReply.Accepted(BLOCK.hash(), List.of()));
      relaying.harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void while_we_do_not_read_the_peer_is_not_late_with_a_block() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceToRequest(BLOCK.hash());
      relaying.harness.stopReading().advance(Duration.ofMinutes(5)).readOn();
      relaying
          .harness
          .advance(Duration.ofMillis(119_999))
          .expectRunning()
          .advance(Duration.ofMillis(1));
      relaying.harness.expectFinished(FlowOutcome.Unresponsive.class);
    }
  }

  @Test
  void a_peer_that_owes_a_block_is_unresponsive_in_the_end() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceToRequest(BLOCK.hash());
      relaying
          .harness
          .advance(Duration.ofMillis(119_999))
          .expectRunning()
          .advance(Duration.ofMillis(1));
      assertThat(relaying.harness.expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.BLOCK);
      relaying.harness.expectStopped();
    }
  }

  @Test
  void an_answer_after_the_first_is_unsolicited() {
    try (Relaying relaying = new Relaying()) {
      Sent request = relaying.announceToRequest(BLOCK.hash());
      relaying.harness.answer(request, Samples.block(BLOCK)).expectNoViolation();
      relaying
          .harness
          .answer(request, Samples.block(BLOCK))
          .expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void a_block_without_the_requests_number_is_unsolicited() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceToRequest(BLOCK.hash());
      relaying
          .harness
          .receive(Samples.block(BLOCK))
          .expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void a_dag_that_never_answers_is_our_own_fault() {
    try (Relaying relaying = new Relaying()) {
      relaying.harness.receive(inv(BLOCK.hash())).advance(Duration.ofSeconds(119)).expectRunning();
      relaying.harness.advance(Duration.ofSeconds(1)).expectFinished(FlowOutcome.LocalFault.class);
      relaying.harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void any_other_message_is_not_for_this_flow() {
    try (Relaying relaying = new Relaying()) {
      relaying.harness.receive(Samples.ping(1)).expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceToRequest(BLOCK.hash());
      relaying.harness.loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }

  @Test
  void
      while_far_behind_announcements_are_reported_and_the_first_unknown_block_becomes_a_candidate() {
    try (Relaying relaying = new Relaying(setup -> setup.dagSnapshot(FlowSetup.emptyDag()))) {
      relaying.harness.receive(inv(BLOCK.hash()));
      assertThat(relaying.harness.expectSync(Sync.Announced.class))
          .isEqualTo(new Sync.Announced(7, BLOCK.hash()));
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.permit(relaying.expectAnnounced(BLOCK.hash()));
      Sent request = relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);
      relaying.becomeOrphan(request, BLOCK);
      relaying.answerLocator(List.of(hash(1)), BlockStatus.UNKNOWN);

      assertThat(relaying.harness.expectSync(Sync.Candidate.class))
          .isEqualTo(new Sync.Candidate(7, BLOCK.header()));

      // A pause: what is announced meanwhile is reported, and no more.
      relaying.harness.receive(inv(hash(50)));
      relaying.harness.expectSync(Sync.Announced.class);
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.harness.expectNothingTold().expectNothingSent().advance(BlockFetches.SYNC_PAUSE);
      relaying.harness.receive(inv(hash(51)));
      relaying.harness.expectSync(Sync.Announced.class);
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.expectAnnounced(hash(51));
    }
  }

  @Test
  void a_clock_that_is_set_back_does_not_make_the_pause_longer() {
    try (Relaying relaying = new Relaying(setup -> setup.dagSnapshot(FlowSetup.emptyDag()))) {
      relaying.harness.receive(inv(BLOCK.hash()));
      relaying.harness.expectSync(Sync.Announced.class);
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.permit(relaying.expectAnnounced(BLOCK.hash()));
      relaying.becomeOrphan(relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS), BLOCK);
      relaying.answerLocator(List.of(hash(1)), BlockStatus.UNKNOWN);
      relaying.harness.expectSync(Sync.Candidate.class);

      relaying.harness.setClock(Duration.ofHours(-1)).advance(BlockFetches.SYNC_PAUSE);

      relaying.harness.receive(inv(hash(51)));
      relaying.harness.expectSync(Sync.Announced.class);
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.expectAnnounced(hash(51));
    }
  }

  @Test
  void near_the_tip_only_the_first_announcement_is_reported_and_nothing_pauses() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.answerLocator(List.of(hash(1)), BlockStatus.HEADER_ONLY);
      relaying.harness.expectSync(Sync.Candidate.class);

      relaying.announceToRequest(hash(50));
      relaying.harness.expectNothingTold();
    }
  }

  @Test
  void the_sync_hears_of_a_peers_unknown_sink_though_another_is_asked_for_it() {
    try (Relaying relaying = new Relaying()) {
      // Expects that the sync hears of it.
      relaying.announce(BLOCK.hash(), BlockStatus.UNKNOWN);
      relaying.expectAnnounced(BLOCK.hash());

      relaying.announce(hash(50), BlockStatus.UNKNOWN);
      relaying.expectAnnounced(hash(50));
      relaying.harness.expectNothingTold().expectNothingSent();
    }
  }

  @Test
  void the_sync_does_not_hear_of_a_peers_sink_that_is_here() {
    try (Relaying relaying = new Relaying()) {
      relaying.announce(BLOCK.hash(), BlockStatus.BODY);

      relaying.announceToRelay(hash(50));

      relaying.harness.expectNothingTold();
    }
  }

  @Test
  void an_orphan_that_the_pool_holds_brings_up_its_missing_roots() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceOrphan(BLOCK.hash(), List.of(hash(8), hash(9)));
      assertThat(relaying.expectLookUp().hashes()).containsExactlyInAnyOrder(hash(8), hash(9));
    }
  }

  @Test
  void an_orphan_whose_ancestors_are_here_or_coming_is_left_to_the_dag() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceOrphan(BLOCK.hash(), List.of());
      relaying.harness.expectNothingTold().expectNothingSent();
    }
  }

  @Test
  void missing_roots_that_there_is_no_room_for_are_counted_by_one_word() {
    try (Relaying relaying = new Relaying()) {
      List<Hash> roots = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        roots.add(hash(1000 + i));
      }
      relaying.announceOrphan(BLOCK.hash(), roots);
      relaying.expectLookUp();
      assertThat(relaying.harness.dropped()).isEqualTo(3000 - 1024);
      assertThat(relaying.harness.droppedReports()).isEqualTo(1);
    }
  }
}
