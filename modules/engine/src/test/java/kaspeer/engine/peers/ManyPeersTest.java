package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.engine.MutableClock;
import kaspeer.engine.Neighbours;
import kaspeer.engine.catalogue.FillerFlow;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peer.PayloadCounters;
import kaspeer.engine.peer.PeerEnvironment;
import kaspeer.engine.peer.PeerLog;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.engine.sanctions.Scores;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.Policy;
import kaspeer.primitives.Network;
import kaspeer.transport.AcceptPolicy;
import kaspeer.transport.Direction;
import kaspeer.transport.LinkEnd;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.WireFault;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is kept and shown of peers that have been here does not grow with their number. Each of them
 * has an address, an id and a user agent of its own, and ends with words of its own.
 */
@Timeout(600)
final class ManyPeersTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int FEW = 5_000;
  private static final int PEERS = 100_000;

  /** Of them here at once. */
  private static final int AT_ONCE = 64;

  /** Of all names and labels together. */
  private static final int MAX_LABEL_BYTES = 16 << 10;

  /** What is kept of a peer is at least an object, of 16 bytes or more. */
  private static final int MAX_BYTES_PER_PEER = 8;

  private final MutableClock clock = new MutableClock();
  private final Metrics metrics = new Metrics();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final AtomicInteger groups = new AtomicInteger();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Is through with its handshake as soon as it starts. */
  private record Quick(FlowDescriptor descriptor) implements FlowFactory<FlowEvent> {
    Quick() {
      this(
          new FlowDescriptor(
              "version",
              VersionRange.ALL,
              Phase.HANDSHAKE,
              List.of(
                  new Inbox(
                      "handshake",
                      Set.of(PayloadCase.VERSION, PayloadCase.VERACK, PayloadCase.READY),
                      false,
                      4,
                      4096,
                      Overflow.DISCONNECT)),
              Set.of(),
              OnFailure.END_PEER));
    }

    @Override
    public FlowEvent wrap(FlowEvent event) {
      return event;
    }

    @Override
    public Behavior<FlowEvent> create(FlowContext flow) {
      PeerInfo peer = flow.peer();
      flow.handshake(
          new HandshakeStep.OpenRoutes(
              new PeerInfo(
                  peer.number(),
                  new UUID(7, peer.number()),
                  peer.address(),
                  peer.direction(),
                  "/agent-" + peer.number() + ":1/",
                  11,
                  11,
                  Duration.ZERO,
                  true,
                  false,
                  peer.connectedAt())));
      flow.handshake(new HandshakeStep.Ready(null));
      return Behaviors.ignore();
    }
  }

  private static <T> ActorRef<T> nobody() {
    return KIT.system().ignoreRef();
  }

  private PeerEnvironment environment() {
    EngineMetrics engineMetrics = new EngineMetrics(metrics);
    return new PeerEnvironment(
        FlowCatalogue.of(
            FillerFlow.complete(List.of(new Quick())), PayloadCatalogue.standard(), 10, 11),
        FlowSettings.DEFAULT,
        new LocalNode(new UUID(5, 5), Network.SIMNET, "/kaspeer:test/", null, 10, 11),
        () -> Policy.NETWORK,
        new Scores(),
        _ -> true,
        1 << 20,
        nobody(),
        () -> {
          throw new UnsupportedOperationException();
        },
        nobody(),
        // The last that is told of a peer: it is gone.
        KIT.spawn(
            Behaviors.receiveMessage(
                command -> {
                  if (command instanceof RelayActor.Left) {
                    places.release();
                  }
                  return Behaviors.same();
                })),
        nobody(),
        nobody(),
        () -> SyncStatus.WAITING,
        nobody(),
        nobody(),
        clock,
        new Random(1),
        engineMetrics,
        new PayloadCounters(engineMetrics),
        new PeerLog(clock),
        Neighbours.NONE,
        null);
  }

  /** How it ends says something else of each. */
  private static LinkEnd end(int number) {
    WireFault.Reason[] reasons = WireFault.Reason.values();
    String words = "words of peer " + number;
    return switch (number % 4) {
      case 0 -> new LinkEnd.RemoteClosed(words);
      case 1 -> new LinkEnd.Refused(words);
      case 2 -> new LinkEnd.IoError(words);
      default ->
          new LinkEnd.Fault(new WireFault(reasons[number / 4 % reasons.length], number, words));
    };
  }

  private void come(ActorRef<PeersCommand> peers, int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      assertThat(places.tryAcquire(60, TimeUnit.SECONDS)).as("peers go").isTrue();
      String ip = (11 + (i >>> 16)) + "." + (i >>> 8 & 0xFF) + "." + (i & 0xFF) + ".1";
      FakeLink link = new FakeLink(i, Direction.INBOUND, ip);
      peers.tell(new PeersCommand.Accepted(link));
      link.end(end(i));
    }
    assertThat(places.tryAcquire(AT_ONCE, 60, TimeUnit.SECONDS)).as("all are gone").isTrue();
    places.release(AT_ONCE);
  }

  /** Names and labels of all that is measured, each once. */
  private Set<String> labels() {
    Set<String> labels = new TreeSet<>();
    for (MetricFamily family : metrics.snapshot()) {
      family.samples().forEach(sample -> labels.add(family.name() + sample.labels()));
    }
    return labels;
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void aHundredThousandDifferentPeersLeaveNoMoreLabelsAndBytesThanSomeThousand()
      throws InterruptedException {
    ActorRef<PeersCommand> peers =
        KIT.spawn(
            PeersActor.create(
                new PeersActor.Setup(
                    environment(),
                    new BanTable(),
                    new PermanentPeers(),
                    new PeerHosts(),
                    new LiveLimits(0, new AcceptPolicy.Limits(128, 128, 8, 8, 32), true, true),
                    groups,
                    nobody(),
                    nobody(),
                    _ -> Behaviors.ignore())));
    come(peers, 0, FEW);
    Set<String> labels = labels();
    long before = heap();
    come(peers, FEW, PEERS);

    assertThat(labels()).isEqualTo(labels);
    assertThat(labels.stream().mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length).sum())
        .isBetween(500, MAX_LABEL_BYTES);
    // Cancelled timers stay on the scheduler's wheel until their time comes, seconds after the
    // peers are gone.
    KIT.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(60),
            Duration.ofMillis(500),
            () ->
                assertThat(heap() - before)
                    .as("bytes of heap")
                    .isLessThan((long) MAX_BYTES_PER_PEER * (PEERS - FEW)));
    assertThat(labels).noneMatch(text -> text.contains("peer ") || text.contains("agent"));
  }
}
