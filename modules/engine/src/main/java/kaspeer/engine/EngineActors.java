package kaspeer.engine;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import kaspeer.consensus.Consensus;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.dag.DagListener;
import kaspeer.engine.dag.SnapshotSource;
import kaspeer.engine.dial.Dialler;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.extension.Extensions;
import kaspeer.engine.extension.Surroundings;
import kaspeer.engine.mempool.ConsensusVirtual;
import kaspeer.engine.mempool.MempoolActor;
import kaspeer.engine.mempool.TemplateMaker;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.peer.PayloadCounters;
import kaspeer.engine.peer.PeerEnvironment;
import kaspeer.engine.peer.PeerLog;
import kaspeer.engine.peers.LiveLimits;
import kaspeer.engine.peers.PeerHosts;
import kaspeer.engine.peers.PeersActor;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sanctions.LivePolicy;
import kaspeer.engine.sanctions.SanctionsActor;
import kaspeer.engine.sanctions.Scores;
import kaspeer.engine.sync.SyncArbiter;
import kaspeer.engine.sync.SyncControl;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.mempool.TemplateLimits;
import kaspeer.primitives.Hash;
import kaspeer.transport.P2pClient;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actors that all peers share, started in order. */
record EngineActors(
    Supplier<DagSnapshot> snapshots,
    LiveLimits limits,
    Supplier<SyncStatus> syncStatus,
    WriteBehind store,
    ActorRef<Dag> dag,
    ActorRef<Mempool> mempool,
    ActorRef<SyncControl> sync,
    ActorRef<AddressBookActor.Command> addresses,
    ActorRef<SanctionsActor.Command> sanctions,
    ActorRef<PeersCommand> peers) {

  private static final Logger LOG = LoggerFactory.getLogger(EngineActors.class);

  static EngineActors spawn(
      ActorContext<?> context, EngineConfig config, EngineResources resources, EngineStart start) {
    return new Spawner(context, config, resources, start).spawn();
  }

  /** Knows what is started already. */
  private static final class Spawner {
    private static final String DISPATCHERS = "kaspeer.dispatcher.";

    private final ActorContext<?> context;
    private final EngineConfig config;
    private final EngineResources resources;
    private final EngineStart start;
    private final Executor blocking;
    private final EngineMetrics metrics;
    private final WriteBehind store;
    private final LivePolicy policy;
    private final LiveLimits limits;
    private @Nullable ActorRef<SyncControl> syncControl;
    private final PermanentPeers permanent = new PermanentPeers();
    private final PeerHosts hosts = new PeerHosts();
    private final Scores scores = new Scores();
    private final AtomicInteger connectedGroups = new AtomicInteger();

    /**
     * Started last, though others have something to tell it: before it there are no peers, and
     * nothing to tell.
     */
    private final CompletableFuture<ActorRef<PeersCommand>> peers = new CompletableFuture<>();

    Spawner(
        ActorContext<?> context,
        EngineConfig config,
        EngineResources resources,
        EngineStart start) {
      this.context = context;
      this.config = config;
      this.resources = resources;
      this.start = start;
      this.blocking = executor("blocking");
      this.policy = new LivePolicy(config.policy());
      this.limits = LiveLimits.of(config);
      this.metrics = new EngineMetrics(resources.metrics());
      metrics.expectFaults(
          start.catalogue().flows().stream().map(flow -> flow.descriptor().name()).toList());
      this.store = new WriteBehind(resources.persistence(), blocking, metrics.storeFailures());
    }

    EngineActors spawn() {
      ActorRef<RelayActor.Command> relay =
          essential(
              RelayActor.create(config.flows().fetchFailover(), resources.clock(), metrics),
              "relay");
      DagHome.Elsewhere dag =
          switch (resources.home()) {
            case DagHome.Here here -> start(here, relay);
            case DagHome.Elsewhere elsewhere -> elsewhere;
          };
      ActorRef<AddressBookActor.Command> addresses =
          restarted(AddressBookActor.create(addressSetup()), "addresses");
      ActorRef<SanctionsActor.Command> sanctions =
          restarted(SanctionsActor.create(sanctionsSetup()), "sanctions");
      Extensions extensions = start.extensions();
      if (extensions != null) {
        extensions.attach(
            essential(extensions.host(surroundings(dag, relay, addresses)), "plugins"));
      }
      PeerEnvironment environment =
          new PeerEnvironment(
              start.catalogue(),
              config.flows(),
              config.local(),
              policy,
              scores,
              config.admitsAgent(),
              config.inboxBytes(),
              dag.dag(),
              dag.snapshots(),
              dag.mempool(),
              relay,
              Facades.as(Relay.class, relay),
              dag.sync(),
              dag.syncStatus(),
              Facades.as(Addresses.class, addresses),
              sanctions,
              resources.clock(),
              resources.random(),
              metrics,
              new PayloadCounters(metrics),
              new PeerLog(resources.clock()),
              resources.neighbours(),
              extensions);
      PeersActor.Setup setup =
          new PeersActor.Setup(
              environment,
              start.bans(),
              permanent,
              hosts,
              limits,
              connectedGroups,
              addresses,
              dag.left(),
              self -> Dialler.create(diallerSetup(addresses), self));
      ActorRef<PeersCommand> peersActor = essential(PeersActor.create(setup), "peers");
      peers.complete(peersActor);
      dag.connect().accept(new DagHome.Listeners(relay, peersActor));
      return new EngineActors(
          dag.snapshots(),
          limits,
          dag.syncStatus(),
          store,
          dag.dag(),
          dag.mempool(),
          syncControl == null
              ? context.spawn(SyncControl.refusing("the cores of the cluster sync"), "no-ibd")
              : syncControl,
          addresses,
          sanctions,
          peersActor);
    }

    private Surroundings surroundings(
        DagHome.Elsewhere dag,
        ActorRef<RelayActor.Command> relay,
        ActorRef<AddressBookActor.Command> addresses) {
      return new Surroundings(
          config.flows(),
          config.local(),
          policy,
          dag.snapshots(),
          resources.clock(),
          resources.random(),
          new Surroundings.Actors(
              dag.dag(),
              dag.mempool(),
              Facades.as(Relay.class, relay),
              dag.sync(),
              Facades.as(Addresses.class, addresses)));
    }

    /** Starts what belongs to a DAG of our own. */
    private DagHome.Elsewhere start(DagHome.Here here, ActorRef<RelayActor.Command> relay) {
      SnapshotSource snapshots = new SnapshotSource(here.consensus());
      AtomicReference<SyncStatus> syncStatus = new AtomicReference<>(SyncStatus.WAITING);
      ActorRef<DagActor.Command> dag =
          essential(DagActor.create(dagSetup(here, snapshots, relay)), "dag", "dag");
      ActorRef<Dag> dagRef = Facades.as(Dag.class, dag);
      ActorRef<MempoolActor.Command> mempool =
          essential(
              MempoolActor.create(mempoolSetup(here.consensus(), dagRef, snapshots, relay)),
              "mempool",
              "mempool");
      ActorRef<SyncArbiter.Command> sync =
          essential(
              SyncArbiter.create(
                  dagRef,
                  snapshots,
                  syncStatus,
                  config.sync(),
                  config.flows().nearlySynced(),
                  resources.clock()),
              "ibd");
      syncControl = Facades.as(SyncControl.class, sync);
      return new DagHome.Elsewhere(
          dagRef,
          Facades.as(Mempool.class, mempool),
          Facades.as(Sync.class, sync),
          dag,
          snapshots,
          () -> Objects.requireNonNull(syncStatus.get()),
          _ -> {});
    }

    private DagActor.Setup dagSetup(
        DagHome.Here here, SnapshotSource snapshots, ActorRef<RelayActor.Command> relay) {
      ClockDoubt doubt = new ClockDoubt(resources.clock());
      return new DagActor.Setup(
          here.consensus(),
          here.events(),
          snapshots,
          config.params().mergesetSizeLimit(),
          executor("dag-read"),
          config.intakeBytes(),
          config.orphanBytes(),
          config.orphanBytesPerPeer(),
          new DagListener() {
            @Override
            public void spoilt(Hash hash) {
              relay.tell(new RelayActor.Spoilt(Relay.Kind.BLOCK, hash));
            }

            @Override
            public void decided(Hash hash) {
              relay.tell(new RelayActor.Decided(Relay.Kind.BLOCK, hash));
            }

            @Override
            public void badOrphan(long origin, String detail) {
              tellPeers(new PeersCommand.Blame(origin, ViolationCode.INVALID_BLOCK, detail));
            }

            @Override
            public void fromTheFuture(long origin, long timestamp) {
              doubt.note(hostOf(origin), timestamp).ifPresent(LOG::warn);
            }

            @Override
            public void broken(Throwable cause) {
              resources.onFatal().accept(cause);
            }
          },
          metrics);
    }

    private MempoolActor.Setup mempoolSetup(
        Consensus consensus,
        ActorRef<Dag> dag,
        SnapshotSource snapshots,
        ActorRef<RelayActor.Command> relay) {
      return new MempoolActor.Setup(
          new kaspeer.mempool.TransactionPool(
              config.params(),
              config.mempool(),
              new SplittableRandom(resources.random().nextLong())),
          new ConsensusVirtual(consensus, executor("check")),
          TemplateMaker.of(consensus),
          TemplateLimits.of(config.params()),
          blocking,
          executor("check"),
          dag,
          snapshots,
          config.flows().nearlySynced(),
          this::hostOf,
          (ids, again) -> {
            tellPeers(new PeersCommand.Announce(ids, again));
            resources.neighbours().announced(ids, again);
          },
          id -> relay.tell(new RelayActor.Spoilt(Relay.Kind.TRANSACTION, id)),
          resources.clock(),
          metrics);
    }

    /** The host of a peer, be it another member's. */
    private String hostOf(long peer) {
      return hosts.of(peer, resources.neighbours()::hostOf);
    }

    private AddressBookActor.Setup addressSetup() {
      return new AddressBookActor.Setup(
          config.local().network(),
          config.local().advertised(),
          start.addresses(),
          start.addressSecret(),
          start.bans(),
          store,
          resources.clock(),
          resources.random(),
          metrics);
    }

    private SanctionsActor.Setup sanctionsSetup() {
      return new SanctionsActor.Setup(
          start.bans(),
          scores,
          policy,
          permanent::protects,
          connectedGroups::get,
          store,
          resources.clock(),
          metrics);
    }

    private Dialler.Setup diallerSetup(ActorRef<AddressBookActor.Command> addresses) {
      P2pClient client = new P2pClient(start.transport());
      return new Dialler.Setup(
          config.dialling(),
          () -> limits.get(LiveLimits.Limit.OUT_PEERS),
          start.anchors(),
          client::connect,
          host -> CompletableFuture.supplyAsync(() -> lookUp(host), blocking),
          addresses,
          permanent,
          start.bans(),
          resources.neighbours()::mayDial,
          store,
          resources.clock(),
          resources.random(),
          metrics);
    }

    private List<InetAddress> lookUp(String host) {
      return resources.lookUp().addressesOf(host);
    }

    private void tellPeers(PeersCommand command) {
      ActorRef<PeersCommand> actor = peers.getNow(null);
      if (actor != null) {
        actor.tell(command);
      }
    }

    private Executor executor(String name) {
      return context
          .getSystem()
          .dispatchers()
          .lookup(DispatcherSelector.fromConfig(DISPATCHERS + name));
    }

    /**
     * An actor whose failure the node does not survive: what it knew is lost, and others rely on
     * it.
     */
    private <C> ActorRef<C> essential(Behavior<C> behavior, String name) {
      ActorRef<C> actor = context.spawn(measured(behavior, name), name);
      context.watch(actor);
      return actor;
    }

    private <C> ActorRef<C> essential(Behavior<C> behavior, String name, String dispatcher) {
      ActorRef<C> actor =
          context.spawn(
              measured(behavior, name),
              name,
              DispatcherSelector.fromConfig(DISPATCHERS + dispatcher));
      context.watch(actor);
      return actor;
    }

    /** An actor that starts over when it fails: what matters of its state lives outside of it. */
    private <C> ActorRef<C> restarted(Behavior<C> behavior, String name) {
      Behavior<C> supervised =
          Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart());
      return context.spawn(measured(supervised, name), name);
    }

    private <C> Behavior<C> measured(Behavior<C> behavior, String name) {
      return MailboxMeter.around(behavior, metrics.mailbox(name));
    }
  }
}
