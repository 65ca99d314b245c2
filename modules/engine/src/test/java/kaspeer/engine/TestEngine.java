package kaspeer.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.body.BodyRules;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.LocalNode;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flows.BuiltInFlows;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.transport.TransportOptions;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** A whole engine on simnet, with a DAG in memory, listening on a port of its own. */
public final class TestEngine implements AutoCloseable {
  public static final Params PARAMS = Params.of(Network.SIMNET);
  public static final Duration SOON = Duration.ofSeconds(60);

  /** On a machine that is busy nobody who shakes hands is late. */
  private static final TransportOptions PATIENT =
      TransportOptions.DEFAULT.toBuilder()
          .connectTimeout(SOON)
          .headersTimeout(SOON)
          .streamTimeout(SOON)
          .handshakeTimeout(SOON)
          .build();

  private final Consensus consensus;
  private final ActorSystem<EngineGuardian.Command> system;
  private final RunningEngine engine;
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

  private TestEngine(EngineConfig config, Persistence persistence, List<FlowFactory<?>> flows) {
    ConsensusEvents events = new ConsensusEvents();
    consensus =
        Consensus.open(
            config.params(),
            new MemoryDagStore(),
            new BodyRules(config.params()),
            ConsensusOptions.defaults().withWorkers(1).withListener(events));
    CompletableFuture<RunningEngine> started = new CompletableFuture<>();
    EngineResources resources =
        new EngineResources(
            consensus,
            events,
            persistence,
            flows.stream()
                .map(flow -> new FlowCatalogue.Registration(flow, FlowCatalogue.BUILT_IN))
                .toList(),
            new Metrics(),
            InstantSource.system(),
            new SecureRandom(),
            _ -> List.of(),
            fatal::add);
    system = ActorSystem.create(EngineGuardian.create(config, resources, started), "engine");
    try {
      engine = started.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    } catch (RuntimeException failed) {
      system.terminate();
      consensus.close();
      throw failed;
    }
  }

  private static FlowSettings withPatience(FlowSettings from) {
    return new FlowSettings(
        SOON,
        from.answerTimeout(),
        from.pingInterval(),
        from.transactionBatch(),
        from.fetchFailover(),
        from.nearlySynced(),
        from.orphanResolutionRange(),
        from.serveIdleTimeout());
  }

  public static EngineConfig config() {
    LocalNode local =
        new LocalNode(UUID.randomUUID(), Network.SIMNET, "/kaspeer:test/", null, 10, 11);
    return EngineConfig.of(PARAMS, local).toBuilder()
        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .transport(PATIENT)
        .flows(withPatience(FlowSettings.DEFAULT))
        .build();
  }

  public static TestEngine start() {
    return start(builder -> builder);
  }

  public static TestEngine start(UnaryOperator<EngineConfig.Builder> change) {
    return start(change, new InMemoryPersistence());
  }

  public static TestEngine start(
      UnaryOperator<EngineConfig.Builder> change, Persistence persistence) {
    return start(change, persistence, List.of());
  }

  /**
   * @param more flows besides the built-in ones
   */
  public static TestEngine start(
      UnaryOperator<EngineConfig.Builder> change,
      Persistence persistence,
      List<FlowFactory<?>> more) {
    List<FlowFactory<?>> flows = new ArrayList<>(BuiltInFlows.all(ForkJoinPool.commonPool()));
    flows.addAll(more);
    return new TestEngine(change.apply(config().toBuilder()).build(), persistence, flows);
  }

  public RunningEngine engine() {
    return engine;
  }

  public Consensus consensus() {
    return consensus;
  }

  public TestMiner miner() {
    return new TestMiner(consensus);
  }

  public InetSocketAddress address() {
    return engine.listening().orElseThrow();
  }

  public List<Throwable> fatal() {
    return fatal;
  }

  public Peers.DialReply dial(TestEngine other) {
    return dial(other.address(), false);
  }

  public Peers.DialReply dial(InetSocketAddress address, boolean permanent) {
    return AskPattern.<Peers, Peers.DialReply>ask(
            engine.peers(),
            replyTo -> new Peers.Dial(address, permanent, replyTo),
            SOON,
            system.scheduler())
        .toCompletableFuture()
        .join();
  }

  public List<PeerReport> peers() {
    return AskPattern.ask(engine.peers(), Peers.ListPeers::new, SOON, system.scheduler())
        .toCompletableFuture()
        .join()
        .peers();
  }

  public List<Departure> departures() {
    return AskPattern.ask(engine.peers(), Peers.ListDepartures::new, SOON, system.scheduler())
        .toCompletableFuture()
        .join()
        .departures();
  }

  public BlockReply submit(Block block) {
    return AskPattern.<Dag, BlockReply>ask(
            engine.dag(),
            replyTo -> new Dag.SubmitBlock(block, Dag.LOCAL, 500, replyTo),
            SOON,
            system.scheduler())
        .toCompletableFuture()
        .join();
  }

  public ActorSystem<?> system() {
    return system;
  }

  /** Values of a metric, by its labels. */
  public Map<Map<String, String>, Double> values(String name) {
    return engine.metrics().snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .collect(
            Collectors.toMap(
                MetricFamily.Sample::labels, sample -> ((MetricFamily.Value) sample).value()));
  }

  /** Waits until this holds of the engine. */
  public void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not in time: " + what + "; peers " + peers() + ", departures " + departures());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Override
  public void close() {
    engine.stop().toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
        .join();
    consensus.close();
  }
}
