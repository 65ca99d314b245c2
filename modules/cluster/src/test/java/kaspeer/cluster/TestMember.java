package kaspeer.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.cluster.ClusterOptions.Times;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.body.BodyRules;
import kaspeer.engine.DagHome;
import kaspeer.engine.EngineConfig;
import kaspeer.engine.EngineGuardian;
import kaspeer.engine.EngineResources;
import kaspeer.engine.EngineResources.NameLookUp;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.RunningEngine;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.LocalNode;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flows.BuiltInFlows;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.node.Await;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.Kill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** A whole member on simnet: an engine, and its part in a cluster over real connections. */
final class TestMember implements AutoCloseable {
  static final Params PARAMS = Params.of(Network.SIMNET);
  static final Duration SOON = Duration.ofSeconds(60);
  static final Times TIMES =
      new Times(
          Duration.ofMillis(100),
          Duration.ofMillis(1200),
          Duration.ofSeconds(3),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2));

  private static final Config QUIET =
      ConfigFactory.parseString(
          """
          pekko.loglevel = WARNING
          pekko.remote.artery.advanced.test-mode = on
          pekko.log-dead-letters = off
          pekko.log-dead-letters-during-shutdown = off
          """);

  final ClusterOptions options;
  final ClusterNode cluster;
  private final @Nullable Consensus consensus;
  private final ActorSystem<Void> system;
  private final RunningEngine engine;
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private boolean closed;

  TestMember(ClusterOptions options) {
    this(options, _ -> List.of());
  }

  /**
   * @param names what DNS says
   */
  TestMember(ClusterOptions options, NameLookUp names) {
    this(options, names, true, InstantSource.system());
  }

  /**
   * @param names what DNS says
   * @param listens whether it accepts peers
   * @param clock what its engine goes by
   */
  private TestMember(
      ClusterOptions options, NameLookUp names, boolean listens, InstantSource clock) {
    this.options = options;
    system =
        ActorSystem.create(Behaviors.empty(), "engine", QUIET.withFallback(ConfigFactory.load()));
    Metrics metrics = new Metrics();
    cluster = ClusterNode.start(options, QUIET, names, genesis(), metrics, system);
    ConsensusEvents events = new ConsensusEvents();
    consensus =
        options.isCore()
            ? Consensus.open(
                PARAMS,
                new MemoryDagStore(),
                new BodyRules(PARAMS),
                ConsensusOptions.defaults().withWorkers(1).withListener(events))
            : null;
    var id = cluster.identity().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    EngineConfig silent =
        EngineConfig.of(PARAMS, new LocalNode(id, Network.SIMNET, "/kaspeer:test/", null, 10, 11));
    EngineConfig config =
        listens
            ? silent.toBuilder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
            : silent;
    EngineResources resources =
        new EngineResources(
            consensus == null ? cluster.home() : new DagHome.Here(consensus, events),
            new InMemoryPersistence(),
            BuiltInFlows.all(ForkJoinPool.commonPool()).stream()
                .map(flow -> new FlowCatalogue.Registration(flow, FlowCatalogue.BUILT_IN))
                .toList(),
            metrics,
            clock,
            new SecureRandom(),
            _ -> List.of(),
            fatal::add,
            cluster.neighbours());
    CompletableFuture<RunningEngine> started = new CompletableFuture<>();
    system.systemActorOf(
        EngineGuardian.create(config, resources, started), "engine", Props.empty());
    engine = started.orTimeout(60, TimeUnit.SECONDS).join();
    cluster.connect(engine);
  }

  static DagSnapshot genesis() {
    Header header = PARAMS.genesis().header();
    DagSnapshot.Tip tip =
        new DagSnapshot.Tip(
            header.hash(),
            header.blueScore(),
            header.blueWork(),
            header.daaScore(),
            header.timestamp());
    return new DagSnapshot(
        0,
        0,
        List.of(header.hash()),
        tip,
        tip,
        List.of(header.hash()),
        header.daaScore(),
        header.bits(),
        header.timestamp(),
        header.hash(),
        BlueWork.ZERO);
  }

  /** Addresses on loopback that nobody listens at. */
  static List<InetSocketAddress> addresses(int count) {
    try {
      List<ServerSocket> sockets = new CopyOnWriteArrayList<>();
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<InetSocketAddress> free =
          sockets.stream()
              .map(
                  socket ->
                      new InetSocketAddress(
                          InetAddress.getLoopbackAddress(), socket.getLocalPort()))
              .sorted(java.util.Comparator.comparing(seed -> NetAddress.of(seed).toString()))
              .toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return free;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ClusterOptions options(
      Set<Role> roles,
      InetSocketAddress listen,
      List<InetSocketAddress> all,
      Times times,
      Optional<Path> tls) {
    return new ClusterOptions(
        Network.SIMNET,
        roles,
        listen,
        all.stream()
            .map(
                address ->
                    new ClusterOptions.Contact(
                        address.getAddress().getHostAddress(), address.getPort()))
            .toList(),
        tls,
        times);
  }

  static TestMember core(InetSocketAddress listen, List<InetSocketAddress> all) {
    return new TestMember(options(Set.of(Role.CORE), listen, all, TIMES, Optional.empty()));
  }

  /** One that no other core can dial. */
  static TestMember coreWithoutPeers(InetSocketAddress listen, List<InetSocketAddress> all) {
    return new TestMember(
        options(Set.of(Role.CORE), listen, all, TIMES, Optional.empty()),
        _ -> List.of(),
        false,
        InstantSource.system());
  }

  static TestMember edge(InetSocketAddress listen, List<InetSocketAddress> all) {
    return new TestMember(options(Set.of(Role.EDGE), listen, all, TIMES, Optional.empty()));
  }

  /** One whose clock stands still: what is to be forgotten after a while never is. */
  static TestMember edgeOutOfTime(InetSocketAddress listen, List<InetSocketAddress> all) {
    return new TestMember(
        options(Set.of(Role.EDGE), listen, all, TIMES, Optional.empty()),
        _ -> List.of(),
        true,
        InstantSource.fixed(Instant.now()));
  }

  RunningEngine engine() {
    return engine;
  }

  /** Of a core. */
  Consensus consensus() {
    return Objects.requireNonNull(consensus);
  }

  /** Where peers are accepted. */
  InetSocketAddress p2p() {
    return engine.listening().orElseThrow();
  }

  String address() {
    return options.address();
  }

  /** The address of the core that it uses. */
  String dag() {
    return cluster.view().members().stream()
        .filter(ClusterView.Member::isSelf)
        .map(ClusterView.Member::dag)
        .findFirst()
        .orElse("");
  }

  boolean sees(int members) {
    return cluster.view().members().stream()
            .filter(member -> member.status().equals("up") && member.reachable())
            .count()
        == members;
  }

  Dag.BlockReply submit(Block block) {
    return ask(engine.dag(), replyTo -> new Dag.SubmitBlock(block, Dag.LOCAL, 500, replyTo));
  }

  List<PeerReport> peers() {
    return this.<Peers, Peers.PeerList>ask(engine.peers(), Peers.ListPeers::new).peers();
  }

  List<Departure> departures() {
    return this.<Peers, Peers.DepartureList>ask(engine.peers(), Peers.ListDepartures::new)
        .departures();
  }

  List<Sanctions.Ban> bans() {
    return this.<Sanctions, Sanctions.BanList>ask(engine.sanctions(), Sanctions.ListBans::new)
        .bans();
  }

  <P, R> R ask(
      ActorRef<P> actor, org.apache.pekko.japi.function.Function<ActorRef<R>, P> question) {
    return AskPattern.ask(actor, question, SOON, system.scheduler()).toCompletableFuture().join();
  }

  void await(String what, BooleanSupplier holds) {
    Await.until(
        what,
        SOON,
        holds,
        () -> cluster.view() + ", peers " + peers() + ", departures " + departures());
  }

  /** What a counter or gauge says, over all labels with this value. */
  double metric(String name, String label) {
    return engine.metrics().snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .filter(sample -> sample instanceof MetricFamily.Value)
        .map(sample -> (MetricFamily.Value) sample)
        .filter(value -> label.isEmpty() || value.labels().containsValue(label))
        .mapToDouble(MetricFamily.Value::value)
        .sum();
  }

  List<Throwable> fatal() {
    return fatal;
  }

  /** The failure of an actor of the engine's system, such as {@code /system/cluster-proxy}. */
  void fail(String path) {
    system
        .classicSystem()
        .actorSelection(path)
        .tell(Kill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
  }

  /** Whether the engine's actors are gone, with which a node ends. */
  boolean hasEnded() {
    return system.getWhenTerminated().toCompletableFuture().isDone();
  }

  /** The end of the process without a word to anybody. */
  void die() {
    closed = true;
    cluster.abort();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    if (consensus != null) {
      consensus.close();
    }
  }

  /** An orderly end, as of a process that is told to stop. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    cluster.drain();
    engine.stop().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    cluster.close();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    if (consensus != null) {
      consensus.close();
    }
  }
}
