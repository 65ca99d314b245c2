package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

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
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peer.ProbeFlow;
import kaspeer.engine.peer.SupervisorRig;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.transport.AcceptPolicy;
import kaspeer.transport.Direction;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A peers actor over real supervisors, whose links and flows belong to the test, in an actor system
 * of its own, whose events come here.
 */
final class PeersRig implements AutoCloseable {
  private static final Header HEADER = Params.of(Network.SIMNET).genesis().header();

  final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final LiveLimits limits =
      new LiveLimits(0, new AcceptPolicy.Limits(2, 8, 8, 8, 8), true, true);
  private final TestProbe<Peers.DepartureList> departures;
  final ManualTime time;
  final ProbeFlow idle =
      ProbeFlow.ready(
          "idle",
          Set.of(),
          OnFailure.END_PEER,
          new Inbox("in", Set.of(PayloadCase.PING), false, 4, 4096, Overflow.DROP));
  final SupervisorRig rig;
  final BanTable bans = new BanTable();
  final PermanentPeers permanent = new PermanentPeers();
  final PeerHosts hosts = new PeerHosts();
  final AtomicInteger groups = new AtomicInteger();
  final TestProbe<AddressBookActor.Command> addresses;
  final TestProbe<DagActor.Command> dag;
  final TestProbe<DialCommand> dialler;
  final TestProbe<NodeEvent> events;
  final TestProbe<Peers.PeerList> lists;
  final ActorRef<PeersCommand> actor;

  PeersRig() {
    time = ManualTime.get(kit.system());
    rig = new SupervisorRig(kit, 1 << 20, List.of(idle));
    departures = kit.createTestProbe();
    addresses = kit.createTestProbe();
    dag = kit.createTestProbe();
    dialler = kit.createTestProbe();
    events = kit.createTestProbe();
    lists = kit.createTestProbe();
    actor =
        kit.spawn(
            peersActor(Behaviors.monitor(DialCommand.class, dialler.getRef(), Behaviors.ignore())));
    kit.system().eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, events.getRef()));
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }

  /** What is asked of the actor from outside. */
  void ask(Peers request) {
    Facades.as(Peers.class, actor).tell(request);
  }

  /** The actor with a dialler of its own. */
  Behavior<PeersCommand> peersActor(Behavior<DialCommand> itsDialler) {
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

  FakeLink accept(long number, String ip) throws InterruptedException {
    FakeLink link = new FakeLink(number, Direction.INBOUND, ip);
    actor.tell(new PeersCommand.Accepted(link));
    rig.handshake.expectStarted();
    return link;
  }

  Admission identify(UUID id) {
    TestProbe<Admission> answer = kit.createTestProbe();
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Identify(id, answer.getRef())));
    return answer.receiveMessage();
  }

  /** Takes the peer whose handshake began last through it. */
  void finishHandshake(FakeLink link, Optional<InetSocketAddress> claimed)
      throws InterruptedException {
    rig.handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(rig.introduced(link, false))));
    rig.handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(claimed.orElse(null))));
    idle.expectStarted();
  }

  FakeLink connect(long number, String ip) throws InterruptedException {
    FakeLink link = accept(number, ip);
    assertThat(identify(new UUID(number, number))).isEqualTo(Admission.ADMITTED);
    finishHandshake(link, Optional.empty());
    assertThat(events.expectMessageClass(NodeEvent.PeerConnected.class).peer().number())
        .isEqualTo(number);
    return link;
  }

  /** Returns when the actor and all its peers did what they were told. */
  void settle() {
    list();
  }

  List<PeerInfo> list() {
    ask(new Peers.ListPeers(lists.getRef()));
    Peers.PeerList reply;
    try {
      reply = lists.receiveMessage(Duration.ofSeconds(5));
    } catch (AssertionError unanswered) {
      // A peer that ended just then does not report: its time has to run out.
      time.timePasses(Duration.ofSeconds(2));
      reply = lists.receiveMessage();
    }
    return reply.peers().stream().map(PeerReport::info).toList();
  }

  List<Departure> departures() {
    ask(new Peers.ListDepartures(departures.getRef()));
    return departures.receiveMessage().departures();
  }

  void blockAdded(long origin, boolean announce) {
    actor.tell(new PeersCommand.DagChanged(new DagEvent.BlockAdded(HEADER, 1, origin, announce)));
  }

  FakeLink dial(long number, String ip) throws InterruptedException {
    FakeLink link = new FakeLink(number, Direction.OUTBOUND, ip);
    actor.tell(new PeersCommand.Dialled(link, DialPurpose.PEER, dialler.getRef()));
    rig.handshake.expectStarted();
    return link;
  }

  void sinkMoves(int block) {
    DagSnapshot snapshot = FlowSetup.dag(block, FlowSetup.NOW, BlueWork.ZERO);
    actor.tell(new PeersCommand.DagChanged(new DagEvent.StateChanged(snapshot)));
    settle();
  }
}
