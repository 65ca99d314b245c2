package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import kaspeer.cluster.edge.EdgeState;
import kaspeer.cluster.proto.PeersTold;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.PeerInfo.Direction;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** Whichever member is asked, it tells of the peers of all, and of who did not answer. */
final class ClusterPeersTest {
  private static ClusterPeers ask(TestMember member) throws Exception {
    return member.cluster.peers().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static PeerInfo peer(long number, InetAddress ip, String userAgent) {
    return new PeerInfo(
        number,
        new UUID(number, 7),
        new InetSocketAddress(ip, 16_111),
        Direction.OUTBOUND,
        userAgent,
        10,
        11,
        Duration.ofMillis(-30),
        false,
        true,
        Instant.ofEpochMilli(1_700_000_000_123L));
  }

  @Test
  void aMemberTellsOfThePeersOfAnother() throws Exception {
    List<InetSocketAddress> all = TestMember.addresses(2);
    try (TestMember core = TestMember.core(all.get(0), all);
        TestMember edge = TestMember.edge(all.get(1), all);
        PeerLab lab = new PeerLab()) {
      edge.await("the edge uses the core", () -> edge.dag().equals(core.address()));
      core.await("the core knows the edge", () -> core.sees(2));
      lab.join(edge.p2p());
      lab.join(edge.p2p());
      edge.await("the edge holds both", () -> edge.peers().size() == 2);
      // Whoever takes longer than two seconds is missing for this time.
      ClusterPeers[] answer = {ask(core)};
      core.await(
          "both peers are told of",
          () -> {
            answer[0] = core.cluster.peers().toCompletableFuture().join();
            return answer[0].peers().size() == 2 && answer[0].answered().size() == 2;
          });

      ClusterPeers told = answer[0];
      assertThat(told.peers())
          .extracting(ClusterPeers.Held::member)
          .containsExactly(edge.address(), edge.address());
      assertThat(told.peers())
          .extracting(ClusterPeers.Held::peer)
          .containsExactlyInAnyOrderElementsOf(
              ask(edge).peers().stream()
                  .map(ClusterPeers.Held::peer)
                  .map(ClusterPeersTest::asTold)
                  .toList());
      assertThat(told.answered()).containsExactlyInAnyOrder(core.address(), edge.address());
      assertThat(told.missing()).isEmpty();
      assertThat(told.omitted()).isZero();
    }
  }

  /** Times cross in whole milliseconds. */
  private static PeerInfo asTold(PeerInfo peer) {
    PeersTold told = PeerInfoCodec.toWire("m", List.of(peer));
    return PeerInfoCodec.peers(told).getFirst();
  }

  @Test
  void whoDoesNotAnswerIsMissing() throws Exception {
    List<InetSocketAddress> all = TestMember.addresses(2);
    try (TestMember core = TestMember.core(all.get(0), all);
        TestMember edge = TestMember.edge(all.get(1), all)) {
      core.await("the core knows the edge", () -> core.sees(2));
      edge.cluster.abort();
      core.await(
          "the edge is missing, or no member any more",
          () ->
              !core.cluster
                  .peers()
                  .toCompletableFuture()
                  .join()
                  .answered()
                  .contains(edge.address()));
      assertThat(ask(core).answered()).containsExactly(core.address());
    }
  }

  /** An engine takes peers in as soon as it starts; that it runs is known here a moment later. */
  @Test
  void aPeerThatIsReadyBeforeTheEngineIsConnectedCounts() {
    ActorTestKit kit = ActorTestKit.create();
    ClusterOptions options =
        TestMember.options(
            Set.of(ClusterOptions.Role.CORE),
            TestMember.addresses(1).getFirst(),
            List.of(),
            TestMember.TIMES,
            Optional.empty());
    try (ClusterNode node =
        ClusterNode.start(
            options,
            ConfigFactory.parseString("pekko.loglevel = WARNING"),
            _ -> List.of(),
            TestMember.genesis(),
            new Metrics(),
            kit.system())) {
      PeerInfo peer = peer(5, InetAddress.ofLiteral("203.0.113.7"), "/kaspad:2.1.0/");
      kit.system().eventStream().tell(new EventStream.Publish<>(new NodeEvent.PeerConnected(peer)));
      Await.until(
          "it is one of this member's",
          Duration.ofSeconds(10),
          () ->
              node.peers().toCompletableFuture().join().peers().stream()
                  .anyMatch(held -> held.peer().equals(peer)),
          () -> node.view().toString());
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  void whileTheActorsOfTheClusterAreReplacedTheOthersAreMissing() throws Exception {
    List<InetSocketAddress> all = TestMember.addresses(2);
    ClusterOptions options =
        TestMember.options(
            Set.of(ClusterOptions.Role.CORE),
            all.get(0),
            List.of(),
            TestMember.TIMES,
            Optional.empty());
    Shared shared =
        new Shared(options, new EdgeState(TestMember.genesis()), new ClusterMetrics(new Metrics()));
    String other = NetAddress.of(all.get(1)).toString();
    shared.view =
        new ClusterView(
            List.of(new ClusterView.Member(other, List.of("edge"), "up", true, 1, "", 0, false)));
    ActorSystem<Void> ended =
        ActorSystem.create(
            Behaviors.empty(),
            ClusterSettings.SYSTEM,
            ClusterSettings.of(options, ConfigFactory.empty()));
    ended.terminate();
    ended.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    ClusterPeers told =
        PeerReports.gather(ended, shared).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(told.answered()).containsExactly(options.address());
    assertThat(told.missing()).containsExactly(other);
  }

  @Test
  void everythingIsToldOfAPeer() throws Exception {
    for (String ip : List.of("203.0.113.7", "2001:db8::1")) {
      PeerInfo peer = peer(5, InetAddress.ofLiteral(ip), "/kaspad:2.1.0/");
      assertThat(asTold(peer)).isEqualTo(peer);
    }
  }

  @Test
  void peersBeyondTheRoomOfAMessageAreCounted() {
    InetAddress ip = InetAddress.ofLiteral("203.0.113.7");
    List<PeerInfo> many =
        LongStream.range(0, 3_000).mapToObj(i -> peer(i, ip, "a".repeat(200))).toList();
    PeersTold told = PeerInfoCodec.toWire("m", many);
    assertThat(told.getSerializedSize()).isLessThan(ClusterSerializer.MAX_BYTES);
    assertThat(told.getPeersCount() + told.getOmitted()).isEqualTo(3_000);
    assertThat(told.getOmitted()).isPositive();
  }
}
