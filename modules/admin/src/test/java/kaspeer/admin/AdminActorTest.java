package kaspeer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import kaspeer.admin.events.AdminEvent;
import kaspeer.admin.events.EventBuffer;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Address;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Network;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminActorTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final FakeEngine engine = new FakeEngine(kit);
  private final AtomicBoolean serving = new AtomicBoolean(true);
  private final NodeFacts facts =
      new NodeFacts("1.2.3", FakeEngine.NOW, List.of("core", "edge"), "network", null, 44);
  private final TestProbe<AdminReply> probe = kit.createTestProbe();
  private ActorRef<AdminCommand> admin;

  @BeforeEach
  void start() {
    admin = spawn(facts, ClusterPort.NONE);
  }

  private ActorRef<AdminCommand> spawn(NodeFacts itsFacts, ClusterPort cluster) {
    return kit.spawn(
        AdminActor.create(
            engine,
            itsFacts,
            serving::get,
            () -> engine.chain,
            cluster,
            new FakeLog(),
            InstantSource.fixed(FakeEngine.NOW)));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aNodeReportNamesThePeerThatLeadsTheSync() {
    admin.tell(new AdminCommand.GetNode(probe.ref()));
    var report = probe.expectMessageClass(AdminReply.NodeReport.class);
    assertThat(report.syncPeer()).map(peer -> peer.id()).contains(FakeEngine.PEER_ID);
    assertThat(report.isSynced()).isFalse();
    assertThat(report.peers()).isEqualTo(1);
    assertThat(report.facts().version()).isEqualTo("1.2.3");
  }

  @Test
  void aBlockIsFoundWithItsBodyOrItsHeaderAloneOrNotAtAll() {
    admin.tell(new AdminCommand.GetBlock(FakeEngine.GENESIS.hash(), probe.ref()));
    var whole = probe.expectMessageClass(AdminReply.BlockReport.class);
    assertThat(whole.place().status()).isEqualTo(BlockStatus.UTXO_VALID);
    assertThat(whole.place().onChain()).isTrue();
    assertThat(whole.block()).contains(FakeEngine.GENESIS);

    admin.tell(new AdminCommand.GetBlock(FakeEngine.HEADER_ONLY, probe.ref()));
    var header = probe.expectMessageClass(AdminReply.BlockReport.class);
    assertThat(header.place().status()).isEqualTo(BlockStatus.HEADER_ONLY);
    assertThat(header.block()).isEmpty();

    admin.tell(new AdminCommand.GetBlock(FakeEngine.UNKNOWN, probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.NotFound.class).what())
        .contains(FakeEngine.UNKNOWN.toString());
  }

  @Test
  void aPeerIsFoundByItsIdAndByTheNumberOfItsConnection() {
    admin.tell(new AdminCommand.GetPeer(new PeerKey.ById(FakeEngine.PEER_ID), probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.PeerDetail.class).peer().info().number())
        .isEqualTo(7);
    admin.tell(new AdminCommand.GetPeer(new PeerKey.ByNumber(7), probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.PeerDetail.class).peer().info().id())
        .isEqualTo(FakeEngine.PEER_ID);
    admin.tell(new AdminCommand.GetPeer(new PeerKey.ByNumber(8), probe.ref()));
    probe.expectMessageClass(AdminReply.NotFound.class);
  }

  @Test
  void diallingTellsWhoAnsweredOrWhyNobodyDid() {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    DialTarget target = DialTarget.of(address);
    admin.tell(new AdminCommand.ConnectPeer(address, probe.ref()));
    var connected = probe.expectMessageClass(AdminReply.PeerConnected.class);
    assertThat(connected.peer()).isPresent();
    assertThat(connected.known()).isFalse();

    engine.dialReply = new Peers.DialReply.AlreadyConnected(7);
    admin.tell(new AdminCommand.HoldPeer(target, probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.PeerConnected.class).known()).isTrue();

    engine.dialReply = new Peers.DialReply.Failed("connection refused");
    admin.tell(new AdminCommand.ConnectPeer(address, probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.Refused.class).why())
        .isEqualTo("connection refused");
    admin.tell(new AdminCommand.HoldPeer(target, probe.ref()));
    probe.expectMessage(new AdminReply.PeerHeld(target, "connection refused"));

    engine.dialReply = new Peers.DialReply.NotHeld("held already");
    admin.tell(new AdminCommand.HoldPeer(target, probe.ref()));
    probe.expectMessage(new AdminReply.Refused("held already"));
  }

  @Test
  void aPartThatDoesNotAnswerIsNamed() {
    engine.deafPeers = true;
    admin.tell(new AdminCommand.ListPeers(probe.ref()));
    var late =
        probe.expectMessageClass(
            AdminReply.TimedOut.class, AdminActor.ANSWER_LIMIT.plus(Duration.ofSeconds(20)));
    assertThat(late.part()).isEqualTo("peers");
  }

  @Test
  void anEdgeThatFindsNoCoreDoesNotCallItselfBusy() {
    ActorRef<AdminCommand> edge =
        spawn(
            new NodeFacts("1.2.3", FakeEngine.NOW, List.of("edge"), "network", null, 44),
            ClusterPort.NONE);
    engine.blockReply = new Dag.BlockReply.Busy(FakeEngine.GENESIS.hash());
    edge.tell(new AdminCommand.SubmitBlock(FakeEngine.GENESIS, 1, true, probe.ref()));
    var notTaken = probe.expectMessageClass(AdminReply.BlockNotTaken.class);
    assertThat(notTaken.why()).isEqualTo(AdminReply.BlockNotTaken.Why.CORE_UNAVAILABLE);
    engine.templateReply = new Mempool.TemplateReply.Busy();
    var payTo = new Address(Network.SIMNET, Address.Version.PUB_KEY, new byte[32]);
    edge.tell(
        new AdminCommand.GetBlockTemplate(payTo.toScriptPublicKey(), new byte[0], probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.Unavailable.class).why())
        .startsWith("no core of the cluster made a template in time");
    admin.tell(new AdminCommand.SubmitBlock(FakeEngine.GENESIS, 1, true, probe.ref()));
    probe.expectMessageClass(AdminReply.BlockVerdict.class);
  }

  @Test
  void aNodeIsReadyOnceSyncedAndUntilItStops() {
    admin.tell(new AdminCommand.GetHealth(probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.HealthReport.class).health().isReady())
        .isFalse();
    engine.syncStatus = new SyncStatus(SyncStatus.State.SYNCED, null, "", 0, 0, 0, 0);
    admin.tell(new AdminCommand.GetHealth(probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.HealthReport.class).health().isReady()).isTrue();
    serving.set(false);
    admin.tell(new AdminCommand.GetHealth(probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.HealthReport.class).health())
        .isEqualTo(new Health(true, true, true, false));
  }

  @Test
  void aWatcherHearsWhatTheNodePublishesAndTheEnd() throws InterruptedException {
    EventBuffer buffer = new EventBuffer(1 << 20, Set.of());
    admin.tell(new AdminCommand.Watch(buffer, probe.ref()));
    probe.expectMessageClass(AdminReply.Done.class);
    kit.system().eventStream().tell(new EventStream.Publish<>(new NodeEvent.Unbanned("10.0.0.1")));
    Optional<AdminEvent> event = buffer.poll(Duration.ofSeconds(30));
    assertThat(event).contains(new AdminEvent.Unbanned(FakeEngine.NOW, "10.0.0.1"));

    kit.stop(admin);
    assertThat(buffer.poll(Duration.ofSeconds(30))).isEmpty();
    assertThat(buffer.state()).isEqualTo(EventBuffer.State.CLOSED);
  }

  @Test
  void whatCannotBeAnsweredIsSaidToHaveFailedAndTheNextOneIsAnswered() {
    ClusterPort broken =
        new ClusterPort() {
          @Override
          public List<AdminReply.ClusterReport.Member> members() {
            throw new IllegalStateException("out of order");
          }

          @Override
          public CompletionStage<AdminReply.ClusterPeers> peers() {
            throw new IllegalStateException("out of order");
          }

          @Override
          public boolean isJoined() {
            return true;
          }
        };
    ActorRef<AdminCommand> member = spawn(facts, broken);
    member.tell(new AdminCommand.ListClusterPeers(probe.ref()));
    assertThat(probe.expectMessageClass(AdminReply.Failed.class).detail()).contains("log");
    member.tell(new AdminCommand.GetNode(probe.ref()));
    probe.expectMessageClass(AdminReply.NodeReport.class);
  }
}
