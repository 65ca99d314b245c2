package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.cluster.ClusterOptions.Times;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

/**
 * What is lost when a member dies, is cut off, or leaves: the peers of the others notice nothing.
 */
final class FailureTableTest {
  private final List<InetSocketAddress> all = TestMember.addresses(3);
  private final ChainBuilder chain = ChainBuilder.simnet(3);

  private static void hears(ScriptedPeer peer, Hash block) {
    peer.expect(
        "the announcement of " + block,
        message ->
            message.getPayloadCase() == PayloadCase.INV_RELAY_BLOCK
                && message.getInvRelayBlock().getHash().equals(Hashes.toWire(block)),
        TestMember.SOON);
  }

  private static TestMember of(String address, TestMember... members) {
    for (TestMember member : members) {
      if (member.address().equals(address)) {
        return member;
      }
    }
    throw new AssertionError("no member at " + address);
  }

  /** A new block comes through from one peer to another; the first has those before it, too. */
  private static void relays(ScriptedPeer from, ChainBuilder chain, ScriptedPeer to) {
    ChainServer.serve(from, chain);
    Hash block = chain.extend().hash();
    from.send(Messages.inv(block));
    hears(to, block);
  }

  @Test
  void aCoreDiesAndAnotherTakesItsPlace() {
    try (TestMember a = TestMember.core(all.get(0), all);
        TestMember b = TestMember.core(all.get(1), all);
        TestMember edge = TestMember.edge(all.get(2), all);
        PeerLab lab = new PeerLab()) {
      edge.await("all are up", () -> edge.sees(3) && !edge.dag().isEmpty());
      a.await("the cores hold each other", () -> !a.peers().isEmpty() && !b.peers().isEmpty());
      ScriptedPeer one = lab.join(edge.p2p());
      ScriptedPeer other = lab.join(edge.p2p());
      relays(one, chain, other);
      Block before = chain.last();
      b.await(
          "both cores have the block",
          () ->
              a.engine().dagSnapshot().sink().hash().equals(before.hash())
                  && b.engine().dagSnapshot().sink().hash().equals(before.hash()));

      TestMember used = of(edge.dag(), a, b);
      TestMember left = used == a ? b : a;
      used.die();
      relays(one, chain, other);

      // A block is announced before the state that counts it is there to be seen.
      left.await("it has both blocks", () -> left.engine().dagSnapshot().blockCount() == 2);
      edge.await("the edge uses the other core", () -> edge.dag().equals(left.address()));
      left.await("the dead one is put out", () -> left.cluster.view().members().size() == 2);
      assertThat(one.isConnected() && other.isConnected()).isTrue();
      assertThat(edge.departures()).isEmpty();
      assertThat(edge.bans()).isEmpty();
    } finally {
      chain.close();
    }
  }

  /**
   * Not only what it did not answer: also what it took and told no other core of. That was fetched,
   * and what was fetched is not fetched again for some seconds, which for this edge never pass.
   */
  @Test
  void whatACoreTookWithItIsFetchedAgainForTheNextOne() {
    try (TestMember a = TestMember.coreWithoutPeers(all.get(0), all);
        TestMember b = TestMember.coreWithoutPeers(all.get(1), all);
        TestMember edge = TestMember.edgeOutOfTime(all.get(2), all);
        PeerLab lab = new PeerLab()) {
      edge.await("all are up", () -> edge.sees(3) && !edge.dag().isEmpty());
      ScriptedPeer one = ChainServer.serve(lab.join(edge.p2p()), chain);
      ScriptedPeer other = lab.join(edge.p2p());
      TestMember used = of(edge.dag(), a, b);
      TestMember left = used == a ? b : a;
      new Partition(used, left).cut();
      Hash lost = chain.extend().hash();
      one.send(Messages.inv(lost));
      hears(other, lost);
      used.die();
      Hash next = chain.extend().hash();
      one.send(Messages.inv(next));
      hears(other, next);
      // A block is announced before the state that counts it is there to be seen.
      left.await("it has both blocks", () -> left.engine().dagSnapshot().blockCount() == 2);
      assertThat(edge.departures()).isEmpty();
    } finally {
      chain.close();
    }
  }

  @Test
  void theLastCoreDiesAndPeersAreSentAwayAfterAWhileWithoutBlame() {
    Times impatient =
        new Times(
            TestMember.TIMES.beat(),
            TestMember.TIMES.silence(),
            TestMember.TIMES.slow(),
            Duration.ofSeconds(6),
            Duration.ofSeconds(60));
    try (TestMember core = TestMember.core(all.get(0), all);
        TestMember edge =
            new TestMember(
                TestMember.options(
                    Set.of(Role.EDGE), all.get(1), all, impatient, Optional.empty()));
        PeerLab lab = new PeerLab()) {
      edge.await("the edge uses the core", () -> edge.dag().equals(core.address()));
      ScriptedPeer peer = lab.join(edge.p2p());
      core.die();
      peer.expectEnd(TestMember.SOON);
      assertThat(edge.cluster.hasDag()).isFalse();
      edge.await("it is gone", () -> edge.departures().size() == 1);
      assertThat(edge.departures().getFirst().reason()).isEqualTo("unavailable");
      assertThat(edge.bans()).isEmpty();

      try (TestMember again = TestMember.core(all.get(0), all)) {
        edge.await("the edge uses the core again", () -> edge.dag().equals(again.address()));
        assertThat(lab.join(edge.p2p()).isConnected()).isTrue();
      }
    } finally {
      chain.close();
    }
  }

  @Test
  void aCoreLeavesAndItsEdgesMoveBeforeItIsGone() {
    TestMember a = TestMember.core(all.get(0), all);
    TestMember b = TestMember.core(all.get(1), all);
    try (TestMember edge = TestMember.edge(all.get(2), all);
        PeerLab lab = new PeerLab()) {
      edge.await("all are up", () -> edge.sees(3) && !edge.dag().isEmpty());
      ScriptedPeer one = lab.join(edge.p2p());
      ScriptedPeer other = lab.join(edge.p2p());
      TestMember used = of(edge.dag(), a, b);
      TestMember left = used == a ? b : a;
      used.close();
      edge.await("the edge uses the other core", () -> edge.dag().equals(left.address()));
      relays(one, chain, other);
      left.await("it has left", () -> left.cluster.view().members().size() == 2);
      assertThat(edge.departures()).isEmpty();
    } finally {
      a.close();
      b.close();
      chain.close();
    }
  }

  @Test
  void anEdgeThatDiesGivesBackWhatItsPeersHeldAndComesBackAsANewOne() {
    try (TestMember core = TestMember.core(all.get(0), all);
        TestMember first = TestMember.edge(all.get(1), all);
        PeerLab lab = new PeerLab()) {
      first.await("the edge uses the core", () -> first.dag().equals(core.address()));
      ScriptedPeer peer = lab.join(first.p2p());
      relays(peer, chain, lab.join(first.p2p()));
      first.die();
      peer.expectEnd(TestMember.SOON);
      try (TestMember second = TestMember.edge(all.get(1), all)) {
        second.await("a new one in its place", () -> second.dag().equals(core.address()));
        core.await(
            "the core has one edge",
            () -> core.cluster.view().members().size() == 2 && core.sees(2));
        relays(lab.join(second.p2p()), chain, lab.join(second.p2p()));
        assertThat(core.fatal()).isEmpty();
      }
    } finally {
      chain.close();
    }
  }

  @Test
  void aMemberThatWasCutOffComesBackAndItsPeersNoticeNothing() {
    try (TestMember a = TestMember.core(all.get(0), all);
        TestMember b = TestMember.core(all.get(1), all);
        TestMember edge = TestMember.edge(all.get(2), all);
        PeerLab lab = new PeerLab()) {
      edge.await("all are up", () -> edge.sees(3) && !edge.dag().isEmpty());
      ScriptedPeer one = lab.join(edge.p2p());
      ScriptedPeer other = lab.join(edge.p2p());
      Partition partition = new Partition(edge, a, b);
      partition.cut();
      a.await(
          "it is put out by the others",
          () -> a.cluster.view().members().size() == 2 && b.cluster.view().members().size() == 2);
      partition.heal();
      edge.await("it is a member again", () -> edge.sees(3) && !edge.dag().isEmpty());
      relays(one, chain, other);
      assertThat(edge.departures()).isEmpty();
      assertThat(edge.bans()).isEmpty();
    } finally {
      chain.close();
    }
  }

  @Test
  void aClusterSplitsWithACoreOnEachSideAndBothGoOnUntilTheyAreOneAgain() {
    List<InetSocketAddress> four = TestMember.addresses(4);
    try (TestMember a = TestMember.core(four.get(0), four);
        TestMember b = TestMember.core(four.get(1), four);
        TestMember atA = TestMember.edge(four.get(2), four);
        TestMember atB = TestMember.edge(four.get(3), four);
        ChainBuilder other = ChainBuilder.simnet(4);
        PeerLab lab = new PeerLab()) {
      a.await("all are up", () -> seeAll(List.of(a, b, atA, atB), 4));
      a.await("edges have a core", () -> !atA.dag().isEmpty() && !atB.dag().isEmpty());
      List<ScriptedPeer> peersAtA = List.of(lab.join(atA.p2p()), lab.join(atA.p2p()));
      List<ScriptedPeer> peersAtB = List.of(lab.join(atB.p2p()), lab.join(atB.p2p()));
      List<Partition> split = List.of(new Partition(b, a, atA), new Partition(atB, a, atA));
      split.forEach(Partition::cut);
      atA.await("an edge keeps to its side", () -> atA.dag().equals(a.address()));
      atB.await("and so does the other", () -> atB.dag().equals(b.address()));
      relays(peersAtA.getFirst(), chain, peersAtA.getLast());
      relays(peersAtB.getFirst(), other, peersAtB.getLast());
      a.await("one side puts the other out", () -> a.cluster.view().members().size() == 2);

      split.forEach(Partition::heal);
      a.await("one cluster again", () -> seeAll(List.of(a, b, atA, atB), 4));
      relays(peersAtA.getFirst(), chain, peersAtA.getLast());
      relays(peersAtB.getFirst(), other, peersAtB.getLast());
      a.await("each core has all of both sides", () -> hasAll(a) && hasAll(b));
      Stream.of(peersAtA, peersAtB)
          .flatMap(List::stream)
          .forEach(peer -> assertThat(peer.isConnected()).isTrue());
      for (TestMember edge : List.of(atA, atB)) {
        assertThat(edge.departures()).isEmpty();
        assertThat(edge.bans()).isEmpty();
      }
    } finally {
      chain.close();
    }
  }

  /** Then it is no door to anything, and a node that is started anew is better than none. */
  @Test
  void anEdgeWhoseWayToTheCoresHasFailedEnds() {
    try (TestMember core = TestMember.core(all.get(0), all)) {
      TestMember edge = TestMember.edge(all.get(1), all);
      edge.await("the edge uses the core", () -> edge.dag().equals(core.address()));
      edge.fail("/system/cluster-proxy");
      core.await("the edge ends", edge::hasEnded);
      edge.die();
    } finally {
      chain.close();
    }
  }

  private static boolean seeAll(List<TestMember> members, int count) {
    return members.stream().allMatch(member -> member.sees(count));
  }

  /** Two blocks of each side. */
  private static boolean hasAll(TestMember core) {
    return core.engine().dagSnapshot().blockCount() == 4;
  }
}
