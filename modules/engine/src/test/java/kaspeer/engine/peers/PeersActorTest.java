package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.dial.DialCommand;
import kaspeer.engine.dial.DialPurpose;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peer.PeerAnnouncements;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peer.ProbeFlow;
import kaspeer.engine.peer.Say;
import kaspeer.engine.peer.SupervisorRig;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.engine.sanctions.Bans;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.transport.Direction;
import kaspeer.transport.InboundFrame;
import kaspeer.transport.LinkEnd;
import kaspeer.wire.NetAddress;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The actor over real supervisors, whose links and flows belong to the test. */
@Timeout(300)
final class PeersActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Header HEADER = Params.of(Network.SIMNET).genesis().header();

  private final ProbeFlow idle =
      ProbeFlow.ready(
          "idle",
          Set.of(),
          OnFailure.END_PEER,
          new Inbox("in", Set.of(PayloadCase.PING), false, 4, 4096, Overflow.DROP));
  private final SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(idle));
  private final BanTable bans = new BanTable();
  private final PermanentPeers permanent = new PermanentPeers();
  private final PeerHosts hosts = new PeerHosts();
  private final AtomicInteger groups = new AtomicInteger();
  private final LiveLimits limits =
      new LiveLimits(0, new kaspeer.transport.AcceptPolicy.Limits(2, 8, 8, 8, 8), true, true);
  private final TestProbe<AddressBookActor.Command> addresses = KIT.createTestProbe();
  private final TestProbe<DagActor.Command> dag = KIT.createTestProbe();
  private final TestProbe<DialCommand> dialler = KIT.createTestProbe();
  private final TestProbe<NodeEvent> events = KIT.createTestProbe();
  private final TestProbe<Peers.PeerList> lists = KIT.createTestProbe();
  private final TestProbe<Peers.DepartureList> departures = KIT.createTestProbe();
  private final ActorRef<PeersCommand> actor =
      KIT.spawn(
          peersActor(Behaviors.monitor(DialCommand.class, dialler.getRef(), Behaviors.ignore())));

  private Behavior<PeersCommand> peersActor(Behavior<DialCommand> itsDialler) {
    return PeersActor.create(
        new PeersActor.Setup(
            rig.environment,
            bans,
            permanent,
            hosts,
            limits,
            groups,
            addresses.getRef(),
            dag.getRef(),
            _ -> itsDialler));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** What this test's peers still have to tell must not reach the next test. */
  @AfterEach
  void stopActor() {
    KIT.stop(actor);
  }

  @BeforeEach
  void subscribe() {
    KIT.system().eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, events.getRef()));
  }

  private FakeLink accept(long number, String ip) throws InterruptedException {
    FakeLink link = new FakeLink(number, Direction.INBOUND, ip);
    actor.tell(new PeersCommand.Accepted(link));
    rig.handshake.expectStarted();
    return link;
  }

  private Admission identify(UUID id) {
    TestProbe<Admission> answer = KIT.createTestProbe();
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Identify(id, answer.getRef())));
    return answer.receiveMessage();
  }

  /** Takes the peer whose handshake began last through it. */
  private void finishHandshake(FakeLink link, Optional<InetSocketAddress> claimed)
      throws InterruptedException {
    rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false))));
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(claimed.orElse(null))));
    idle.expectStarted();
  }

  private FakeLink connect(long number, String ip) throws InterruptedException {
    FakeLink link = accept(number, ip);
    assertThat(identify(new UUID(number, number))).isEqualTo(Admission.ADMITTED);
    finishHandshake(link, Optional.empty());
    assertThat(events.expectMessageClass(NodeEvent.PeerConnected.class).peer().number())
        .isEqualTo(number);
    return link;
  }

  /** Returns when this actor and all peers, which must be there, did what they were told. */
  private void settle() {
    Facades.as(Peers.class, actor).tell(new Peers.ListPeers(lists.getRef()));
    lists.receiveMessage();
  }

  private List<PeerInfo> list() {
    Facades.as(Peers.class, actor).tell(new Peers.ListPeers(lists.getRef()));
    Peers.PeerList reply;
    try {
      reply = lists.receiveMessage(Duration.ofSeconds(5));
    } catch (AssertionError unanswered) {
      // A peer that ended just then does not report: its time has to run out.
      TIME.timePasses(Duration.ofSeconds(2));
      reply = lists.receiveMessage();
    }
    return reply.peers().stream().map(PeerReport::info).toList();
  }

  private List<Departure> departures() {
    Facades.as(Peers.class, actor).tell(new Peers.ListDepartures(departures.getRef()));
    return departures.receiveMessage().departures();
  }

  private void blockAdded(long origin, boolean announce) {
    actor.tell(new PeersCommand.DagChanged(new DagEvent.BlockAdded(HEADER, 1, origin, announce)));
  }

  @Test
  void aPeerThatIsReadyIsListedAndItsEndIsToldWithItsReason() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    assertThat(list()).extracting(PeerInfo::number).containsExactly(1L);
    assertThat(groups).hasValue(1);
    assertThat(hosts.of(1, _ -> "gone")).isEqualTo("20.1.1.1");
    idle.run(flow -> flow.violation(ViolationCode.INVALID_BLOCK, "bad"));
    link.expectEnding();
    NodeEvent.PeerDisconnected gone = events.expectMessageClass(NodeEvent.PeerDisconnected.class);
    assertThat(gone.reason()).isEqualTo("violation.INVALID_BLOCK");
    assertThat(departures()).extracting(Departure::detail).containsExactly("bad");
    rig.relay.expectMessageClass(RelayActor.Joined.class);
    rig.relay.expectMessage(new RelayActor.Left(1));
    dag.expectMessage(new DagActor.PeerLeft(1));
    assertThat(list()).isEmpty();
    assertThat(groups).hasValue(0);
    assertThat(hosts.of(1, _ -> "gone")).isEqualTo("gone");
  }

  @Test
  void aHandshakeThatFailsIsADepartureButNoEvent() throws InterruptedException {
    accept(1, "20.1.1.1");
    rig.handshake.run(flow -> flow.violation(ViolationCode.WRONG_NETWORK, "other"));
    lists.awaitAssert(
        () -> {
          assertThat(departures())
              .extracting(Departure::reason)
              .containsExactly("violation.WRONG_NETWORK");
          return true;
        });
    // Its departure is told by the supervisor, which is listed until it has stopped.
    dag.expectMessage(new DagActor.PeerLeft(1));
    assertThat(list()).isEmpty();
    events.expectNoMessage(Duration.ZERO);
  }

  @Test
  void blocksAreAnnouncedToAllButTheirOrigin() throws InterruptedException {
    FakeLink first = connect(1, "20.1.1.1");
    FakeLink second = connect(2, "21.1.1.1");
    blockAdded(1, true);
    second.expectSent(PayloadCase.INV_RELAY_BLOCK);
    blockAdded(1, false);
    settle();
    assertThat(first.allSent()).isEmpty();
    assertThat(second.allSent()).isEmpty();
  }

  private void sinkMoves(int block) {
    DagSnapshot snapshot = FlowSetup.dag(block, FlowSetup.NOW, BlueWork.ZERO);
    actor.tell(new PeersCommand.DagChanged(new DagEvent.StateChanged(snapshot)));
    settle();
  }

  @Test
  void aSinkAtRestIsAnnouncedOnceToThoseWhoDoNotKnowOfIt() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    sinkMoves(0);
    TIME.timePasses(Duration.ofSeconds(10));
    settle();
    assertThat(link.allSent()).isEmpty();

    sinkMoves(1);
    TIME.timePasses(Duration.ofSeconds(2));
    sinkMoves(2);
    TIME.timePasses(Duration.ofSeconds(2));
    settle();
    assertThat(link.allSent()).isEmpty();

    TIME.timePasses(Duration.ofSeconds(2));
    link.expectSent(PayloadCase.INV_RELAY_BLOCK);
    sinkMoves(2);
    TIME.timePasses(Duration.ofSeconds(10));
    settle();
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void transactionsAreAnnouncedTogetherAfterARealHalfSecond() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    actor.tell(new PeersCommand.Announce(List.of(Say.hash(1)), false));
    actor.tell(new PeersCommand.Announce(List.of(Say.hash(2), Say.hash(1)), false));
    settle();
    TIME.timePasses(Duration.ofMillis(499));
    settle();
    assertThat(link.allSent()).isEmpty();
    TIME.timePasses(Duration.ofMillis(1));
    assertThat(link.expectSent(PayloadCase.INV_TRANSACTIONS).size())
        .isEqualTo(PeerAnnouncements.ofTransactions(List.of(Say.hash(1), Say.hash(2))).size());
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void whatPeersMayHaveForgottenIsAnnouncedToThemAgain() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    for (boolean again : new boolean[] {false, false, true}) {
      actor.tell(new PeersCommand.Announce(List.of(Say.hash(1)), again));
      settle();
      TIME.timePasses(Duration.ofMillis(500));
    }
    link.expectSent(PayloadCase.INV_TRANSACTIONS);
    link.expectSent(PayloadCase.INV_TRANSACTIONS);
    settle();
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void ourOwnIdIsALoopback() throws InterruptedException {
    accept(1, "20.1.1.1");
    assertThat(identify(rig.environment.local().id())).isEqualTo(Admission.LOOPBACK);
  }

  @Test
  void aSecondConnectionOfOneIdAndAddressIsADuplicateAndTheFirstStays()
      throws InterruptedException {
    FakeLink first = connect(2, "20.1.1.1");
    accept(3, "20.1.1.1");
    assertThat(identify(new UUID(2, 2))).isEqualTo(Admission.DUPLICATE);
    assertThat(first.isOpen()).isTrue();
    // An id says nothing of itself: from elsewhere it may be anybody's.
    accept(4, "20.1.1.2");
    assertThat(identify(new UUID(2, 2))).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void whenAllSlotsAreTakenTheLeastWorthyIsEvicted() throws InterruptedException {
    FakeLink first = connect(1, "20.1.1.1");
    rig.clock.advance(Duration.ofSeconds(1));
    FakeLink second = connect(2, "21.1.1.1");
    connect(3, "22.1.1.1");
    assertThat(second.expectEnding()).isEqualTo("close evicted");
    assertThat(first.isOpen()).isTrue();
    assertThat(rig.counted("kaspeer_p2p_evictions_total")).isEqualTo(1);
  }

  @Test
  void whenNobodyCanBeEvictedTheNodeIsFullForThoseWhoDialAndOpenForThoseWeDial()
      throws InterruptedException {
    connect(1, "127.0.0.1");
    connect(2, "127.0.0.2");
    accept(3, "23.1.1.1");
    assertThat(identify(new UUID(3, 3))).isEqualTo(Admission.FULL);
    dial(4, "24.1.1.1");
    assertThat(identify(new UUID(4, 4))).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void aHandshakeThatComesToNothingEvictsNobody() throws InterruptedException {
    FakeLink first = connect(1, "20.1.1.1");
    FakeLink second = connect(2, "21.1.1.1");
    for (int i = 0; i < 16; i++) {
      accept(10 + i, "22.1.1." + i);
      assertThat(identify(new UUID(10 + i, 3))).as("one that stalls").isEqualTo(Admission.ADMITTED);
      FakeLink stranger = accept(40 + i, "23.1.1." + i);
      assertThat(identify(new UUID(40 + i, 3))).isEqualTo(Admission.ADMITTED);
      rig.handshake.run(flow -> flow.violation(ViolationCode.WRONG_NETWORK, "other"));
      assertThat(stranger.expectEnding()).startsWith("reject WRONG_NETWORK");
    }
    assertThat(first.isOpen()).isTrue();
    assertThat(second.isOpen()).isTrue();
    assertThat(rig.counted("kaspeer_p2p_evictions_total")).isZero();
  }

  @Test
  void whoFindsNoRoomAfterItsHandshakeIsToldAndNeverCountsAsConnected()
      throws InterruptedException {
    connect(1, "127.0.0.1");
    FakeLink slower = accept(2, "127.0.0.2");
    assertThat(identify(new UUID(2, 2))).isEqualTo(Admission.ADMITTED);
    FlowContext slowersHandshake = rig.handshake.call(flow -> flow);
    connect(3, "127.0.0.3");
    slowersHandshake.handshake(new HandshakeStep.OpenRoutes(rig.introduced(slower, false)));
    slowersHandshake.handshake(new HandshakeStep.Ready(null));
    assertThat(slower.expectEnding()).startsWith("reject NO_ROOM");
    lists.awaitAssert(
        () -> {
          assertThat(departures())
              .extracting(Departure::reason)
              .containsExactly("violation.NO_ROOM");
          return true;
        });
    events.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whoBringsBlocksIsKeptWhenSomebodyMustGo() throws InterruptedException {
    FakeLink dull = connect(1, "20.1.1.1");
    rig.clock.advance(Duration.ofSeconds(1));
    FakeLink useful = connect(2, "21.1.1.1");
    blockAdded(2, false);
    connect(3, "22.1.1.1");
    assertThat(dull.expectEnding()).isEqualTo("close evicted");
    assertThat(useful.isOpen()).isTrue();
  }

  // --- outbound ---------------------------------------------------------------------------------

  private FakeLink dial(long number, String ip) throws InterruptedException {
    FakeLink link = new FakeLink(number, Direction.OUTBOUND, ip);
    actor.tell(new PeersCommand.Dialled(link, DialPurpose.PEER, dialler.getRef()));
    rig.handshake.expectStarted();
    return link;
  }

  @Test
  void whoIsDialledOnlyToAnswerIsLetGoAfterTheHandshakeAndWasNeverAPeer()
      throws InterruptedException {
    FakeLink link = new FakeLink(1, Direction.OUTBOUND, "20.1.1.1");
    actor.tell(new PeersCommand.Dialled(link, DialPurpose.FEELER, dialler.getRef()));
    rig.handshake.expectStarted();
    assertThat(identify(new UUID(1, 1))).isEqualTo(Admission.ADMITTED);
    rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false))));
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(null)));
    assertThat(dialler.expectMessageClass(DialCommand.Answered.class).address())
        .isEqualTo(link.remoteAddress());
    assertThat(link.expectEnding()).isEqualTo("close feeler");
    dialler.expectMessageClass(DialCommand.Lost.class);
    // All that is told of a peer: that it is gone. No flow of its was started, nobody heard of it.
    rig.relay.expectMessage(new RelayActor.Left(1));
    assertThat(departures()).extracting(Departure::reason).containsExactly("feeler");
    events.expectNoMessage(Duration.ZERO);
  }

  /** Whoever has the smaller id decides which of two crossing connections stays. */
  @Test
  void theSecondOfTwoCrossingConnectionsWaitsUntilTheFirstIsGoneOrReady()
      throws InterruptedException {
    for (boolean first : new boolean[] {false, true}) {
      String ip = first ? "20.1.1.1" : "21.1.1.1";
      FakeLink inbound = accept(first ? 1 : 3, ip);
      assertThat(identify(new UUID(2, 2))).isEqualTo(Admission.ADMITTED);
      FlowContext firstHandshake = rig.handshake.call(flow -> flow);
      dial(first ? 2 : 4, ip);
      TestProbe<Admission> answer = KIT.createTestProbe();
      rig.handshake.run(
          flow -> flow.handshake(new HandshakeStep.Identify(new UUID(2, 2), answer.getRef())));
      settle();
      answer.expectNoMessage(Duration.ZERO);
      if (first) {
        firstHandshake.handshake(new HandshakeStep.OpenRoutes(rig.introduced(inbound, false)));
        firstHandshake.handshake(new HandshakeStep.Ready(null));
        answer.expectMessage(Admission.DUPLICATE);
      } else {
        inbound.end(new LinkEnd.RemoteClosed("gone"));
        answer.expectMessage(Admission.ADMITTED);
      }
    }
  }

  @Test
  void theDiallerHearsThatItsPeerIsReadyAndThatItIsLost() throws InterruptedException {
    FakeLink link = dial(1, "20.1.1.1");
    assertThat(identify(new UUID(1, 1))).isEqualTo(Admission.ADMITTED);
    finishHandshake(link, Optional.empty());
    assertThat(dialler.expectMessageClass(DialCommand.Connected.class).info().number())
        .isEqualTo(1);
    link.end(new LinkEnd.RemoteClosed("gone"));
    DialCommand.Lost lost = dialler.expectMessageClass(DialCommand.Lost.class);
    assertThat(lost.info().number()).isEqualTo(1);
    assertThat(lost.at()).isEqualTo(rig.clock.instant());
  }

  @Test
  void theDiallerHearsWhyAHandshakeFailed() throws InterruptedException {
    dial(1, "20.1.1.1");
    rig.handshake.run(flow -> flow.violation(ViolationCode.WRONG_NETWORK, "other"));
    Departure departure = dialler.expectMessageClass(DialCommand.Refused.class).departure();
    assertThat(departure.reason()).isEqualTo("violation.WRONG_NETWORK");
    assertThat(departure.detail()).isEqualTo("other");
    assertThat(departure.isOfDuplicate()).isFalse();
  }

  @Test
  void theDiallerHearsThatAPeerIsConnectedAlreadyWhicheverSideSaysSo() throws InterruptedException {
    dial(1, "20.1.1.1");
    rig.handshake.run(flow -> flow.violation(ViolationCode.DUPLICATE_CONNECTION, "id"));
    assertThat(dialler.expectMessageClass(DialCommand.Refused.class).departure().isOfDuplicate())
        .isTrue();
    FakeLink link = dial(2, "20.1.1.2");
    link.receive(Say.reject("DUPLICATE_CONNECTION"));
    assertThat(dialler.expectMessageClass(DialCommand.Refused.class).departure().isOfDuplicate())
        .isTrue();
  }

  @Test
  void aBanEndsThePeersItCoversEvenWhileTheyShakeHands() throws InterruptedException {
    FakeLink ready = connect(1, "20.1.1.1");
    FakeLink shaking = accept(2, "20.1.1.2");
    FakeLink other = connect(3, "21.1.1.1");
    KIT.system()
        .eventStream()
        .tell(
            new EventStream.Publish<>(
                new NodeEvent.Banned("20.1.0.0/16", "reason", Duration.ofHours(1))));
    assertThat(ready.expectEnding()).startsWith("reject BANNED");
    assertThat(shaking.expectEnding()).startsWith("reject BANNED");
    assertThat(other.isOpen()).isTrue();
  }

  @Test
  void aPeerBannedBeforeItSaidWhoItIsIsNotAdmitted() throws InterruptedException {
    accept(1, "20.1.1.1");
    Bans.add(bans, "20.1.1.1", rig.clock.instant().plusSeconds(60));
    assertThat(identify(new UUID(1, 1))).isEqualTo(Admission.BANNED);
  }

  @Test
  void theAddressAPeerClaimsGoesToTheBookWithTheOneItCameFrom() throws InterruptedException {
    FakeLink link = accept(1, "20.1.1.1");
    identify(new UUID(1, 1));
    InetAddress claimed = InetAddress.ofLiteral("66.6.6.6");
    finishHandshake(link, Optional.of(new InetSocketAddress(claimed, 16111)));
    addresses.expectMessage(
        new AddressBookActor.Claimed(
            new NetAddress(claimed, 16111), link.remoteAddress().getAddress()));
  }

  @Test
  void anOperatorEndsAConnectionByNumber() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    TestProbe<Boolean> answer = KIT.createTestProbe();
    Facades.as(Peers.class, actor).tell(new Peers.Disconnect(7, "test", answer.getRef()));
    answer.expectMessage(false);
    Facades.as(Peers.class, actor).tell(new Peers.Disconnect(1, "test", answer.getRef()));
    answer.expectMessage(true);
    assertThat(link.expectEnding()).isEqualTo("close operator");
  }

  @Test
  void aPermanentPeerThatDialledUsIsNotDialledAnyMoreOnceItIsSentAway()
      throws InterruptedException {
    InetSocketAddress held = new InetSocketAddress(InetAddress.ofLiteral("20.1.1.1"), 16111);
    permanent.add(held);
    permanent.add(new InetSocketAddress(InetAddress.ofLiteral("20.1.1.2"), 16111));
    accept(1, "20.1.1.1");
    TestProbe<Boolean> answer = KIT.createTestProbe();
    Facades.as(Peers.class, actor).tell(new Peers.Disconnect(1, "test", answer.getRef()));
    assertThat(answer.receiveMessage()).isTrue();
    assertThat(dialler.expectMessageClass(DialCommand.Forget.class).address()).isEqualTo(held);
    dialler.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whatTurnedOutBadLaterIsBlamedOnWhoBroughtIt() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    actor.tell(new PeersCommand.Blame(1, ViolationCode.INVALID_BLOCK, "orphan"));
    assertThat(link.expectEnding()).startsWith("reject INVALID_BLOCK");
  }

  @Test
  void aDialIsHandedToTheDiallerUnlessThePeerIsThere() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    TestProbe<Peers.DialReply> replies = KIT.createTestProbe();
    Facades.as(Peers.class, actor)
        .tell(new Peers.Dial(link.remoteAddress(), false, replies.getRef()));
    replies.expectMessage(new Peers.DialReply.AlreadyConnected(1));
    InetSocketAddress other = new InetSocketAddress(InetAddress.ofLiteral("21.1.1.1"), 16111);
    Facades.as(Peers.class, actor).tell(new Peers.Dial(other, true, replies.getRef()));
    dialler.expectMessage(new DialCommand.Order(other, true, replies.getRef()));
    DialTarget named = new DialTarget("node.example", 16111);
    Facades.as(Peers.class, actor).tell(new Peers.Hold(named, replies.getRef()));
    dialler.expectMessage(new DialCommand.Hold(named, replies.getRef()));
  }

  @Test
  void aSupervisorThatFailsTakesOnlyItsPeerAlong() throws InterruptedException {
    FakeLink other = connect(1, "20.1.1.1");
    FakeLink broken =
        new FakeLink(2, Direction.INBOUND, "21.1.1.1") {
          @Override
          public Source<List<InboundFrame>, NotUsed> inbound() {
            throw new IllegalStateException("a bug");
          }
        };
    actor.tell(new PeersCommand.Accepted(broken));
    lists.awaitAssert(
        () -> {
          assertThat(departures()).extracting(Departure::reason).containsExactly("local-fault");
          return true;
        });
    assertThat(other.isOpen()).isTrue();
    assertThat(list()).hasSize(1);
  }

  @Test
  void stoppingEndsAllPeersAndTakesNoMore() throws InterruptedException {
    FakeLink link = connect(1, "20.1.1.1");
    TestProbe<Done> done = KIT.createTestProbe();
    actor.tell(new PeersCommand.Shutdown(done.getRef()));
    assertThat(link.expectEnding()).isEqualTo("close shutdown");
    done.receiveMessage();
    FakeLink late = new FakeLink(9, Direction.INBOUND, "22.1.1.1");
    actor.tell(new PeersCommand.Accepted(late));
    assertThat(late.expectEnding()).startsWith("abort");
  }

  @Test
  void theDiallerHearsThatALinkCameTooLate() throws InterruptedException {
    TestProbe<Done> done = KIT.createTestProbe();
    actor.tell(new PeersCommand.Shutdown(done.getRef()));
    done.receiveMessage();
    dialler.expectMessage(DialCommand.Stop.NOW);
    FakeLink late = new FakeLink(9, Direction.OUTBOUND, "22.1.1.1");
    actor.tell(new PeersCommand.Dialled(late, DialPurpose.PEER, dialler.getRef()));
    assertThat(late.expectEnding()).startsWith("abort");
    assertThat(dialler.expectMessageClass(DialCommand.Failed.class).address())
        .isEqualTo(late.remoteAddress());
  }

  /** Its parent watches this actor, and ends the node. */
  @Test
  void aDiallerThatFailsTakesThisActorAlong() {
    ActorRef<PeersCommand> other =
        KIT.spawn(
            peersActor(
                Behaviors.receiveMessage(
                    _ -> {
                      throw new IllegalStateException("a bug");
                    })));
    TestProbe<Done> watcher = KIT.createTestProbe();
    Facades.as(Peers.class, other)
        .tell(new Peers.Forget(new InetSocketAddress(InetAddress.ofLiteral("21.1.1.1"), 1)));
    watcher.expectTerminated(other);
  }
}
