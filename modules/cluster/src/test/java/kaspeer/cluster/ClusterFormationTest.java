package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.engine.EngineResources.NameLookUp;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Network;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

final class ClusterFormationTest {
  private static final String TARGETS = "kaspeer_cluster_push_targets";
  private static final String PUSHES = "kaspeer_cluster_pushes_total";

  private final List<InetSocketAddress> all = TestMember.addresses(2);

  @Test
  void twoWholeNodesAreOneClusterWithOneIdentityAndOneDag() {
    try (TestMember a =
            new TestMember(
                TestMember.options(
                    Set.of(Role.CORE, Role.EDGE),
                    all.get(0),
                    all,
                    TestMember.TIMES,
                    Optional.empty()));
        TestMember b =
            new TestMember(
                TestMember.options(
                    Set.of(Role.CORE, Role.EDGE),
                    all.get(1),
                    all,
                    TestMember.TIMES,
                    Optional.empty()));
        ChainBuilder chain = ChainBuilder.simnet(1)) {
      a.await("both are up", () -> a.sees(2) && b.sees(2));
      assertThat(a.engine().local().id()).isEqualTo(b.engine().local().id());
      assertThat(a.dag()).isEqualTo(a.address());
      assertThat(a.cluster.view().members().getFirst().roles()).containsExactly("core", "edge");

      Block block = chain.extend();
      a.submit(block);
      b.await(
          "the other core has the block",
          () -> b.consensus().status(block.hash()) == BlockStatus.UTXO_VALID);
      assertThat(a.fatal()).isEmpty();
      assertThat(b.fatal()).isEmpty();
    }
  }

  @Test
  void membersFindEachOtherByOneNameThatStandsForAllOfThem() {
    int port = all.getFirst().getPort();
    List<InetAddress> named =
        List.of(PeerLab.loopback(4), PeerLab.loopback(2), PeerLab.loopback(3));
    List<ClusterOptions> options =
        named.stream()
            .map(
                host ->
                    new ClusterOptions(
                        Network.SIMNET,
                        host.equals(named.getFirst()) ? Set.of(Role.EDGE) : Set.of(Role.CORE),
                        new InetSocketAddress(host, port),
                        List.of(new ClusterOptions.Contact("members.test", port)),
                        Optional.empty(),
                        TestMember.TIMES))
            .toList();
    NameLookUp dns = host -> host.equals("members.test") ? named : List.of();
    // Whoever has the lowest address makes the cluster; nobody waits for the others to be there.
    try (TestMember lowest = new TestMember(options.get(1), dns);
        TestMember edge = new TestMember(options.get(0), dns);
        TestMember other = new TestMember(options.get(2), dns)) {
      edge.await(
          "all are members of one cluster",
          () -> edge.sees(3) && lowest.sees(3) && other.sees(3) && !edge.dag().isEmpty());
    }
  }

  /** As when the first member starts again on a machine too busy for the others to answer it. */
  @Test
  void clustersThatHaveFormedApartBecomeOne() {
    List<InetSocketAddress> itself = List.of(all.get(1));
    try (TestMember first = TestMember.core(all.get(0), all);
        TestMember apart = TestMember.core(all.get(1), itself);
        PeerLab lab = new PeerLab()) {
      // What each made up, for by now they may have found each other.
      assertThat(firstId(first)).isNotEqualTo(firstId(apart));
      first.await("one cluster", () -> first.sees(2) && apart.sees(2));
      ByteString id = lab.dial(first.p2p()).handshake().getId();
      first.await(
          "one id to the network",
          () -> {
            try (ScriptedPeer peer = lab.dial(apart.p2p())) {
              return peer.handshake().getId().equals(id);
            }
          });
      assertThat(first.engine().local().id())
          .as("and each knows it for its own")
          .isEqualTo(apart.engine().local().id());
    }
  }

  /** The id that a member showed when it was one for the first time. */
  private static UUID firstId(TestMember member) {
    return member.cluster.identity().toCompletableFuture().join();
  }

  @Test
  void whoIsOfAnotherNetworkIsNotTakenIn() {
    ActorTestKit kit = ActorTestKit.create();
    try (TestMember member = TestMember.core(all.get(0), all)) {
      ClusterOptions ours =
          TestMember.options(
              Set.of(Role.EDGE), all.get(1), all, TestMember.TIMES, Optional.empty());
      ClusterNode stranger =
          ClusterNode.start(
              new ClusterOptions(
                  Network.DEVNET,
                  ours.roles(),
                  ours.listen(),
                  ours.join(),
                  ours.tls(),
                  ours.times()),
              ConfigFactory.parseString("pekko.loglevel = WARNING"),
              _ -> List.of(),
              TestMember.genesis(),
              new Metrics(),
              kit.system());
      assertThat(stranger.identity())
          .failsWithin(TestMember.SOON)
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(ClusterStartException.class)
          .withMessage("the cluster is of another network: it takes in no member of devnet");
      stranger.close();
      assertThat(member.cluster.view().members()).hasSize(1);
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  void aPortThatIsTakenIsNamedWithTheOptionForAnother() throws IOException {
    ActorTestKit kit = ActorTestKit.create();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress listen = (InetSocketAddress) taken.getLocalSocketAddress();
      ClusterOptions options =
          TestMember.options(Set.of(Role.EDGE), listen, all, TestMember.TIMES, Optional.empty());
      assertThatThrownBy(
              () ->
                  ClusterNode.start(
                      options,
                      ConfigFactory.parseString("pekko.loglevel = OFF"),
                      _ -> List.of(),
                      TestMember.genesis(),
                      new Metrics(),
                      kit.system()))
          .isInstanceOf(ClusterStartException.class)
          .hasMessage(
              "cannot listen for other members on "
                  + options.address()
                  + ": the port is taken (--cluster-listen names another)");
    } finally {
      kit.shutdownTestKit();
    }
  }

  /** Else it would look like a node on its own. */
  @Test
  void whoIsNoMemberYetSeesItselfJoining() {
    ActorTestKit kit = ActorTestKit.create();
    ClusterNode edge =
        ClusterNode.start(
            TestMember.options(
                Set.of(Role.EDGE), all.get(1), all, TestMember.TIMES, Optional.empty()),
            ConfigFactory.parseString("pekko.loglevel = WARNING"),
            _ -> List.of(),
            TestMember.genesis(),
            new Metrics(),
            kit.system());
    try {
      Await.until(
          "it sees something",
          TestMember.SOON,
          () -> !edge.view().members().isEmpty(),
          () -> "nothing");
      assertThat(edge.view().members())
          .containsExactly(
              new ClusterView.Member(
                  edge.options().address(), List.of("edge"), "joining", true, 0, "", 0, true));
    } finally {
      edge.close();
      kit.shutdownTestKit();
    }
  }

  @Test
  void aBlockCrossesByPushBetweenCoresThatHaveNoConnectionAsPeers() {
    try (TestMember a = TestMember.coreWithoutPeers(all.get(0), all);
        TestMember b = TestMember.coreWithoutPeers(all.get(1), all);
        ChainBuilder chain = ChainBuilder.simnet(3)) {
      a.await("one knows the other as a core", () -> a.metric(TARGETS, "") == 1);
      b.await("and is known by it", () -> b.metric(TARGETS, "") == 1);
      for (Block block : chain.extend(20)) {
        a.submit(block);
      }
      Block last = chain.last();
      b.await(
          "the other core has the chain",
          () -> b.consensus().status(last.hash()) == BlockStatus.UTXO_VALID);
      assertThat(b.peers()).isEmpty();
      // Both are counted once the block is there, or later.
      a.await("pushes are counted", () -> a.metric(PUSHES, "sent") >= 20);
      b.await("and verdicts", () -> b.metric(PUSHES, "accepted") > 0);
      // Blocks are pushed in the order in which they were added: all others would be there first.
      Block own = chain.extend();
      b.submit(own);
      a.await("a block of its own is pushed", () -> a.consensus().status(own.hash()).hasBody());
      a.await("and counted", () -> a.metric(PUSHES, "received") >= 1);
      assertThat(a.metric(PUSHES, "received")).as("what was pushed is not pushed on").isEqualTo(1);
    }
  }

  @Test
  void aCoreThatHasLeftIsHeldAsAPeerNoMore() {
    try (TestMember a = TestMember.core(all.get(0), all)) {
      TestMember b = TestMember.core(all.get(1), all);
      a.await("they hold each other", () -> held(a) == 1);
      a.await("and know it", () -> a.metric("kaspeer_cluster_member_links", "") >= 1);
      b.close();
      a.await("it is gone", () -> held(a) == 0);
      assertThat(a.metric("kaspeer_cluster_cores", "up")).isEqualTo(1);
    }
  }

  private static int held(TestMember member) {
    return member
        .<Peers, Peers.PermanentList>ask(member.engine().peers(), Peers.ListPermanent::new)
        .peers()
        .size();
  }

  @Test
  void anEdgeRelaysServesAndSharesBans() {
    try (TestMember core = TestMember.core(all.get(0), all);
        TestMember edge = TestMember.edge(all.get(1), all);
        ChainBuilder chain = ChainBuilder.simnet(2);
        PeerLab lab = new PeerLab()) {
      edge.await("the edge uses the core", () -> edge.dag().equals(core.address()));
      ScriptedPeer one = lab.join(edge.p2p());
      ScriptedPeer other = lab.join(edge.p2p());

      Block block = chain.extend();
      one.answer(PayloadCase.REQUEST_RELAY_BLOCKS, _ -> List.of(Messages.block(block)));
      one.send(Messages.inv(block.hash()));
      other.expect(
          "the announcement",
          message ->
              message.getPayloadCase() == PayloadCase.INV_RELAY_BLOCK
                  && message.getInvRelayBlock().getHash().equals(Hashes.toWire(block.hash())),
          TestMember.SOON);
      other.send(Messages.asking(7, Messages.requestRelayBlocks(List.of(block.hash()))));
      assertThat(other.expect(PayloadCase.BLOCK, TestMember.SOON).getBlock().getTransactionsCount())
          .isEqualTo(block.transactions().size());
      assertThat(core.consensus().status(block.hash()).hasBody()).isTrue();
      edge.await(
          "the state has crossed",
          () -> edge.engine().dagSnapshot().sink().hash().equals(block.hash()));

      core.<Sanctions, Sanctions.BanReply>ask(
          core.engine().sanctions(),
          replyTo ->
              new Sanctions.AddBan(
                  "203.0.113.7", "noise", java.time.Duration.ofHours(1), "seen", replyTo));
      edge.await("the ban is known", () -> edge.bans().size() == 1);
      edge.<Sanctions, Boolean>ask(
          edge.engine().sanctions(), replyTo -> new Sanctions.RemoveBan("203.0.113.7", replyTo));
      core.await("the ban is lifted", () -> core.bans().isEmpty());
      assertThat(edge.departures()).isEmpty();
      assertThat(one.isConnected()).isTrue();
    }
  }
}
