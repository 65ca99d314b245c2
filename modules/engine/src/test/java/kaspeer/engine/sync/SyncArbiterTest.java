package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.sync.ArbiterHarness.Peer;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import org.junit.jupiter.api.Test;

class SyncArbiterTest {
  private static final Duration STALL = SyncSettings.DEFAULT.stallAfter();

  private static List<Integer> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  // From first word to the end.

  @Test
  void a_block_with_more_work_starts_a_sync_which_ends_synced() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      Peer peer = harness.join(1).offers(150);
      long lease = peer.expectNegotiate();
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCING);
      assertThat(harness.status().stage()).isEqualTo("negotiation");
      assertThat(harness.status().peer()).isEqualTo(1);
      assertThat(harness.session()).isEqualTo(new Sync.Session(true, 150));

      peer.negotiated(lease, 148, 0);
      Directive.FetchHeaders headers = peer.expectFetchHeaders();
      assertThat(headers.low()).isEqualTo(harness.chain.hash(0));
      assertThat(headers.high()).isEqualTo(harness.chain.hash(148));
      assertThat(headers.relayed()).contains(harness.chain.hash(150));
      peer.deliversHeaders(lease, 75, 75, Duration.ofMillis(100));
      harness.seconds(1);
      assertThat(harness.status().stage()).isEqualTo("headers");
      assertThat(harness.status().progress()).isEqualTo(0.5);

      peer.headersDone(lease, 150);
      Directive.FetchBodies first = peer.expectFetchBodies();
      Directive.FetchBodies second = peer.expectFetchBodies();
      assertThat(harness.status().stage()).isEqualTo("bodies");
      assertThat(peer.numbers(first.hashes())).isEqualTo(numbers(1, 99));
      assertThat(peer.numbers(second.hashes())).isEqualTo(numbers(100, 148));
      peer.delivers(first).delivers(second);
      Directive.FetchBodies relayed = peer.expectFetchBodies();
      assertThat(peer.numbers(relayed.hashes())).isEqualTo(numbers(149, 150));
      peer.delivers(relayed);

      harness.awaitSink(150);
      harness.awaitIdle();
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 150));
      harness.seconds(3);
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);
      assertThat(harness.status().stage()).isEmpty();
      peer.expectNothing();
    }
  }

  @Test
  void the_relayed_block_is_no_target_of_its_own_where_it_is_the_peers_sink() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer peer = harness.join(1).offers(10);
      peer.negotiated(peer.expectNegotiate(), 10, 0);

      assertThat(peer.expectFetchHeaders().relayed()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void a_block_with_less_work_than_ours_starts_nothing() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      harness.dag.with(10, 10);

      harness.join(1).offers(9).expectNothing();
    }
  }

  @Test
  void an_announced_block_that_does_not_come_starts_a_sync_without_relayed_block() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer peer = harness.join(1).announces(10);
      harness.seconds(4);
      peer.expectNothing();

      harness.seconds(3);

      peer.negotiated(peer.expectNegotiate(), 10, 0);
      assertThat(peer.expectFetchHeaders().relayed()).isEmpty();
    }
  }

  @Test
  void a_clock_that_is_set_back_does_not_keep_a_sync_from_starting() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer peer = harness.join(1).announces(10);
      harness.seconds(2);
      harness.setBack(Duration.ofHours(1));

      harness.seconds(6);

      peer.expectNegotiate();
    }
  }

  @Test
  void what_is_left_of_an_interrupted_sync_is_all_that_is_fetched() {
    try (ArbiterHarness harness = ArbiterHarness.start(300)) {
      harness.dag.with(300, 250);
      Peer peer = harness.join(1).offers(300);
      peer.negotiated(peer.expectNegotiate(), 300, 300);
      Directive.FetchHeaders headers = peer.expectFetchHeaders();
      assertThat(headers.low()).isEqualTo(headers.high());
      peer.headersDone(headers.lease(), 300);

      Directive.FetchBodies bodies = peer.expectFetchBodies();

      assertThat(peer.numbers(bodies.hashes())).isEqualTo(numbers(251, 300));
    }
  }

  @Test
  void changes_are_published_as_events() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer peer = harness.join(1).offers(10);
      peer.leadsTo(10, 0);
      peer.delivers(peer.expectFetchBodies());
      harness.awaitIdle();
      harness.seconds(3);

      List<String> seen = new ArrayList<>();
      while (seen.isEmpty() || !seen.getLast().equals("SYNCED ")) {
        if (harness.nextEvent() instanceof NodeEvent.SyncChanged(var status)) {
          seen.add(status.state() + " " + status.stage());
        }
      }
      assertThat(seen)
          .containsSubsequence(
              "SYNCING negotiation", "SYNCING headers", "SYNCING bodies", "WAITING ", "SYNCED ");
    }
  }

  // Leaders that fail.

  @Test
  void a_leader_that_stalls_in_negotiation_is_replaced_and_blamed() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer stalling = harness.join(1).offers(10);
      stalling.expectNegotiate();
      Peer other = harness.join(2).offers(9);
      stalling.silent(STALL.minusSeconds(1)).expectNothing();

      stalling.silent(STALL);

      assertThat(stalling.expectBlame()).isEqualTo(ViolationCode.STALLED);
      other.expectNegotiate();
      assertThat(harness.status().peer()).isEqualTo(2);
      assertThat(harness.status().stalls()).isEqualTo(1);
    }
  }

  @Test
  void a_leader_that_stalls_among_headers_is_replaced_and_the_next_goes_on_from_there() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer stalling = harness.join(1).offers(10);
      stalling.negotiated(stalling.expectNegotiate(), 10, 0);
      long lease = stalling.expectFetchHeaders().lease();
      Peer other = harness.join(2).offers(10);
      stalling.deliversHeaders(lease, 6, 6, Duration.ofMillis(5)).silent(STALL);

      assertThat(stalling.expectBlame()).isEqualTo(ViolationCode.STALLED);
      other.negotiated(other.expectNegotiate(), 10, 6);
      assertThat(other.expectFetchHeaders().low()).isEqualTo(harness.chain.hash(6));
    }
  }

  @Test
  void a_leader_that_trickles_is_replaced() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer trickling = harness.join(1).offers(10);
      trickling.negotiated(trickling.expectNegotiate(), 10, 0);
      long lease = trickling.expectFetchHeaders().lease();
      Peer other = harness.join(2).offers(10);

      trickling.deliversHeaders(lease, 1, 1, Duration.ofSeconds(15)).expectNothing();
      trickling.deliversHeaders(lease, 2, 1, Duration.ofSeconds(15));

      assertThat(trickling.expectBlame()).isEqualTo(ViolationCode.STALLED);
      other.expectNegotiate();
    }
  }

  @Test
  void a_slow_leader_is_kept_where_there_is_no_other() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer slow = harness.join(1).offers(10);
      slow.negotiated(slow.expectNegotiate(), 10, 0);
      long lease = slow.expectFetchHeaders().lease();
      Peer nothingNew = harness.join(2);

      slow.deliversHeaders(lease, 1, 1, Duration.ofSeconds(100))
          .silent(Duration.ofSeconds(100))
          .expectNothing();

      nothingNew.expectNothing();
      assertThat(harness.status().peer()).isEqualTo(1);
    }
  }

  @Test
  void replacements_keep_a_pause_between_them() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer first = harness.join(1).offers(10);
      first.expectNegotiate();
      Peer second = harness.join(2).offers(9);
      harness.join(3).offers(8);
      first.silent(STALL).expectBlame();
      second.expectNegotiate();

      second.silent(STALL).expectNothing();
      harness.advance(Duration.ofSeconds(10));
      second.silent(STALL);

      assertThat(second.expectBlame()).isEqualTo(ViolationCode.STALLED);
    }
  }

  @Test
  void a_leader_that_leaves_is_replaced_and_nobody_counts_it_as_a_stall() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer leaving = harness.join(1).offers(10);
      leaving.expectNegotiate();
      Peer other = harness.join(2).offers(10);

      leaving.leaves();

      other.expectNegotiate();
      assertThat(harness.status().stalls()).isZero();
    }
  }

  @Test
  void with_the_last_peer_gone_the_node_waits() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer leaving = harness.join(1).offers(10);
      leaving.expectNegotiate();

      leaving.leaves();

      harness.awaitIdle();
      harness.seconds(1);
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.WAITING);
      assertThat(harness.status().peer()).isNull();
    }
  }

  @Test
  void a_pruned_leader_is_left_alone_without_blame_and_another_tried() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer pruned = harness.join(1).offers(10);
      long lease = pruned.expectNegotiate();
      Peer other = harness.join(2).offers(9);

      pruned.unsuitable(lease);

      other.expectNegotiate();
      pruned.offers(10).expectNothing();
    }
  }

  @Test
  void words_of_a_former_leader_change_nothing() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer former = harness.join(1).offers(10);
      long lease = former.expectNegotiate();
      Peer other = harness.join(2).offers(9);
      former.unsuitable(lease);
      long next = other.expectNegotiate();

      former.negotiated(lease, 10, 0).headersDone(lease, 10).expectNothing();

      assertThat(harness.status().stage()).isEqualTo("negotiation");
      other.negotiated(next, 9, 0);
      other.expectFetchHeaders();
    }
  }

  // Synced or not.

  @Test
  void a_young_sink_counts_as_synced_and_a_session_at_the_tip_does_not_change_that() {
    try (ArbiterHarness harness = ArbiterHarness.start(20)) {
      harness.dag.with(10, 10);
      harness.dag.younger(ArbiterHarness.START.toEpochMilli() - Chain.GENESIS_TIME);
      Peer peer = harness.join(1);
      harness.seconds(1);
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);

      peer.offers(20);
      peer.expectNegotiate();

      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);
      assertThat(harness.status().stage()).isEqualTo("negotiation");
    }
  }

  @Test
  void a_first_sync_is_a_sync_however_young_the_blocks() {
    try (ArbiterHarness harness = ArbiterHarness.start(20)) {
      harness.dag.younger(ArbiterHarness.START.toEpochMilli() - Chain.GENESIS_TIME);
      Peer peer = harness.join(1).offers(20);
      peer.leadsTo(20, 0);
      peer.expectFetchBodies();

      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCING);
    }
  }

  @Test
  void a_network_at_rest_is_synced_though_its_blocks_are_old() {
    try (ArbiterHarness harness = ArbiterHarness.start(20)) {
      harness.dag.with(20, 20);
      harness.seconds(2);
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.WAITING);

      harness.join(1).announces(20);
      harness.seconds(3);

      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);
    }
  }

  @Test
  void what_was_offered_in_a_session_and_came_with_it_starts_no_other_though_the_sink_lags() {
    try (ArbiterHarness harness = ArbiterHarness.start(100)) {
      Peer leader = harness.join(1).offers(100);
      Peer other = harness.join(2);
      leader.leadsTo(100, 0);
      Directive.FetchBodies bodies = leader.expectFetchBodies();
      other.offers(99);
      harness.dag.stopSink(50);
      leader.delivers(bodies).delivers(leader.expectFetchBodies());
      harness.awaitIdle();

      harness.seconds(5);

      other.expectNothing();
      assertThat(harness.session().running()).isFalse();
    }
  }

  @Test
  void what_was_offered_in_a_session_and_did_not_come_with_it_starts_the_next() {
    try (ArbiterHarness harness = ArbiterHarness.start(200)) {
      Peer leader = harness.join(1).offers(50);
      leader.leadsTo(50, 0);
      Directive.FetchBodies bodies = leader.expectFetchBodies();
      Peer other = harness.join(2).offers(200);
      leader.delivers(bodies);
      harness.awaitIdle();

      harness.seconds(3);

      other.expectNegotiate();
    }
  }

  @Test
  void what_the_leader_itself_offers_in_its_session_starts_the_next_at_once() {
    try (ArbiterHarness harness = ArbiterHarness.start(200)) {
      Peer leader = harness.join(1).offers(50);
      leader.leadsTo(50, 0);
      Directive.FetchBodies bodies = leader.expectFetchBodies();
      leader.offers(200);
      leader.delivers(bodies);
      harness.awaitIdle();

      harness.seconds(2);

      assertThat(harness.session()).isEqualTo(new Sync.Session(true, 200));
    }
  }

  @Test
  void a_node_whose_sink_stands_still_while_bodies_come_is_not_synced() {
    try (ArbiterHarness harness = ArbiterHarness.start(60)) {
      harness.dag.younger(ArbiterHarness.START.toEpochMilli() - Chain.GENESIS_TIME);
      harness.dag.with(20, 20);
      harness.dag.stopSink(20);
      harness.seconds(2);
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);

      harness.join(1).announces(60);
      harness.dag.with(60, 60);
      harness.seconds(40);

      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.WAITING);
      assertThat(harness.status().sinkStuck()).isTrue();

      harness.dag.stopSink(60);
      harness.seconds(2);
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);
      assertThat(harness.status().sinkStuck()).isFalse();
    }
  }

  @Test
  void a_sink_that_stands_still_with_nothing_coming_is_a_network_at_rest() {
    try (ArbiterHarness harness = ArbiterHarness.start(60)) {
      harness.dag.with(60, 20);
      harness.join(1).announces(20);
      harness.seconds(40);

      assertThat(harness.status().sinkStuck()).isFalse();
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.SYNCED);
    }
  }

  @Test
  void a_peer_itself_is_asked_where_its_history_begins() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer peer = harness.join(1);
      Sync.RetentionRoot root = new Sync.RetentionRoot(Optional.of(harness.chain.hash(4)));
      var roots = harness.askForRoot(1);
      peer.tellsRoot(root);
      assertThat(roots.receiveMessage()).isEqualTo(root);

      peer.leaves();

      assertThat(harness.askForRoot(1).receiveMessage())
          .isEqualTo(new Sync.RetentionRoot(Optional.empty()));
    }
  }
}
