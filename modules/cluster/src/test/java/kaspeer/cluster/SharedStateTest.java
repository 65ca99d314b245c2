package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.cluster.members.SharedMap;
import kaspeer.engine.Facades;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.peers.Addresses;
import kaspeer.primitives.BlockStatus;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.NetAddress;
import kaspeer.wire.proto.VersionMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a core and an edge have in common besides the DAG. */
final class SharedStateTest {
  private static final Duration A_WHILE = Duration.ofMinutes(3);

  private final List<InetSocketAddress> all = TestMember.addresses(2);
  private TestMember core;
  private TestMember edge;

  @BeforeEach
  void start() {
    core = TestMember.core(all.get(0), all);
    edge = TestMember.edge(all.get(1), all);
    edge.await("the edge uses the core", () -> edge.sees(2) && edge.dag().equals(core.address()));
  }

  @AfterEach
  void stop() {
    edge.close();
    core.close();
  }

  private static Sanctions.BanReply ban(TestMember member, String subject) {
    return member.ask(
        member.engine().sanctions(),
        to -> new Sanctions.AddBan(subject, "noise", Duration.ofHours(1), "seen", to));
  }

  private static List<Peers.Permanent> permanent(TestMember member) {
    return member
        .<Peers, Peers.PermanentList>ask(member.engine().peers(), Peers.ListPermanent::new)
        .peers();
  }

  /** Dials a scripted peer; the answer comes once that has said who it is. */
  private static CompletableFuture<Peers.DialReply> dial(
      TestMember member, PeerListener peer, boolean permanent) {
    return CompletableFuture.supplyAsync(
        () ->
            member.ask(
                member.engine().peers(), to -> new Peers.Dial(peer.address(), permanent, to)));
  }

  /** Writes into what members share, as another version of this program may. */
  private static ActorRef<SharedMap.Command> map(TestMember member, String name, int parts) {
    return Adapter.toTyped(member.cluster.classicSystem())
        .systemActorOf(SharedMap.create(name, parts, _ -> {}), "test-" + name, Props.empty());
  }

  @Test
  void tenThousandBansReachTheOthers() {
    for (int i = 0; i < 10_000; i++) {
      ban(core, "100." + (i >>> 16) + "." + (i >>> 8 & 255) + "." + (i & 255));
    }
    // Ten thousand changes of what is shared, each told on.
    Await.until(
        "all bans are known",
        A_WHILE,
        () -> edge.bans().size() == 10_000,
        () -> "" + edge.bans().size());
    edge.<Sanctions, Boolean>ask(
        edge.engine().sanctions(), to -> new Sanctions.RemoveBan("100.0.1.1", to));
    Await.until(
        "one is lifted", A_WHILE, () -> core.bans().size() == 9_999, () -> "" + core.bans().size());
  }

  @Test
  void aBanThatMakesNoSenseHurtsNoOther() {
    ActorRef<SharedMap.Command> bans = map(edge, "bans", SharedState.BAN_PARTS);
    bans.tell(new SharedMap.Put("198.51.100.1", "soon"));
    bans.tell(new SharedMap.Put("198.51.100.2", ""));
    bans.tell(
        new SharedMap.Put("no address", new Decision(true, 1, Long.MAX_VALUE / 2, "noise").text()));
    bans.tell(
        new SharedMap.Put(
            "198.51.100.3",
            new Decision(true, 1, System.currentTimeMillis() + 3_600_000, "noise").text()));
    core.await("the one that does is applied", () -> core.bans().size() == 1);
    ban(core, "198.51.100.4");
    edge.await("and others after it", () -> edge.bans().size() == 2);
    assertThat(core.metric("kaspeer_cluster_restarts_total", "")).isZero();
  }

  @Test
  void whatAMemberHoldsNoMoreIsFreeThoughTheMemberStays() {
    try (PeerLab lab = new PeerLab()) {
      PeerListener listener = lab.listen();
      String address = NetAddress.of(listener.address()).toString();
      ActorRef<SharedMap.Command> dials = map(edge, "dials", SharedState.DIAL_PARTS);
      dials.tell(new SharedMap.Put("203.0.113.1:16111", edge.address()));

      CompletableFuture<Peers.DialReply> reply = dial(edge, listener, false);
      ScriptedPeer peer = listener.accept(TestMember.SOON);
      peer.handshake();
      assertThat(reply.join()).isInstanceOf(Peers.DialReply.Connected.class);
      core.await(
          "what the edge holds is known, and nothing else",
          () -> core.cluster.dials().equals(java.util.Map.of(address, edge.address())));
      assertThat(
              core.<Peers, Peers.DialReply>ask(
                  core.engine().peers(), to -> new Peers.Dial(listener.address(), false, to)))
          .isEqualTo(new Peers.DialReply.Failed("held by another member"));
      peer.close();
      core.await("it is free", () -> core.cluster.dials().isEmpty());
    }
  }

  @Test
  void aPermanentPeerIsHeldByOneMemberAndKnownToAll() {
    try (PeerLab lab = new PeerLab()) {
      PeerListener listener = lab.listen();
      CompletableFuture<Peers.DialReply> reply = dial(edge, listener, true);
      listener.accept(TestMember.SOON).handshake();
      assertThat(reply.join()).isInstanceOf(Peers.DialReply.Connected.class);
      DialTarget target = DialTarget.of(listener.address());
      core.await(
          "the core would hold it too",
          () -> permanent(core).stream().anyMatch(peer -> peer.target().equals(target)));
      assertThat(listener.waiting()).as("dialled by one").isZero();

      assertThat(
              core.<Peers, Boolean>ask(
                  core.engine().peers(), to -> new Peers.ForgetPermanent(target, to)))
          .isTrue();
      edge.await("nobody holds it", () -> permanent(edge).isEmpty());
      assertThat(permanent(core)).isEmpty();
    }
  }

  private static void hold(TestMember member, InetSocketAddress peer) {
    assertThat(
            member.<Peers, Peers.DialReply>ask(
                member.engine().peers(), to -> new Peers.Hold(DialTarget.of(peer), to)))
        .isNotNull();
  }

  private static boolean forget(TestMember member, InetSocketAddress peer) {
    return member.ask(
        member.engine().peers(), to -> new Peers.ForgetPermanent(DialTarget.of(peer), to));
  }

  private static boolean isHeld(TestMember member, InetSocketAddress peer) {
    return permanent(member).stream().anyMatch(held -> held.target().equals(DialTarget.of(peer)));
  }

  @Test
  void aPermanentPeerThatIsForgottenBeforeAnotherMemberDialsItIsDialledByNone() {
    InetSocketAddress unwanted = TestMember.addresses(1).getFirst();
    InetSocketAddress wanted = TestMember.addresses(1).getFirst();
    hold(edge, unwanted);
    core.await("the core knows", () -> core.cluster.isPermanent(unwanted));
    forget(core, unwanted);
    edge.await("the edge knows", () -> !isHeld(edge, unwanted));
    hold(edge, wanted);
    core.await("the other one is held, whose time came later", () -> isHeld(core, wanted));
    assertThat(isHeld(core, unwanted)).isFalse();
    assertThat(isHeld(edge, unwanted)).isFalse();
    assertThat(core.cluster.isPermanent(unwanted)).isFalse();
  }

  @Test
  void whatHappensWhileTheActorsStartOverIsSharedAfterwards() {
    InetSocketAddress peer = TestMember.addresses(1).getFirst();
    ban(edge, "198.51.100.1");
    core.await("it is shared", () -> core.bans().size() == 1);
    var before = edge.cluster.classicSystem();
    before.terminate();
    Await.until(
        "the end of the actors",
        TestMember.SOON,
        () -> before.whenTerminated().isCompleted(),
        () -> "");
    ban(edge, "198.51.100.2");
    edge.<Sanctions, Boolean>ask(
        edge.engine().sanctions(), to -> new Sanctions.RemoveBan("198.51.100.1", to));
    hold(edge, peer);
    core.await(
        "all of it is known",
        () ->
            core.bans().stream()
                    .map(Sanctions.Ban::subject)
                    .toList()
                    .equals(List.of("198.51.100.2"))
                && core.cluster.isPermanent(peer));
    assertThat(edge.metric("kaspeer_cluster_restarts_total", ""))
        .as("actors that end by themselves are replaced")
        .isEqualTo(1);
  }

  @Test
  void whatIsLiftedWhileAMemberIsAwayDoesNotComeBackWithIt() {
    ban(core, "198.51.100.1");
    edge.await("it is shared", () -> edge.bans().size() == 1);
    Partition partition = new Partition(edge, core);
    partition.cut();
    core.await("the edge is out", () -> core.cluster.view().members().size() == 1);
    core.<Sanctions, Boolean>ask(
        core.engine().sanctions(), to -> new Sanctions.RemoveBan("198.51.100.1", to));
    partition.heal();
    edge.await("the edge is back", () -> edge.sees(2) && core.sees(2));
    edge.await("it has heard", () -> edge.bans().isEmpty());
    ban(edge, "198.51.100.2");
    core.await("and tells of others", () -> core.bans().size() == 1);
    assertThat(core.bans().getFirst().subject()).isEqualTo("198.51.100.2");
  }

  @Test
  void anAddressThatOneMemberLearnsIsKnownToAll() {
    NetAddress learned = NetAddress.of(new InetSocketAddress("8.8.4.4", 16511));
    Facades.as(Addresses.class, edge.engine().addresses())
        .tell(new Addresses.Offer(List.of(learned), all.get(0).getAddress()));
    core.await(
        "the core knows it",
        () ->
            core
                .<AddressBook, AddressBook.AddressList>ask(
                    core.engine().addresses(), AddressBook.ListAddresses::new)
                .addresses()
                .stream()
                .anyMatch(known -> known.address().equals(learned)));
  }

  @Test
  void aCoreSyncsFromAPeerThatAnEdgeHolds() {
    try (PeerLab lab = new PeerLab();
        ChainBuilder chain = ChainBuilder.simnet(6)) {
      chain.extend(300);
      PeerListener listener = lab.listen();
      CompletableFuture<Peers.DialReply> reply = dial(edge, listener, false);
      ScriptedPeer atEdge = ChainServer.serve(listener.accept(TestMember.SOON), chain);
      VersionMessage ofEdge = atEdge.handshake();
      assertThat(reply.join()).isInstanceOf(Peers.DialReply.Connected.class);
      edge.await("all know who holds it", () -> core.cluster.dials().size() == 1);

      atEdge.send(Messages.inv(chain.last().hash()));
      ScriptedPeer atCore = ChainServer.serve(listener.accept(TestMember.SOON), chain);
      assertThat(atCore.handshake().getId())
          .as("to the peer it is somebody else than the edge")
          .isNotEqualTo(ofEdge.getId());
      atCore.send(Messages.inv(chain.last().hash()));
      core.await(
          "the core has it all",
          () -> core.consensus().status(chain.last().hash()) == BlockStatus.UTXO_VALID);
      assertThat(atEdge.isConnected()).as("the edge keeps its peer").isTrue();
    }
  }

  @Test
  void whoseAgentFailsStartsOverAndIsAMemberAgain() {
    edge.cluster
        .classicSystem()
        .actorSelection("/user/" + ClusterAgent.NAME)
        .tell(
            org.apache.pekko.actor.Kill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
    edge.await(
        "it is a member again",
        () ->
            edge.metric("kaspeer_cluster_restarts_total", "") == 1
                && edge.cluster.isJoined()
                && edge.sees(2)
                && core.sees(2)
                && !edge.dag().isEmpty());
    ban(core, "198.51.100.1");
    edge.await("it hears of the others", () -> edge.bans().size() == 1);
  }
}
