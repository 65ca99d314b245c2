package kaspeer.flows.block;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.Samples.hashes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks whose parents are missing (protocol reference 5.6). */
class OrphanBlocksTest {
  private static final Block BLOCK = Samples.block(1, 5000);
  private static final Block PARENT = Samples.block(2, 4999);

  @Test
  void the_peer_is_asked_for_a_locator_of_nine_by_number() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      Sent request = relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
      assertThat(request.message().getRequestBlockLocator().getHighHash())
          .isEqualTo(Hashes.toWire(BLOCK.hash()));
      assertThat(request.message().getRequestBlockLocator().getLimit()).isEqualTo(9);
      assertThat(request.message().getRequestId()).isNotZero();
    }
  }

  @Test
  void an_orphan_within_range_is_kept_and_its_roots_are_fetched_without_another_locator() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.answerLocator(hashes(9), BlockStatus.BODY);
      Dag.KeepOrphan keep = relaying.harness.expectDag(Dag.KeepOrphan.class);
      assertThat(keep.block()).isEqualTo(BLOCK);
      assertThat(keep.origin()).isEqualTo(7);
      relaying.harness.reply(
          keep.replyTo(), new OrphanReply.Waiting(BLOCK.hash(), List.of(PARENT.hash())));

      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.permit(relaying.expectAnnounced(PARENT.hash()));
      relaying.missParents(relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS), PARENT);

      assertThat(relaying.harness.expectDag(Dag.KeepOrphan.class).block()).isEqualTo(PARENT);
      relaying.harness.expectNothingSent().expectNoViolation();
    }
  }

  @Test
  void a_block_that_is_being_fetched_is_not_announced_to_the_relay_again() {
    try (Relaying relaying = new Relaying()) {
      Relay.Announced announced = relaying.announceToRelay(BLOCK.hash());
      relaying.harness.receive(Samples.inv(BLOCK.hash()));
      Dag.LookUp query = relaying.expectLookUp();
      relaying.permit(announced);
      relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS);

      relaying.answer(query, BlockStatus.UNKNOWN);

      relaying.harness.expectNothingTold().expectNothingSent().expectRunning();
    }
  }

  @Test
  void a_missing_root_below_the_merge_depth_is_submitted_all_the_same() {
    try (Relaying relaying =
        new Relaying(
            setup -> setup.dagSnapshot(FlowSetup.dag(1000, FlowSetup.NOW, BlueWork.of(4999))))) {
      relaying.announceOrphan(BLOCK.hash(), List.of(PARENT.hash()));
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.permit(relaying.expectAnnounced(PARENT.hash()));

      Dag.SubmitBlock submit =
          relaying.answerToSubmit(
              relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS), PARENT);
      assertThat(submit.block()).isEqualTo(PARENT);
    }
  }

  @Test
  void an_orphan_out_of_range_is_handed_to_the_sync_and_not_kept() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.answerLocator(hashes(9), BlockStatus.HEADER_ONLY);
      assertThat(relaying.harness.expectSync(Sync.Candidate.class))
          .isEqualTo(new Sync.Candidate(7, BLOCK.header()));
      relaying.harness.expectNothingTold().expectNothingSent().expectRunning();
    }
  }

  @Test
  void an_empty_locator_is_out_of_range() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.answerLocator(List.of(), BlockStatus.BODY);
      relaying.harness.expectSync(Sync.Candidate.class);
    }
  }

  @Test
  void a_locator_longer_than_asked_for_is_a_breach() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      Sent request = relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
      relaying
          .harness
          .answer(request, Samples.locator(hashes(10)))
          .expectViolation(ViolationCode.BAD_LOCATOR);
      relaying.harness.expectStopped();
    }
  }

  @Test
  void a_block_instead_of_the_locator_is_unsolicited() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      Sent request = relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
      relaying
          .harness
          .answer(request, Samples.block(BLOCK))
          .expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void a_peer_that_owes_a_locator_is_unresponsive_in_the_end() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.harness.advance(Duration.ofMinutes(2));
      assertThat(relaying.harness.expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.BLOCK_LOCATOR);
    }
  }

  @Test
  void an_orphan_whose_parents_came_meanwhile_is_submitted_once_more() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.answerLocator(hashes(9), BlockStatus.BODY);
      Dag.KeepOrphan keep = relaying.harness.expectDag(Dag.KeepOrphan.class);
      relaying.harness.reply(keep.replyTo(), new OrphanReply.Ready(BLOCK.hash()));

      Dag.SubmitBlock again = relaying.harness.expectDag(Dag.SubmitBlock.class);
      assertThat(again.block()).isEqualTo(BLOCK);
      relaying.harness.reply(
          again.replyTo(), new BlockReply.MissingParents(BLOCK.hash(), List.of(hash(1))));
      relaying.harness.expectNothingTold().expectNothingSent().expectNoViolation();
    }
  }

  @Test
  void an_orphan_for_which_there_is_no_room_is_let_go() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      relaying.answerLocator(hashes(9), BlockStatus.BODY);
      Dag.KeepOrphan keep = relaying.harness.expectDag(Dag.KeepOrphan.class);
      relaying.harness.reply(keep.replyTo(), new OrphanReply.Absent(BLOCK.hash()));
      relaying.harness.expectNothingTold().expectNoViolation().expectRunning();

      relaying.announceToRequest(BLOCK.hash());
    }
  }

  @ParameterizedTest
  @CsvSource({"9899,kept", "9898,asked", "10511,kept", "10512,asked"})
  void during_a_sync_orphans_near_its_end_are_kept_without_a_locator(
      long daaScore, String outcome) {
    Block orphan = Samples.block(3, daaScore);
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(
          relaying.announceToRequest(orphan.hash()), orphan, new Sync.Session(true, 10_000));
      if (outcome.equals("kept")) {
        relaying.harness.expectDag(Dag.KeepOrphan.class);
        relaying.harness.expectNothingSent();
      } else {
        relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
        relaying.harness.expectNothingTold();
      }
    }
  }

  @Test
  void where_a_sync_ends_says_nothing_when_it_is_over_or_unknown() {
    for (Sync.Session session : List.of(new Sync.Session(false, 5000), new Sync.Session(true, 0))) {
      try (Relaying relaying = new Relaying()) {
        relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK, session);
        relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
      }
    }
  }

  @Test
  void the_roots_of_an_orphan_kept_during_a_sync_are_judged_by_themselves() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(
          relaying.announceToRequest(BLOCK.hash()), BLOCK, new Sync.Session(true, 5000));
      Dag.KeepOrphan keep = relaying.harness.expectDag(Dag.KeepOrphan.class);
      relaying.harness.reply(
          keep.replyTo(), new OrphanReply.Waiting(BLOCK.hash(), List.of(PARENT.hash())));
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.permit(relaying.expectAnnounced(PARENT.hash()));
      relaying.becomeOrphan(relaying.harness.expectSent(PayloadCase.REQUEST_RELAY_BLOCKS), PARENT);
      relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
    }
  }

  @Test
  void more_missing_roots_than_there_is_room_for_are_dropped_and_counted() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceOrphan(BLOCK.hash(), hashes(3000));
      assertThat(relaying.harness.dropped()).isEqualTo(3000 - 1024);
      relaying.harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void missing_roots_go_before_announcements() {
    try (Relaying relaying = new Relaying()) {
      relaying.harness.receive(Samples.inv(BLOCK.hash()));
      Dag.LookUp query = relaying.expectLookUp();
      // A look-up is under way, and more announcements wait for it.
      relaying.harness.receive(Samples.inv(hash(1))).receive(Samples.inv(hash(2)));
      relaying.answer(query, BlockStatus.HEADER_ONLY, Optional.of(List.of(PARENT.hash())));
      assertThat(relaying.expectLookUp().hashes()).containsExactly(PARENT.hash(), hash(1), hash(2));
    }
  }

  @Test
  void a_missing_root_that_is_invalid_is_a_breach() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceOrphan(BLOCK.hash(), List.of(PARENT.hash()));
      relaying.answerLookUp(BlockStatus.INVALID);
      relaying.harness.expectViolation(ViolationCode.INV_OF_INVALID_BLOCK);
    }
  }

  @Test
  void roots_go_through_the_relay_like_announcements() {
    try (Relaying relaying = new Relaying()) {
      relaying.announceOrphan(BLOCK.hash(), List.of(PARENT.hash()));
      relaying.answerLookUp(BlockStatus.UNKNOWN);
      relaying.expectAnnounced(PARENT.hash());
      relaying.harness.expectNothingSent();
    }
  }

  @Test
  void no_more_than_two_blocks_wait_for_locators_and_others_are_asked_for_again_if_worth_it() {
    try (Relaying relaying = new Relaying()) {
      List<Block> orphans = new ArrayList<>();
      List<Sent> requests = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Block orphan = Samples.block(10 + i, 5000);
        relaying.becomeOrphan(relaying.announceToRequest(orphan.hash()), orphan);
        requests.add(relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR));
        orphans.add(orphan);
      }
      relaying.harness.answer(requests.get(2), Samples.locator(hashes(9)));
      relaying.answerStatuses(BlockStatus.BODY);
      relaying.expectKeptOnceItCameAgain(orphans.get(2));

      relaying.harness.answer(requests.get(0), Samples.locator(hashes(9)));
      relaying.answerStatuses(BlockStatus.BODY);
      assertThat(relaying.harness.expectDag(Dag.KeepOrphan.class).block())
          .isEqualTo(orphans.get(0));
      relaying.harness.expectNothingSent().expectNoViolation();
    }
  }

  @Test
  void a_block_does_not_wait_for_a_locator_for_long_though_the_peer_may_take_its_time() {
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(BLOCK.hash()), BLOCK);
      Sent request = relaying.harness.expectSent(PayloadCase.REQUEST_BLOCK_LOCATOR);
      relaying.harness.advance(BlockFetches.HOLD).expectRunning();

      relaying.harness.answer(request, Samples.locator(hashes(9)));
      relaying.answerStatuses(BlockStatus.BODY);

      relaying.expectKeptOnceItCameAgain(BLOCK);
    }
  }

  @Test
  void a_large_block_does_not_wait_for_a_locator_at_all_and_the_sync_may_still_hear_of_it() {
    Block small = Samples.block(1, 5000);
    byte[] payload = new byte[BlockFetches.MAX_HELD_BYTES / 2];
    Transaction half =
        new Transaction(0, List.of(), List.of(), 0, SubnetworkId.NATIVE, 0, payload, 0);
    Block block = new Block(small.header(), List.of(half, half));
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(block.hash()), block);
      relaying.answerLocator(hashes(9), BlockStatus.BODY);
      relaying.expectKeptOnceItCameAgain(block);
    }
    try (Relaying relaying = new Relaying()) {
      relaying.becomeOrphan(relaying.announceToRequest(block.hash()), block);
      relaying.answerLocator(hashes(9), BlockStatus.UNKNOWN);
      assertThat(relaying.harness.expectSync(Sync.Candidate.class).header())
          .isEqualTo(block.header());
    }
  }
}
