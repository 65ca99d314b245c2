package kaspeer.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.body.BodyRules;
import kaspeer.engine.EngineConfig;
import kaspeer.engine.EngineGuardian;
import kaspeer.engine.EngineResources;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.Persistence;
import kaspeer.engine.RunningEngine;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.LocalNode;
import kaspeer.flows.BuiltInFlows;
import kaspeer.primitives.Params;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a node in this process, where a case wants other times or limits than a node can be
 * told.
 */
final class EngineHost implements AutoCloseable {
  private static final Duration SOON = Subject.SOON;

  private final Metrics metrics = new Metrics();
  private final Consensus consensus;
  private final ActorSystem<EngineGuardian.Command> system;
  private final RunningEngine engine;
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private @Nullable CompletableFuture<Done> stopping;

  EngineHost(Params params, UnaryOperator<EngineConfig.Builder> change) {
    this(params, change, new InMemoryPersistence());
  }

  /**
   * @param persistence what it keeps over a restart
   */
  EngineHost(Params params, UnaryOperator<EngineConfig.Builder> change, Persistence persistence) {
    ConsensusEvents events = new ConsensusEvents();
    consensus =
        Consensus.open(
            params,
            new MemoryDagStore(),
            new BodyRules(params),
            ConsensusOptions.defaults().withWorkers(1).withListener(events));
    LocalNode local =
        new LocalNode(UUID.randomUUID(), params.network(), "/kaspeer:test/", null, 10, 11);
    EngineConfig.Builder config =
        EngineConfig.of(params, local).toBuilder()
            .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    EngineResources resources =
        new EngineResources(
            consensus,
            events,
            persistence,
            BuiltInFlows.all(ForkJoinPool.commonPool()).stream()
                .map(flow -> new FlowCatalogue.Registration(flow, FlowCatalogue.BUILT_IN))
                .toList(),
            metrics,
            InstantSource.system(),
            new SecureRandom(),
            host -> List.of(),
            fatal::add);
    CompletableFuture<RunningEngine> started = new CompletableFuture<>();
    system =
        ActorSystem.create(
            EngineGuardian.create(change.apply(config).build(), resources, started), "engine");
    engine = started.orTimeout(30, TimeUnit.SECONDS).join();
  }

  InetSocketAddress address() {
    return engine.listening().orElseThrow();
  }

  Consensus consensus() {
    return consensus;
  }

  RunningEngine engine() {
    return engine;
  }

  /** A metric, by the value of its label; 0 if nothing was counted under it yet. */
  double metric(String name, String label) {
    return metrics.snapshot().stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow()
        .samples()
        .stream()
        .filter(sample -> String.join(",", sample.labels().values()).equals(label))
        .mapToDouble(sample -> ((MetricFamily.Value) sample).value())
        .sum();
  }

  /** The sum of a metric over all its labels. */
  double total(String name) {
    return metrics.snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .mapToDouble(sample -> ((MetricFamily.Value) sample).value())
        .sum();
  }

  List<Sanctions.Ban> bans() {
    return ask(engine.sanctions(), Sanctions.ListBans::new).bans();
  }

  /** Connects, and is sent away before it hears a word. */
  void assertRefusedAtAccept(PeerLab lab, PeerOptions options) {
    try {
      ScriptedPeer peer = lab.dial(address(), options);
      peer.expectEnd(SOON);
      assertThat(peer.heard(PayloadCase.VERSION)).isZero();
    } catch (UncheckedIOException e) {
      // Reset while it was still connecting.
      assertThat(e).hasCauseInstanceOf(SocketException.class);
    }
  }

  /** Waits until a peer has left, and tells why. */
  Departure departure(ScriptedPeer peer) {
    Await.until("departure", SOON, () -> find(peer).isPresent(), peer::standing);
    return find(peer).orElseThrow();
  }

  private Optional<Departure> find(ScriptedPeer peer) {
    return ask(engine.peers(), Peers.ListDepartures::new).departures().stream()
        .filter(departure -> departure.info().address().equals(peer.localAddress()))
        .findFirst();
  }

  /** Lets it stop in order; completes when it has. */
  CompletableFuture<Done> stop() {
    if (stopping == null) {
      stopping = engine.stop().toCompletableFuture();
    }
    return stopping;
  }

  /** Asks an actor of the engine. */
  <Q, A> A ask(ActorRef<Q> actor, Function<ActorRef<A>, Q> question) {
    return AskPattern.ask(actor, question::apply, SOON, system.scheduler())
        .toCompletableFuture()
        .join();
  }

  @Override
  public void close() {
    stop().orTimeout(30, TimeUnit.SECONDS).join();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    consensus.close();
    if (!fatal.isEmpty()) {
      throw new AssertionError("the engine failed", fatal.getFirst());
    }
  }
}
