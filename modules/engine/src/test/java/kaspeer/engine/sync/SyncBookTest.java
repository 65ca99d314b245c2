package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.peers.Sync;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class SyncBookTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration LONG = SyncSettings.DEFAULT.claimPatience();

  private final Chain chain = new Chain(20);
  private final SyncBook book =
      new SyncBook(SyncSettings.DEFAULT, FlowSettings.DEFAULT.nearlySynced());

  static PeerInfo info(long number) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) (16_000 + number));
    return PeerInfo.connecting(number, address, PeerInfo.Direction.OUTBOUND, false, NOW);
  }

  private SyncPeer join(long number) {
    return book.joined(info(number), TestInbox.<Sync.Directive>create().getRef());
  }

  /** All bodies up to this one are here; the sink was made so long ago. */
  private DagSnapshot at(int sink, Duration age) {
    DagSnapshot.Tip tip =
        new DagSnapshot.Tip(
            chain.hash(sink), sink, BlueWork.of(sink), sink, NOW.minus(age).toEpochMilli());
    return new DagSnapshot(
        sink,
        sink,
        List.of(tip.hash()),
        tip,
        tip,
        List.of(),
        0,
        0,
        0,
        chain.hash(0),
        BlueWork.ZERO);
  }

  private DagSnapshot old(int sink) {
    return at(sink, Duration.ofDays(30));
  }

  private DagSnapshot young(int sink) {
    return at(sink, Duration.ofSeconds(2));
  }

  private void announce(long peer, int number) {
    book.announced(new Sync.Announced(peer, chain.hash(number)));
  }

  private void offer(long peer, int number) {
    book.offered(new Sync.Candidate(peer, chain.header(number)));
  }

  private void lookUp(Instant now, BlockStatus status) {
    List<Hash> probes = book.probes(now);
    book.probed(new Dag.Statuses(probes, probes.stream().map(_ -> status).toList()));
  }

  private Optional<Long> picked(Instant now, DagSnapshot snapshot) {
    return book.pick(now, snapshot).map(lead -> lead.peer().number());
  }

  @Test
  void a_block_with_more_work_than_our_sink_is_worth_a_sync() {
    join(1);
    offer(1, 10);

    assertThat(picked(NOW, old(9))).contains(1L);
    assertThat(book.pick(NOW, old(9)).orElseThrow().relayed()).contains(chain.header(10));
  }

  @Test
  void a_block_with_no_more_work_than_our_sink_is_not() {
    join(1);
    offer(1, 10);

    assertThat(picked(NOW, old(10))).isEmpty();
  }

  @Test
  void of_several_the_one_with_the_most_work_is_taken() {
    join(1);
    join(2);
    join(3);
    offer(1, 10);
    offer(2, 12);
    offer(3, 11);

    assertThat(picked(NOW, old(1))).contains(2L);
  }

  @Test
  void an_announced_block_is_given_time_to_come_by_relay() {
    join(1);
    announce(1, 5);
    lookUp(NOW, BlockStatus.UNKNOWN);

    assertThat(picked(NOW.plus(LONG).minusMillis(1), old(1))).isEmpty();
    assertThat(picked(NOW.plus(LONG), old(1))).contains(1L);
  }

  @Test
  void an_announced_block_whose_body_is_missing_is_missing() {
    join(1);
    announce(1, 5);
    lookUp(NOW, BlockStatus.HEADER_ONLY);

    assertThat(picked(NOW.plus(LONG), old(1))).contains(1L);
  }

  @Test
  void an_announced_block_is_not_forgotten_for_an_older_one_that_is_offered_after_it() {
    join(1);
    announce(1, 10);
    announce(1, 11);
    offer(1, 10);
    for (int look = 0; look < 3; look++) {
      List<Hash> probes = book.probes(NOW);
      book.probed(
          new Dag.Statuses(
              probes,
              probes.stream()
                  .map(chain::number)
                  .map(number -> number <= 10 ? BlockStatus.BODY : BlockStatus.UNKNOWN)
                  .toList()));
    }

    assertThat(picked(NOW.plus(LONG), old(10))).contains(1L);
  }

  @Test
  void live_blocks_that_come_by_relay_start_no_sync() {
    join(1);
    Instant now = NOW;
    for (int i = 1; i <= 20; i++) {
      announce(1, i);
      // Announced just now, and not here yet; the one before has come.
      List<Hash> probes = book.probes(now);
      book.probed(
          new Dag.Statuses(probes, List.of(i % 2 == 0 ? BlockStatus.BODY : BlockStatus.UNKNOWN)));
      now = now.plusSeconds(3);

      assertThat(picked(now, young(i))).isEmpty();
    }
  }

  @Test
  void words_that_come_before_a_peer_joins_are_kept() {
    offer(1, 10);
    join(1);

    assertThat(picked(NOW, old(1))).contains(1L);
  }

  @Test
  void a_peer_that_left_is_not_picked() {
    SyncPeer peer = join(1);
    offer(1, 10);
    book.remove(peer);

    assertThat(picked(NOW, old(1))).isEmpty();
  }

  @Test
  void a_peer_that_cannot_be_synced_from_is_left_alone_for_a_while() {
    SyncPeer peer = join(1);
    offer(1, 10);
    peer.restAsUnsuitable(NOW, Duration.ofMinutes(10));
    offer(1, 11);

    assertThat(picked(NOW.plus(Duration.ofMinutes(9)), old(1))).isEmpty();
    assertThat(picked(NOW.plus(Duration.ofMinutes(10)), old(1))).contains(1L);
  }

  @Test
  void syncs_in_vain_from_a_peer_come_ever_more_rarely() {
    SyncPeer peer = join(1);
    Duration before = Duration.ZERO;
    Instant now = NOW;
    for (int i = 0; i < 5; i++) {
      peer.restAfterNothing(now);
      offer(1, 10);
      Duration rest = Duration.ofSeconds(1);
      while (picked(now.plus(rest), old(1)).isEmpty()) {
        rest = rest.plusSeconds(1);
      }

      assertThat(rest).isGreaterThan(before);
      before = rest;
      now = now.plus(rest);
    }
  }

  @Test
  void a_leader_is_replaced_by_the_best_of_the_others() {
    SyncPeer leader = join(1);
    join(2);
    offer(1, 12);
    offer(2, 10);

    assertThat(book.pickInstead(leader, NOW, old(1)).map(lead -> lead.peer().number()))
        .contains(2L);
  }

  @Test
  void a_peer_that_has_nothing_that_we_lack_replaces_nobody() {
    SyncPeer leader = join(1);
    join(2);
    offer(1, 12);
    announce(2, 1);
    lookUp(NOW, BlockStatus.BODY);

    assertThat(book.pickInstead(leader, NOW, old(1))).isEmpty();
  }

  // Synced or not.

  @Test
  void alone_with_an_old_sink_a_node_is_not_synced() {
    assertThat(isSynced(NOW, old(5))).isFalse();
  }

  @Test
  void a_young_sink_is_synced_as_long_as_no_peer_is_ahead() {
    assertThat(isSynced(NOW, young(5))).isTrue();
    join(1);
    announce(1, 10);
    lookUp(NOW, BlockStatus.UNKNOWN);
    assertThat(isSynced(NOW, young(5))).isTrue();

    assertThat(isSynced(NOW.plus(LONG), young(5))).isFalse();
  }

  @Test
  void a_network_at_rest_is_synced_when_all_that_peers_announce_is_here() {
    join(1);
    join(2);
    announce(1, 5);
    announce(2, 5);
    assertThat(isSynced(NOW, old(5))).isFalse();

    lookUp(NOW, BlockStatus.BODY);

    assertThat(isSynced(NOW, old(5))).isTrue();
  }

  @Test
  void one_peer_with_more_is_enough_not_to_be_synced() {
    join(1);
    join(2);
    announce(1, 5);
    lookUp(NOW, BlockStatus.BODY);
    announce(2, 9);
    lookUp(NOW, BlockStatus.UNKNOWN);

    assertThat(isSynced(NOW, old(5))).isFalse();
  }

  @Test
  void a_peer_that_announces_nothing_neither_helps_nor_hinders() {
    join(1);
    assertThat(isSynced(NOW, old(5))).isFalse();
    join(2);
    announce(2, 5);
    lookUp(NOW, BlockStatus.BODY);

    assertThat(isSynced(NOW, old(5))).isTrue();
  }

  @Test
  void a_peer_whose_announcement_was_followed_up_in_vain_does_not_hinder() {
    SyncPeer liar = join(1);
    join(2);
    announce(1, 15);
    announce(2, 5);
    List<Hash> probes = book.probes(NOW);
    book.probed(new Dag.Statuses(probes, List.of(BlockStatus.UNKNOWN, BlockStatus.BODY)));
    assertThat(isSynced(NOW, old(5))).isFalse();

    liar.restAfterNothing(NOW);

    assertThat(isSynced(NOW, old(5))).isTrue();
  }

  @Test
  void
      a_peer_that_has_more_but_cannot_be_synced_from_hinders_until_what_it_has_came_from_elsewhere() {
    SyncPeer pruned = join(1);
    join(2);
    announce(1, 15);
    announce(2, 5);
    book.probed(new Dag.Statuses(book.probes(NOW), List.of(BlockStatus.UNKNOWN, BlockStatus.BODY)));
    pruned.restAsUnsuitable(NOW, Duration.ofMinutes(10));
    assertThat(isSynced(NOW.plus(LONG), old(5))).isFalse();
    assertThat(isSynced(NOW.plus(LONG), young(5))).isFalse();

    lookUp(NOW.plus(LONG), BlockStatus.BODY);

    assertThat(isSynced(NOW.plus(LONG), old(15))).isTrue();
  }

  private boolean isSynced(Instant now, DagSnapshot snapshot) {
    return book.isSynced(now, now, snapshot);
  }
}
