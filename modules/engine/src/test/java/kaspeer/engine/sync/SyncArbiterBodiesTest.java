package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kaspeer.engine.sync.ArbiterHarness.Peer;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import org.junit.jupiter.api.Test;

/** The part of a sync in which bodies come, from one peer or several. */
class SyncArbiterBodiesTest {
  private static final Duration STALL = SyncSettings.DEFAULT.stallAfter();

  private static List<Integer> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  /** Peer 1 leads to the end of the chain; peer 2 has the same chain. Both serve. */
  private static List<Peer> twoServers(ArbiterHarness harness) {
    int end = harness.chain.length();
    Peer leader = harness.join(1).offers(end);
    Peer second = harness.join(2).announces(end);
    leader.leadsTo(end, 0);
    harness.seconds(1);
    second.negotiated(second.expectNegotiate(), end, end);
    return List.of(leader, second);
  }

  @Test
  void two_peers_serve_at_once_and_what_comes_early_waits_for_what_is_before_it() {
    try (ArbiterHarness harness = ArbiterHarness.start(400)) {
      List<Peer> peers = twoServers(harness);
      Peer leader = peers.get(0);
      Peer second = peers.get(1);
      Directive.FetchBodies a1 = leader.expectFetchBodies();
      Directive.FetchBodies a2 = leader.expectFetchBodies();
      Directive.FetchBodies b1 = second.expectFetchBodies();
      Directive.FetchBodies b2 = second.expectFetchBodies();
      assertThat(leader.numbers(a1.hashes())).isEqualTo(numbers(1, 99));
      assertThat(second.numbers(b1.hashes())).isEqualTo(numbers(199, 297));

      second.delivers(b1).delivers(b2);
      harness.session();
      assertThat(harness.dag.taken()).isEmpty();
      leader.delivers(a1);
      harness.awaitSink(99);
      leader.delivers(a2);
      harness.awaitSink(396);
    }
  }

  @Test
  void a_server_that_stalls_is_replaced_and_its_work_given_to_the_other() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      List<Peer> peers = twoServers(harness);
      Peer stalling = peers.get(0);
      Peer second = peers.get(1);
      Directive.FetchBodies first = stalling.expectFetchBodies();
      stalling.expectFetchBodies();
      stalling.delivers(
          first, first.hashes().subList(0, 40).stream().map(Chain::body).toList(), false);
      harness.awaitSink(40);

      stalling.silent(STALL);

      assertThat(stalling.expectBlame()).isEqualTo(ViolationCode.STALLED);
      Directive.FetchBodies rest = second.expectFetchBodies();
      assertThat(second.numbers(rest.hashes())).isEqualTo(numbers(41, 139));
      assertThat(harness.status().peer()).isEqualTo(2);
      second.delivers(rest);
      second.delivers(second.expectFetchBodies());
      harness.awaitSink(150);
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 150));
    }
  }

  @Test
  void a_server_that_trickles_is_replaced() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      List<Peer> peers = twoServers(harness);
      Peer trickling = peers.get(0);
      Directive.FetchBodies first = trickling.expectFetchBodies();
      trickling.expectFetchBodies();

      for (int i = 0; i < 3; i++) {
        List<Dag.Body> one = List.of(Chain.body(first.hashes().get(i)));
        trickling.delivers(first, one, false, Duration.ofSeconds(14));
        harness.awaitSink(i + 1);
      }

      assertThat(trickling.expectBlame()).isEqualTo(ViolationCode.STALLED);
      assertThat(peers.get(1).numbers(peers.get(1).expectFetchBodies().hashes())).startsWith(4);
    }
  }

  @Test
  void the_only_server_is_kept_however_slow() {
    try (ArbiterHarness harness = ArbiterHarness.start(50)) {
      Peer only = harness.join(1).offers(50);
      only.leadsTo(50, 0);
      only.expectFetchBodies();

      only.silent(Duration.ofSeconds(110)).expectNothing();
    }
  }

  @Test
  void a_wrong_body_is_blamed_on_who_supplied_it_and_fetched_from_another() {
    try (ArbiterHarness harness = ArbiterHarness.start(400)) {
      List<Peer> peers = twoServers(harness);
      Peer leader = peers.get(0);
      Peer liar = peers.get(1);
      Directive.FetchBodies a1 = leader.expectFetchBodies();
      Directive.FetchBodies a2 = leader.expectFetchBodies();
      Directive.FetchBodies b1 = liar.expectFetchBodies();
      liar.expectFetchBodies();
      List<Dag.Body> bodies = new ArrayList<>(b1.hashes().stream().map(Chain::body).toList());
      bodies.set(5, Chain.wrongBody(b1.hashes().get(5)));
      liar.delivers(b1, bodies, true);

      leader.delivers(a1).delivers(a2);

      assertThat(liar.expectBlame()).isEqualTo(ViolationCode.BAD_SYNC_ANSWER);
      // All that the liar had supplied or owed, from the wrong one on.
      for (int i = 0; i < 2; i++) {
        leader.delivers(leader.expectFetchBodies());
      }
      harness.awaitSink(400);
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 400));
    }
  }

  @Test
  void a_body_that_breaks_a_rule_ends_the_sync_and_its_supplier_is_blamed() {
    try (ArbiterHarness harness = ArbiterHarness.start(50)) {
      harness.dag.invalid(20);
      Peer peer = harness.join(1).offers(50);
      peer.leadsTo(50, 0);

      peer.delivers(peer.expectFetchBodies());

      assertThat(peer.expectBlame()).isEqualTo(ViolationCode.INVALID_BLOCK);
      harness.awaitIdle();
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 19));
    }
  }

  @Test
  void a_busy_dag_gets_the_bodies_again() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      harness.dag.busy(3);
      Peer peer = harness.join(1).offers(150);
      peer.leadsTo(150, 0);
      peer.delivers(peer.expectFetchBodies()).delivers(peer.expectFetchBodies());

      for (int i = 0; i < 10 && harness.dag.sink() < 150; i++) {
        harness.advance(Duration.ofMillis(100));
        harness.session();
      }

      harness.awaitSink(150);
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 150));
    }
  }

  @Test
  void a_leader_that_leaves_among_bodies_leaves_the_rest_to_the_others() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      List<Peer> peers = twoServers(harness);
      Peer leader = peers.get(0);
      Peer second = peers.get(1);
      leader.expectFetchBodies();
      leader.expectFetchBodies();

      leader.leaves();

      second.delivers(second.expectFetchBodies());
      second.delivers(second.expectFetchBodies());
      harness.awaitSink(150);
      harness.awaitIdle();
    }
  }

  @Test
  void a_peer_that_has_only_a_part_is_asked_for_no_more() {
    try (ArbiterHarness harness = ArbiterHarness.start(600)) {
      Peer leader = harness.join(1).offers(600);
      Peer behind = harness.join(2).announces(220);
      leader.leadsTo(600, 0);

      behind.negotiated(behind.expectNegotiate(), 220, 220);

      assertThat(behind.numbers(behind.expectFetchBodies().hashes())).isEqualTo(numbers(199, 220));
      behind.expectNothing();
    }
  }

  @Test
  void a_peer_that_has_pruned_the_bodies_is_not_asked() {
    try (ArbiterHarness harness = ArbiterHarness.start(600)) {
      Peer leader = harness.join(1).offers(600);
      Peer pruned = harness.join(2).announces(600);
      leader.leadsTo(600, 0);

      pruned.unsuitable(pruned.expectNegotiate());

      harness.seconds(2);
      pruned.expectNothing();
    }
  }

  @Test
  void a_newcomer_joins_in() {
    try (ArbiterHarness harness = ArbiterHarness.start(600)) {
      Peer leader = harness.join(1).offers(600);
      leader.leadsTo(600, 0);
      leader.expectFetchBodies();
      Peer newcomer = harness.join(2).announces(600);
      harness.seconds(1);

      newcomer.negotiated(newcomer.expectNegotiate(), 600, 600);

      assertThat(newcomer.numbers(newcomer.expectFetchBodies().hashes()))
          .isEqualTo(numbers(199, 297));
    }
  }

  @Test
  void what_keeps_all_waiting_is_asked_of_an_idle_peer_too() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      List<Peer> peers = twoServers(harness);
      Peer slow = peers.get(0);
      Peer idle = peers.get(1);
      Directive.FetchBodies first = slow.expectFetchBodies();
      Directive.FetchBodies second = slow.expectFetchBodies();
      idle.expectNothing();

      harness.seconds(3);

      Directive.FetchBodies again = idle.expectFetchBodies();
      assertThat(again.hashes()).isEqualTo(first.hashes());
      idle.delivers(again);
      harness.awaitSink(99);
      slow.delivers(first).delivers(second);
      harness.awaitSink(150);
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 150));
    }
  }

  @Test
  void with_nobody_left_who_has_the_bodies_the_session_ends_and_what_is_there_stays() {
    try (ArbiterHarness harness = ArbiterHarness.start(150)) {
      Peer leader = harness.join(1).offers(150);
      leader.leadsTo(150, 0);
      leader.delivers(leader.expectFetchBodies());
      harness.awaitSink(99);

      leader.leaves();
      harness.advance(Duration.ofSeconds(21));

      harness.awaitIdle();
      assertThat(harness.status().state()).isEqualTo(SyncStatus.State.WAITING);
      assertThat(harness.dag.sink()).isEqualTo(99);
    }
  }

  @Test
  void bodies_left_over_from_an_earlier_session_are_taken_and_dropped() {
    try (ArbiterHarness harness = ArbiterHarness.start(160)) {
      List<Peer> peers = twoServers(harness);
      Peer leader = peers.get(0);
      Peer other = peers.get(1);
      Directive.FetchBodies a1 = leader.expectFetchBodies();
      Directive.FetchBodies a2 = leader.expectFetchBodies();
      harness.seconds(3);
      Directive.FetchBodies hedge = other.expectFetchBodies();
      leader.delivers(a1).delivers(a2);
      harness.awaitIdle();

      other.delivers(hedge).expectNothing();

      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 160));
    }
  }

  // Peers that owe an answer about their chain.

  @Test
  void a_peer_that_owes_an_answer_is_not_asked_again_for_the_next_target() {
    try (ArbiterHarness harness = ArbiterHarness.start(800)) {
      Peer leader = harness.join(1).offers(800);
      Peer second = harness.join(2).announces(800);
      leader.negotiated(leader.expectNegotiate(), 150, 0);
      leader.headersDone(leader.expectFetchHeaders().lease(), 800);
      harness.seconds(1);
      long lease = second.expectNegotiate();

      leader.delivers(leader.expectFetchBodies()).delivers(leader.expectFetchBodies());
      leader.expectFetchBodies();
      harness.seconds(2);
      second.expectNothing();

      second.negotiated(lease, 800, 800);
      second.expectFetchBodies();
    }
  }

  @Test
  void a_peer_that_owes_an_answer_is_not_asked_again_in_the_next_session() {
    try (ArbiterHarness harness = ArbiterHarness.start(800)) {
      Peer leader = harness.join(1).offers(150);
      Peer second = harness.join(2).announces(150);
      leader.leadsTo(150, 0);
      harness.seconds(1);
      long lease = second.expectNegotiate();
      leader.delivers(leader.expectFetchBodies()).delivers(leader.expectFetchBodies());
      harness.awaitIdle();
      harness.seconds(1);

      leader.offers(800).leadsTo(800, 150);
      harness.seconds(2);
      second.expectNothing();

      second.negotiated(lease, 800, 800);
      second.expectFetchBodies();
    }
  }

  @Test
  void an_answer_that_comes_between_two_sessions_lets_a_peer_be_asked_in_the_next() {
    try (ArbiterHarness harness = ArbiterHarness.start(800)) {
      Peer leader = harness.join(1).offers(150);
      Peer second = harness.join(2).announces(150);
      leader.leadsTo(150, 0);
      harness.seconds(1);
      long lease = second.expectNegotiate();
      leader.delivers(leader.expectFetchBodies()).delivers(leader.expectFetchBodies());
      harness.awaitIdle();
      second.negotiated(lease, 150, 150);
      harness.seconds(1);

      leader.offers(800).leadsTo(800, 150);
      harness.seconds(1);

      second.negotiated(second.expectNegotiate(), 800, 800);
      second.expectFetchBodies();
    }
  }

  @Test
  void a_peer_that_owes_an_answer_and_leads_the_next_session_serves_there_too() {
    try (ArbiterHarness harness = ArbiterHarness.start(800)) {
      Peer leader = harness.join(1).offers(150);
      Peer second = harness.join(2).announces(150);
      leader.leadsTo(150, 0);
      harness.seconds(1);
      second.expectNegotiate();
      leader.delivers(leader.expectFetchBodies()).delivers(leader.expectFetchBodies());
      harness.awaitIdle();
      harness.seconds(1);

      second.offers(800).leadsTo(800, 150);

      second.expectFetchBodies();
    }
  }

  // Peers whose chain does not reach the target.

  @Test
  void a_peer_whose_chain_ends_below_the_target_serves_all_of_its_past() {
    UnaryOperator<SyncSettings> little = ArbiterHarness::withLittleWork;
    try (ArbiterHarness harness = ArbiterHarness.start(600, little)) {
      Peer leader = harness.join(1).offers(600);
      Peer other = harness.join(2).announces(598);
      leader.leadsTo(600, 0);
      leader.expectFetchBodies();
      harness.seconds(1);
      other.negotiated(other.expectNegotiate(), 598, 598);
      leader.leaves();

      for (int fetched = 0; fetched < 598; ) {
        Directive.FetchBodies request = other.expectFetchBodies();
        fetched = other.numbers(request.hashes()).getLast();
        other.delivers(request);
      }

      harness.awaitSink(598);
      assertThat(harness.dag.taken()).isEqualTo(numbers(1, 598));
    }
  }
}
