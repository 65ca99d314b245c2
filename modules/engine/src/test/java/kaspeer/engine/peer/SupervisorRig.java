package kaspeer.engine.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.engine.MutableClock;
import kaspeer.engine.Neighbours;
import kaspeer.engine.catalogue.FillerFlow;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sanctions.SanctionsActor;
import kaspeer.engine.sanctions.Scores;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.Policy;
import kaspeer.primitives.Network;
import kaspeer.transport.Direction;
import kaspeer.wire.PayloadCatalogue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A supervisor of one peer between a link and flows that both belong to the test. */
public final class SupervisorRig {
  public final MutableClock clock = new MutableClock();
  final Metrics metrics = new Metrics();
  final Scores scores = new Scores();
  final AtomicReference<Policy> policy = new AtomicReference<>(Policy.NETWORK);
  final TestProbe<PeersCommand> peers;
  final TestProbe<SanctionsActor.Command> sanctions;
  public final TestProbe<RelayActor.Command> relay;
  public final PeerEnvironment environment;
  public final ProbeFlow handshake = ProbeFlow.handshake();

  private final ActorTestKit kit;

  public SupervisorRig(ActorTestKit kit, long inboxBytes, List<ProbeFlow> flows) {
    this.kit = kit;
    peers = kit.createTestProbe();
    sanctions = kit.createTestProbe();
    relay = kit.createTestProbe();
    List<ProbeFlow> all = new ArrayList<>(flows);
    all.addFirst(handshake);
    EngineMetrics engineMetrics = new EngineMetrics(metrics);
    environment =
        new PeerEnvironment(
            FlowCatalogue.of(FillerFlow.complete(all), PayloadCatalogue.standard(), 10, 11),
            FlowSettings.DEFAULT,
            new LocalNode(new UUID(5, 5), Network.SIMNET, "/kaspeer:test/", null, 10, 11),
            policy::get,
            scores,
            _ -> true,
            inboxBytes,
            kit.<Dag>createTestProbe().getRef(),
            () -> {
              throw new UnsupportedOperationException();
            },
            kit.<Mempool>createTestProbe().getRef(),
            relay.getRef(),
            kit.<Relay>createTestProbe().getRef(),
            kit.<Sync>createTestProbe().getRef(),
            () -> SyncStatus.WAITING,
            kit.<Addresses>createTestProbe().getRef(),
            sanctions.getRef(),
            clock,
            new Random(1),
            engineMetrics,
            new PayloadCounters(engineMetrics),
            new PeerLog(clock),
            Neighbours.NONE,
            null);
  }

  /** Takes in a link; its handshake flow runs. */
  ActorRef<PeerCommand> connect(FakeLink link, boolean permanent) throws InterruptedException {
    PeerInfo info = connecting(link, permanent);
    ActorRef<PeerCommand> supervisor =
        kit.spawn(PeerSupervisor.create(environment, peers.getRef(), link, info, true));
    handshake.expectStarted();
    return supervisor;
  }

  PeerInfo connecting(FakeLink link, boolean permanent) {
    PeerInfo.Direction direction =
        link.direction() == Direction.INBOUND
            ? PeerInfo.Direction.INBOUND
            : PeerInfo.Direction.OUTBOUND;
    return PeerInfo.connecting(
        link.id(), link.remoteAddress(), direction, permanent, clock.instant());
  }

  public PeerInfo introduced(FakeLink link, boolean permanent) {
    PeerInfo info = connecting(link, permanent);
    return new PeerInfo(
        info.number(),
        new UUID(7, 7),
        info.address(),
        info.direction(),
        "/other:1/",
        11,
        11,
        Duration.ZERO,
        true,
        permanent,
        info.connectedAt());
  }

  /** Takes the handshake of this link to its end. */
  void shakeHands(FakeLink link, boolean permanent) {
    handshake.run(
        flow -> flow.handshake(new HandshakeStep.OpenRoutes(introduced(link, permanent))));
    handshake.run(flow -> flow.handshake(new HandshakeStep.Ready(null)));
    peers.expectMessageClass(PeersCommand.Introduced.class);
    peers.expectMessageClass(PeersCommand.Ready.class);
  }

  /** A supervisor whose peer is ready. */
  ActorRef<PeerCommand> ready(FakeLink link) throws InterruptedException {
    ActorRef<PeerCommand> supervisor = connect(link, false);
    shakeHands(link, false);
    return supervisor;
  }

  Departure expectDeparted() {
    return peers.expectMessageClass(PeersCommand.Departed.class).departure();
  }

  /** The value of a counter with these label values, 0 if it was never counted. */
  public double counted(String name, String... labels) {
    return metrics.snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> List.copyOf(sample.labels().values()).equals(List.of(labels)))
        .mapToDouble(sample -> sample instanceof MetricFamily.Value value ? value.value() : 0)
        .sum();
  }

  /** What a histogram with these label values holds. */
  MetricFamily.Distribution measured(String name, String... labels) {
    return metrics.snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> List.copyOf(sample.labels().values()).equals(List.of(labels)))
        .map(sample -> (MetricFamily.Distribution) sample)
        .findFirst()
        .orElseThrow();
  }
}
