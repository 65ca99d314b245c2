package kaspeer.cluster;

import com.google.protobuf.MessageLite;
import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kaspeer.cluster.edge.EdgeProxy;
import kaspeer.cluster.edge.EdgeState;
import kaspeer.cluster.edge.EdgeSync;
import kaspeer.engine.DagHome;
import kaspeer.engine.EngineResources.NameLookUp;
import kaspeer.engine.Facades;
import kaspeer.engine.Neighbours;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.RunningEngine;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.net.NetFault;
import kaspeer.engine.peers.PeerHosts;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Sync;
import kaspeer.wire.NetAddress;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.io.Tcp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of a cluster. It speaks to the others by an actor system of its own;
 * when it is put out (it was paused, or cut off), that one is started anew and joins again, and
 * neither the engine nor its peers notice.
 */
public final class ClusterNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final int SOCKETS_SECONDS = 3;
  private static final int STOP_SECONDS = 9;

  private final ClusterOptions options;
  private final Config base;
  private final NameLookUp lookUp;
  private final ActorSystem<?> engineSystem;
  private final Shared shared;
  private final Restarts restarts = new Restarts();
  private volatile ActorSystem<ClusterAgent.Command> system;
  private @Nullable CompletionStage<Done> leaving;

  private ClusterNode(
      ClusterOptions options,
      Config base,
      NameLookUp lookUp,
      DagSnapshot genesis,
      Metrics metrics,
      ActorSystem<?> engineSystem) {
    this.options = options;
    this.base = base;
    this.lookUp = lookUp;
    this.engineSystem = engineSystem;
    this.shared = new Shared(options, new EdgeState(genesis), new ClusterMetrics(metrics));
    this.shared.metrics.register(shared, this::hasDag);
    // One that fails at once is not replaced before it is known here.
    synchronized (restarts) {
      this.system = open();
    }
  }

  /**
   * Starts to join; returns at once. May block for a look-up.
   *
   * @param base settings of the actor system besides the cluster's
   * @param genesis the state of a DAG with nothing else in it
   * @param metrics takes those of the cluster too
   * @param engineSystem where the engine's actors are
   * @throws ClusterStartException if it cannot listen, or keys and certificates are not there
   */
  public static ClusterNode start(
      ClusterOptions options,
      Config base,
      NameLookUp lookUp,
      DagSnapshot genesis,
      Metrics metrics,
      ActorSystem<?> engineSystem) {
    Optional<Path> tls = options.tls();
    tls.flatMap(ClusterSettings::missing)
        .ifPresent(
            file -> {
              throw new ClusterStartException(
                  "the directory " + tls.get() + " has no " + file, new NoSuchFileException(file));
            });
    ClusterNode node = new ClusterNode(options, base, lookUp, genesis, metrics, engineSystem);
    node.listen();
    return node;
  }

  /** Before there is an engine: it takes peers in as soon as it starts. */
  private void listen() {
    ActorRef<NodeEvent> feed =
        engineSystem.systemActorOf(
            Behaviors.<NodeEvent>receiveMessage(
                event -> {
                  shared.note(event);
                  tell(new ClusterAgent.Happened(event));
                  return Behaviors.same();
                }),
            "cluster-feed",
            Props.empty());
    engineSystem.eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, feed));
  }

  private ActorSystem<ClusterAgent.Command> open() {
    Seeding seeding = new Seeding(options, lookUp, shared.known.all());
    AtomicBoolean over = new AtomicBoolean();
    Consumer<String> whenLost =
        why -> {
          if (!over.getAndSet(true)) {
            LOG.warn("Out of the cluster: {}", why);
            restart(why);
          }
        };
    Behavior<ClusterAgent.Command> guardian =
        Behaviors.setup(
            context -> {
              ActorRef<ClusterAgent.Command> agent =
                  context.spawn(ClusterAgent.create(shared, seeding, whenLost), ClusterAgent.NAME);
              context.watch(agent);
              context.spawn(PeerReports.create(shared), PeerReports.NAME);
              return Behaviors.receive(ClusterAgent.Command.class)
                  .onAnyMessage(
                      command -> {
                        agent.tell(command);
                        return Behaviors.same();
                      })
                  .onSignal(
                      Terminated.class,
                      _ -> {
                        LOG.error("A part of the cluster has failed here: starting over");
                        whenLost.accept("a part of it had failed");
                        return Behaviors.same();
                      })
                  .build();
            });
    try {
      ActorSystem<ClusterAgent.Command> opened =
          ActorSystem.create(guardian, ClusterSettings.SYSTEM, ClusterSettings.of(options, base));
      holdJvm(opened);
      CoordinatedShutdown reasons = CoordinatedShutdown.get(opened);
      opened.getWhenTerminated().thenRun(() -> ended(reasons, whenLost));
      return opened;
    } catch (RuntimeException cannot) {
      throw new ClusterStartException(
          "cannot listen for other members on "
              + options.address()
              + ": "
              + NetFault.words(String.valueOf(cannot.getMessage()))
                  .map(words -> words + " (--cluster-listen names another)")
                  .orElseGet(cannot::getMessage),
          cannot);
    }
  }

  /**
   * When the JVM is told to end, Artery closes all connections at once, unless a hook of its actor
   * system is at work: nobody would hear that this member leaves.
   */
  private static void holdJvm(ActorSystem<?> system) {
    Cancellable hook =
        CoordinatedShutdown.get(system).addCancellableJvmShutdownHook(() -> stop(system));
    system.getWhenTerminated().thenRun(hook::cancel);
  }

  /** The cluster's actors have ended; unless this member wanted that, others take their place. */
  private void ended(CoordinatedShutdown reasons, Consumer<String> whenLost) {
    boolean strange =
        reasons
            .getShutdownReason()
            .filter(CoordinatedShutdown.incompatibleConfigurationDetectedReason()::equals)
            .isPresent();
    String why =
        strange
            ? "the cluster is of another network: it takes in no member of "
                + options.network().optionName()
            : "its actors had ended by themselves";
    // A node that never was a member ends with this.
    boolean never =
        strange && shared.identity.completeExceptionally(new ClusterStartException(why));
    if (!never && !restarts.isClosed()) {
      whenLost.accept(why);
    }
  }

  /** Called when the system is to be replaced. */
  private void restart(String why) {
    Thread.ofVirtual()
        .name("cluster restart")
        .start(
            () -> {
              synchronized (restarts) {
                end(system);
                shared.joined = false;
                shared.metrics.restarted();
                restarts.await(restarts.next(System.nanoTime()));
                while (!restarts.isClosed()) {
                  try {
                    system = open();
                    LOG.info("Joining the cluster again: {}", why);
                    return;
                  } catch (ClusterStartException notYet) {
                    LOG.warn("{}", notYet.getMessage());
                    restarts.await(Restarts.SHORTEST);
                  }
                }
              }
            });
  }

  /**
   * Ends a system that is to be replaced. After a pause its encrypted connections to those who have
   * put it out may never end by themselves, and it would go on listening where the next one is to.
   */
  static void end(ActorSystem<?> system) {
    system.terminate();
    if (!stops(system, SOCKETS_SECONDS)) {
      // Told by itself: the guardian of a system that ends stops nobody on request.
      Tcp.get(Adapter.toClassic(system))
          .manager()
          .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
      stop(system);
    }
  }

  /** Waits for the end. */
  private static void stop(ActorSystem<?> system) {
    if (!stops(system, STOP_SECONDS)) {
      LOG.warn("The cluster's actors did not stop in time");
    }
  }

  private static boolean stops(ActorSystem<?> system, int seconds) {
    try {
      system.getWhenTerminated().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException late) {
      return false;
    }
  }

  private void tell(ClusterAgent.Command command) {
    ActorSystem<ClusterAgent.Command> now = system;
    now.tell(command);
  }

  /**
   * The node id that all members show to peers; completes when this one is a member, and fails with
   * a {@link ClusterStartException} if the cluster is of another network.
   */
  public CompletionStage<UUID> identity() {
    return shared.identity.minimalCompletionStage();
  }

  /** Whether this process is a member now. */
  public boolean isJoined() {
    return shared.joined;
  }

  /** Whether there is a DAG to use: one here, or one of a core that can be reached. */
  public boolean hasDag() {
    return options.isCore() || !shared.edge.core().isEmpty();
  }

  public ClusterView view() {
    return shared.view;
  }

  /** The peers of all members; completes within two seconds. */
  public CompletionStage<ClusterPeers> peers() {
    return PeerReports.gather(system, shared);
  }

  public ClusterOptions options() {
    return options;
  }

  /** The DAG of an edge that is no core: that of a core. To be called once. */
  public DagHome.Elsewhere home() {
    ActorRef<EdgeProxy.Command> proxy =
        engineSystem.systemActorOf(
            EdgeProxy.create(
                new EdgeProxy.Setup(
                    options, shared.edge, this::resolve, this::hostOf, shared.metrics.edge())),
            "cluster-proxy",
            Props.empty());
    ActorRef<Sync> sync =
        engineSystem.systemActorOf(
            EdgeSync.create(peer -> tell(new ClusterAgent.Hint(peer))),
            "cluster-sync",
            Props.empty());
    shared.proxy = proxy;
    engineSystem.systemActorOf(warden(List.of(proxy, sync)), "cluster-warden", Props.empty());
    return new DagHome.Elsewhere(
        Facades.as(Dag.class, proxy),
        Facades.as(Mempool.class, proxy),
        sync,
        Facades.as(DagActor.Command.class, proxy),
        shared.edge::snapshot,
        shared.edge::syncStatus,
        listeners -> proxy.tell(new EdgeProxy.Connected(listeners)));
  }

  /** An edge that has lost the way to its cores is none: then everything ends. */
  private Behavior<Void> warden(List<ActorRef<?>> parts) {
    return Behaviors.setup(
        context -> {
          parts.forEach(context::watch);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  end -> {
                    if (!restarts.isClosed()) {
                      LOG.error("{} has failed: this edge ends", end.getRef().path().name());
                      engineSystem.terminate();
                    }
                    return Behaviors.stopped();
                  })
              .build();
        });
  }

  private String hostOf(long peer) {
    PeerInfo info = shared.peers.get(peer);
    return info == null ? "" : PeerHosts.name(info.address().getAddress());
  }

  private ActorRef<MessageLite> resolve(String name) {
    return ActorRefResolver.get(system).resolveActorRef(name);
  }

  /** What an engine is to know of the cluster. */
  public Neighbours neighbours() {
    return new ClusterNeighbours(shared, this::tell);
  }

  /** The engine runs: edges may use its DAG, and what members share applies to it. */
  public void connect(RunningEngine engine) {
    shared.p2pAddress =
        engine
            .listening()
            .map(
                address ->
                    address.getAddress().isAnyLocalAddress()
                        ? new InetSocketAddress(options.listen().getAddress(), address.getPort())
                        : address)
            .map(NetAddress::of)
            .map(NetAddress::toString)
            .orElse("");
    shared.engine = engine;
    CompletionStage<Sanctions.BanList> bans =
        AskPattern.ask(
            engine.sanctions(), Sanctions.ListBans::new, ANSWER_LIMIT, engineSystem.scheduler());
    // Those of an earlier run are shared, unless somebody lifted them since.
    bans.thenAccept(
        list ->
            list.bans()
                .forEach(
                    ban ->
                        shared.bans.recall(
                            ban.subject(), ban.until().toEpochMilli(), ban.reason())));
  }

  /**
   * Takes no more peers and edges, tells the others so, and begins to leave: the first step. That
   * all agree takes a while, in which the engine may stop.
   */
  public void drain() {
    shared.leaving = true;
    tell(ClusterAgent.Tick.LEAVE);
    Thread.ofVirtual().name("cluster leave").start(this::leave);
  }

  private void leave() {
    restarts.close();
    synchronized (restarts) {
      if (leaving == null && !system.whenTerminated().isCompleted()) {
        leaving = CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
      }
    }
  }

  /** Leaves the cluster, and waits until that is done. */
  @Override
  public void close() {
    leave();
    stop(system);
  }

  /** Ends without a word to the others. */
  void abort() {
    restarts.close();
    synchronized (restarts) {
      end(system);
    }
  }

  /** Outbound connections of all members: the peer's address, and the member that holds it. */
  Map<String, String> dials() {
    return shared.dials;
  }

  /** Permanent peers, whichever member was asked for them. */
  boolean isPermanent(InetSocketAddress peer) {
    return shared.permanent.holds(NetAddress.of(peer).toString());
  }

  org.apache.pekko.actor.ActorSystem classicSystem() {
    return Adapter.toClassic(system);
  }
}
