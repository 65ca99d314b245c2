package kaspeer.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kaspeer.admin.AdminActor;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.ChainFacts;
import kaspeer.admin.ChainStop;
import kaspeer.admin.ClusterPort;
import kaspeer.admin.NodeFacts;
import kaspeer.admin.http.AdminEndpoint;
import kaspeer.admin.http.AdminServer;
import kaspeer.admin.http.AdminToken;
import kaspeer.cluster.ClusterNode;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagCapacityException;
import kaspeer.consensus.DagState;
import kaspeer.consensus.ForeignStoreException;
import kaspeer.consensus.body.BodyRules;
import kaspeer.engine.DagHome;
import kaspeer.engine.EngineConfig;
import kaspeer.engine.EngineGuardian;
import kaspeer.engine.EngineResources;
import kaspeer.engine.EngineStartException;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.Neighbours;
import kaspeer.engine.Persistence;
import kaspeer.engine.RunningEngine;
import kaspeer.engine.catalogue.FlowCatalogue;
import kaspeer.engine.dag.ConsensusEvents;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.net.NetFault;
import kaspeer.flows.BuiltInFlows;
import kaspeer.node.config.ConfigException;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.log.LogControl;
import kaspeer.node.mining.Miner;
import kaspeer.node.mining.MiningKey;
import kaspeer.primitives.Address;
import kaspeer.primitives.Block;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.storage.DirectoryFault;
import kaspeer.storage.RocksDagStore;
import kaspeer.storage.StoreDirectory;
import kaspeer.storage.StoreException;
import kaspeer.storage.StoreOptions;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node and its parts: store, DAG, actors, engine, admin endpoint. They are started in this order
 * and stopped in reverse; if one cannot start, those before it are stopped.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** Reading what a large store holds takes a while; peers wait for nothing. */
  private static final long START_SECONDS = 120;

  private static final long SPAWN_SECONDS = 10;
  private static final String VALUES = "engine";

  private final NodeConfig config;
  private final InstantSource clock = InstantSource.system();
  private final Metrics metrics = new Metrics();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final AtomicBoolean serving = new AtomicBoolean();
  private volatile boolean stopping;
  private final StopSequence stops = new StopSequence();
  private final Started started;

  /** What runs once everything does. */
  private record Started(
      Params params,
      @Nullable Consensus consensus,
      ActorSystem<?> system,
      RunningEngine engine,
      AdminServer admin) {}

  private Node(NodeConfig config) throws StartException {
    this.config = config;
    try {
      started = start();
      if (config.mining() != null) {
        startMining(config.mining());
      }
    } catch (StartException | RuntimeException | Error e) {
      stopping = true;
      stops.run();
      throw e;
    }
    serving.set(true);
  }

  /**
   * Starts a node. Blocks until it dials and accepts peers and its admin endpoint answers.
   *
   * @throws StartException if it cannot; nothing is left running then
   * @throws ConfigException if the actor system refuses its settings, or the file of consensus
   *     parameters makes no sense; likewise
   */
  public static Node start(NodeConfig config) throws StartException {
    return new Node(config);
  }

  private void startMining(NodeConfig.Mining mining) throws StartException {
    Address payTo = mining.payTo() == null ? ownAddress() : mining.payTo();
    Miner miner = miner(payTo.toScriptPublicKey(), block -> {});
    stops.add("miner", StopSequence.MINER, miner::close);
    miner.start(mining.blocksPerSecond());
    LOG.info("mining about {} blocks a second to {}", mining.blocksPerSecond(), payTo);
  }

  private Address ownAddress() throws StartException {
    try {
      return MiningKey.load(config.dataDir()).address(config.network());
    } catch (IOException e) {
      throw new StartException("cannot use the mining key: " + e.getMessage(), e);
    }
  }

  /**
   * A miner on this node, to be closed before it.
   *
   * @param mined hears of every block before it is handed in
   */
  public Miner miner(ScriptPublicKey payTo, Consumer<Block> mined) {
    return new Miner(
        started.engine,
        started.system.scheduler(),
        started.params,
        payTo,
        new SplittableRandom(),
        mined);
  }

  private Started start() throws StartException {
    Instant startedAt = clock.instant();
    Params params = Parameters.of(config);
    boolean isCore = config.cluster() == null || config.cluster().isCore();
    // Beside the DAG, which takes as long.
    StartingActors actors = StartingActors.begin(config);
    OwnDag own;
    try {
      own = isCore ? openDag(params) : null;
      if (!isCore) {
        holdDirectory(params);
      }
    } finally {
      // They end before the DAG that they work on.
      stops.add("actors", StopSequence.ACTORS, actors::terminate);
    }
    AdminToken token = DataDirectory.token(config.dataDir());
    ActorSystem<SpawnProtocol.Command> system = actors.await();
    system
        .getWhenTerminated()
        .thenRun(
            () -> failed(new IllegalStateException("the actor system has ended, see the log")));
    ClusterNode cluster = joinCluster(system, params);
    RunningEngine engine = startEngine(system, params, own, cluster);
    stops.add("engine", StopSequence.ENGINE, () -> engine.stop().toCompletableFuture().join());
    if (cluster != null) {
      cluster.connect(engine);
      stops.add("place in the cluster", StopSequence.DRAIN, cluster::drain);
    }
    Consensus consensus = own == null ? null : own.consensus;
    NodeMetrics.register(metrics);
    if (consensus != null) {
      NodeMetrics.register(metrics, consensus, engine, clock);
    }
    AdminServer admin =
        startAdmin(
            system,
            engine,
            params,
            () -> consensus == null ? ChainFacts.NONE : chainFacts(consensus),
            cluster == null ? ClusterPort.NONE : ClusterParts.port(cluster),
            token,
            startedAt);
    stops.add("admin endpoint", StopSequence.ADMIN, admin::close);
    noteAdminAddress(admin);
    return new Started(params, consensus, system, engine, admin);
  }

  /** What belongs to a DAG of the node's own. */
  private record OwnDag(Consensus consensus, ConsensusEvents events, Persistence persistence) {}

  private OwnDag openDag(Params params) throws StartException {
    RocksDagStore store = openStore(params);
    stops.add("store", StopSequence.STORE, store::close);
    ConsensusEvents events = new ConsensusEvents();
    Consensus consensus = openConsensus(params, store, events);
    stops.add("DAG", StopSequence.DAG, consensus::close);
    return new OwnDag(consensus, events, new StorePersistence(store.keyValues(VALUES)));
  }

  private @Nullable ClusterNode joinCluster(ActorSystem<?> system, Params params)
      throws StartException {
    NodeConfig.Membership membership = config.cluster();
    if (membership == null) {
      return null;
    }
    ClusterNode cluster =
        ClusterParts.start(
            membership, config, params, StartingActors.settings(config), metrics, system);
    stops.add("cluster", StopSequence.CLUSTER, cluster::close);
    return cluster;
  }

  /** Without a store it is locked, and kept to one network, all the same. */
  private void holdDirectory(Params params) throws StartException {
    try {
      StoreDirectory directory =
          StoreDirectory.open(config.dataDir(), params, DataDirectory.OTHERS);
      stops.add("data directory", StopSequence.STORE, directory::close);
    } catch (StoreException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private RocksDagStore openStore(Params params) throws StartException {
    try {
      return RocksDagStore.open(
          StoreOptions.of(config.dataDir(), params).withOthers(DataDirectory.OTHERS));
    } catch (StoreException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Consensus openConsensus(Params params, RocksDagStore store, ConsensusEvents events)
      throws StartException {
    ConsensusOptions options =
        ConsensusOptions.defaults().withListener(events).withRebuildListener(new RebuildLog());
    try {
      return Consensus.open(params, store, new BodyRules(params), options);
    } catch (ForeignStoreException | StoreException | IllegalArgumentException e) {
      throw new StartException("the data directory cannot be used: " + e.getMessage(), e);
    } catch (DagCapacityException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private RunningEngine startEngine(
      ActorSystem<SpawnProtocol.Command> system,
      Params params,
      @Nullable OwnDag own,
      @Nullable ClusterNode cluster)
      throws StartException {
    UUID shared = cluster == null ? null : ClusterParts.join(cluster, START_SECONDS);
    EngineConfig engineConfig = EngineSettings.of(config, params, shared);
    Executor conversions =
        system.dispatchers().lookup(DispatcherSelector.fromConfig("kaspeer.dispatcher.convert"));
    EngineResources resources =
        new EngineResources(
            own == null
                ? Objects.requireNonNull(cluster).home()
                : new DagHome.Here(own.consensus, own.events),
            own == null ? new InMemoryPersistence() : own.persistence,
            BuiltInFlows.all(conversions).stream()
                .map(flow -> new FlowCatalogue.Registration(flow, FlowCatalogue.BUILT_IN))
                .toList(),
            metrics,
            clock,
            new SecureRandom(),
            Seeders::lookUp,
            this::failed,
            cluster == null ? Neighbours.NONE : cluster.neighbours());
    CompletableFuture<RunningEngine> running = new CompletableFuture<>();
    spawn(system, EngineGuardian.create(engineConfig, resources, running), "engine");
    try {
      return running.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartException(why(cause), cause);
    } catch (TimeoutException e) {
      throw new StartException("the engine did not start within " + START_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted", e);
    }
  }

  private static String why(Throwable cause) {
    return switch (cause) {
      case EngineStartException e when e.reason() == EngineStartException.Reason.CANNOT_LISTEN ->
          e.getMessage() + " (--listen names another)";
      case EngineStartException e -> String.valueOf(e.getMessage());
      default -> "the engine: " + cause;
    };
  }

  private AdminServer startAdmin(
      ActorSystem<SpawnProtocol.Command> system,
      RunningEngine engine,
      Params params,
      Supplier<ChainFacts> chain,
      ClusterPort cluster,
      AdminToken token,
      Instant startedAt)
      throws StartException {
    NodeFacts facts =
        new NodeFacts(
            Version.current(),
            startedAt,
            ClusterParts.roles(config),
            config.policy().name().toLowerCase(java.util.Locale.ROOT),
            engine.listening().orElse(null),
            (long) params.difficultyWindow() * params.difficultySampleRate());
    ActorRef<AdminCommand> actor =
        spawn(
            system,
            AdminActor.create(engine, facts, serving::get, chain, cluster, new LogControl(), clock),
            "admin");
    InetSocketAddress address = Resolver.resolve(config.admin(), "--admin");
    AdminEndpoint.Parts parts =
        new AdminEndpoint.Parts(
            actor, system, metrics, clock, config.network().p2pPort(), Version.current());
    try {
      return AdminEndpoint.start(address, token, parts);
    } catch (IOException e) {
      throw new StartException(
          "admin endpoint: cannot listen on "
              + config.admin()
              + ": "
              + NetFault.text(e)
              + " (--admin names another)",
          e);
    }
  }

  private static ChainFacts chainFacts(Consensus consensus) {
    DagState state = consensus.state();
    return new ChainFacts(
        Optional.ofNullable(state.stopped()).map(stop -> new ChainStop(stop.block(), stop.why())),
        state.violatingFinality());
  }

  private void noteAdminAddress(AdminServer admin) throws StartException {
    try {
      AdminAddressFile.write(config.dataDir(), admin.address());
    } catch (IOException e) {
      throw new StartException(DirectoryFault.text(config.dataDir(), e), e);
    }
    stops.add(
        "note of the admin endpoint",
        StopSequence.ADMIN,
        () -> AdminAddressFile.remove(config.dataDir()));
  }

  private static <T> ActorRef<T> spawn(
      ActorSystem<SpawnProtocol.Command> system, Behavior<T> behavior, String name)
      throws StartException {
    try {
      return AskPattern.<SpawnProtocol.Command, ActorRef<T>>ask(
              system,
              replyTo -> new SpawnProtocol.Spawn<>(behavior, name, Props.empty(), replyTo),
              java.time.Duration.ofSeconds(SPAWN_SECONDS),
              system.scheduler())
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw new StartException("cannot start the " + name + " actor: " + e.getCause(), e);
    }
  }

  /** What ends while everything is being stopped is no failure. */
  private void failed(Throwable cause) {
    if (!stopping) {
      failure.complete(cause);
    }
  }

  /**
   * The block DAG, for those who make blocks.
   *
   * @throws IllegalStateException if it is on another machine
   */
  public Consensus consensus() {
    if (started.consensus == null) {
      throw new IllegalStateException("an edge has no DAG of its own");
    }
    return started.consensus;
  }

  public RunningEngine engine() {
    return started.engine;
  }

  /** Where the admin endpoint answers. */
  public InetSocketAddress adminAddress() {
    return started.admin.address();
  }

  public Path dataDir() {
    return config.dataDir();
  }

  /** Completes when a part failed that the node cannot go on without. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Stops everything, in some seconds at most. What was stored is safe at any moment. */
  @Override
  public void close() {
    if (serving.getAndSet(false)) {
      LOG.info("stopping");
      stopping = true;
      stops.run();
      LOG.info("stopped");
    }
  }
}
