package kaspeer.admin;

import static kaspeer.admin.Asker.reply;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import kaspeer.admin.AdminReply.BlockReport;
import kaspeer.admin.AdminReply.NodeReport;
import kaspeer.admin.events.AdminEvent;
import kaspeer.admin.events.EventHub;
import kaspeer.engine.Engine;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers an operator's questions by asking the actors that know. It keeps nothing of the node
 * itself, only who watches its events, so it never waits: every answer goes straight from the one
 * who knows to the one who asked.
 */
public final class AdminActor extends AbstractBehavior<AdminActor.Message> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminActor.class);

  /**
   * How long a part of the node may take to answer; dialling and judging a block may take {@link
   * #WORK_LIMIT}.
   */
  public static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  /** Longer than a handshake may take. */
  public static final Duration WORK_LIMIT = Duration.ofSeconds(20);

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final Engine engine;
  private final NodeFacts facts;
  private final BooleanSupplier serving;
  private final Supplier<ChainFacts> chain;
  private final ClusterPort cluster;
  private final BlockGate gate;
  private final EventHub hub;
  private final Asker asker;
  private final PeerAnswers peers;
  private final ClusterAnswers clusterAnswers;
  private final ControlAnswers controls;

  /** What the actor takes: commands, and the node's own events. */
  sealed interface Message {}

  private record Asked(AdminCommand command) implements Message {}

  private record Happened(NodeEvent event) implements Message {}

  private record ConnectedBefore(List<PeerInfo> peers) implements Message {}

  private record MempoolSeen(Mempool.@Nullable Info info) implements Message {}

  private enum Look implements Message {
    TICK
  }

  private AdminActor(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Engine engine,
      NodeFacts facts,
      BooleanSupplier serving,
      Supplier<ChainFacts> chain,
      ClusterPort cluster,
      LogLevels log,
      InstantSource clock) {
    super(context);
    this.engine = engine;
    this.facts = facts;
    this.serving = serving;
    this.chain = chain;
    this.cluster = cluster;
    this.gate = new BlockGate(engine.local().network(), facts.difficultyWindow());
    this.asker = new Asker(context.getSystem().scheduler());
    this.peers = new PeerAnswers(engine, asker);
    this.clusterAnswers = new ClusterAnswers(cluster, facts.roles(), serving, peers::listPeers);
    this.controls = new ControlAnswers(engine, asker, log);
    this.hub = new EventHub(clock, engine.dagSnapshot());
    ActorRef<NodeEvent> events = context.messageAdapter(NodeEvent.class, Happened::new);
    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, events));
    context.pipeToSelf(
        peers.listPeers(),
        (list, failure) ->
            new ConnectedBefore(
                list == null ? List.of() : list.peers().stream().map(PeerReport::info).toList()));
    timers.startTimerWithFixedDelay(Look.TICK, LOOK_INTERVAL);
  }

  /**
   * The actor.
   *
   * @param serving whether the node takes work; false once it begins to stop. Asked from the
   *     actor's thread.
   * @param chain what there is to say of the selected chain now. Asked likewise.
   * @param log what of the log can be turned up and down
   */
  public static Behavior<AdminCommand> create(
      Engine engine,
      NodeFacts facts,
      BooleanSupplier serving,
      Supplier<ChainFacts> chain,
      ClusterPort cluster,
      LogLevels log,
      InstantSource clock) {
    return Behaviors.transformMessages(
        AdminCommand.class,
        // An event that cannot be told is logged; the endpoint is needed most when something fails.
        Behaviors.supervise(
                Behaviors.<Message>setup(
                    context ->
                        Behaviors.withTimers(
                            timers ->
                                new AdminActor(
                                    context, timers, engine, facts, serving, chain, cluster, log,
                                    clock))))
            .onFailure(SupervisorStrategy.resume()),
        matched -> matched.matchAny(Asked::new));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Asked.class, asked -> answerOrFail(asked.command))
        .onMessage(Happened.class, happened -> publish(happened.event))
        .onMessage(ConnectedBefore.class, before -> note(before.peers))
        .onMessage(Look.class, tick -> look())
        .onMessage(MempoolSeen.class, seen -> publish(seen.info))
        .onSignal(PostStop.class, signal -> stop())
        .build();
  }

  private Behavior<Message> publish(NodeEvent event) {
    hub.publish(event);
    return this;
  }

  private Behavior<Message> note(List<PeerInfo> peers) {
    hub.noteConnected(peers);
    return this;
  }

  /** The mempool publishes nothing by itself: it is asked while somebody wants to know. */
  private Behavior<Message> look() {
    if (hub.isWanted(AdminEvent.Type.MEMPOOL_CHANGED)) {
      getContext()
          .pipeToSelf(
              asker.ask(engine.mempool(), Mempool.GetInfo::new, ANSWER_LIMIT),
              (info, failure) -> new MempoolSeen(info));
    }
    return this;
  }

  private Behavior<Message> publish(Mempool.@Nullable Info info) {
    if (info != null) {
      hub.publish(info);
    }
    return this;
  }

  private Behavior<Message> stop() {
    hub.close();
    return this;
  }

  /** What fails costs who asked an answer, and nobody else anything. */
  private Behavior<Message> answerOrFail(AdminCommand command) {
    try {
      return answer(command);
    } catch (RuntimeException e) {
      LOG.error("The admin endpoint could not answer {}", command.getClass().getSimpleName(), e);
      command.replyTo().tell(new AdminReply.Failed("this failed; the node's log says why"));
      return this;
    }
  }

  private Behavior<Message> answer(AdminCommand command) {
    switch (command) {
      case AdminCommand.GetNode c -> node(c.replyTo());
      case AdminCommand.GetDag c -> dag(c.replyTo());
      case AdminCommand.GetBlock c -> block(c);
      case AdminCommand.ListFlows c ->
          c.replyTo().tell(new AdminReply.FlowList(engine.flows(), engine.local()));
      case AdminCommand.GetCluster c ->
          reply(c.replyTo(), "peers", clusterAnswers.members(), Function.identity());
      case AdminCommand.ListClusterPeers c ->
          reply(c.replyTo(), "cluster", clusterAnswers.peers(), Function.identity());
      case AdminCommand.GetHealth c -> c.replyTo().tell(new AdminReply.HealthReport(health()));
      case AdminCommand.Watch c -> c.replyTo().tell(hub.add(c.buffer()));
      case AdminCommand.ListPeers c ->
          reply(
              c.replyTo(),
              "peers",
              peers.listPeers(),
              list -> new AdminReply.PeerList(list.peers()));
      case AdminCommand.GetPeer c ->
          reply(
              c.replyTo(),
              "peers",
              peers.find(c.peer()),
              found -> PeerAnswers.detail(c.peer(), found));
      case AdminCommand.ListDepartures c ->
          reply(
              c.replyTo(),
              "peers",
              asker.ask(engine.peers(), Peers.ListDepartures::new, ANSWER_LIMIT),
              list -> new AdminReply.DepartureList(list.departures()));
      case AdminCommand.ConnectPeer c -> peers.connect(c);
      case AdminCommand.HoldPeer c -> peers.hold(c);
      case AdminCommand.DisconnectPeer c -> peers.disconnect(c);
      case AdminCommand.ListBans c ->
          reply(
              c.replyTo(),
              "sanctions",
              asker.ask(engine.sanctions(), Sanctions.ListBans::new, ANSWER_LIMIT),
              list -> new AdminReply.BanList(list.bans()));
      case AdminCommand.AddBan c -> peers.addBan(c);
      case AdminCommand.RemoveBan c -> peers.removeBan(c);
      case AdminCommand.ListAddresses c ->
          reply(
              c.replyTo(),
              "addresses",
              asker.ask(engine.addresses(), AddressBook.ListAddresses::new, ANSWER_LIMIT),
              list -> new AdminReply.AddressList(list.addresses()));
      case AdminCommand.GetMempool c ->
          reply(
              c.replyTo(),
              "mempool",
              asker.ask(engine.mempool(), Mempool.GetInfo::new, ANSWER_LIMIT),
              AdminReply.MempoolReport::new);
      case AdminCommand.GetTransaction c -> transaction(c);
      case AdminCommand.SubmitBlock c -> submitBlock(c);
      case AdminCommand.SubmitTransaction c -> submitTransaction(c);
      case AdminCommand.GetBlockTemplate c -> blockTemplate(c);
      case AdminCommand.GetPolicy c -> controls.policy(c.replyTo());
      case AdminCommand.SetPolicyRow c -> controls.setPolicyRow(c);
      case AdminCommand.ResetPolicyRow c -> controls.resetPolicyRow(c);
      case AdminCommand.ListLimits c -> controls.limits(c.replyTo());
      case AdminCommand.SetLimit c -> controls.setLimit(c);
      case AdminCommand.ListLogLevels c -> controls.logLevels(c.replyTo());
      case AdminCommand.SetLogLevel c -> controls.setLogLevel(c);
      case AdminCommand.ListPermanent c -> controls.permanent(c.replyTo());
      case AdminCommand.ForgetPermanent c -> controls.forgetPermanent(c);
      case AdminCommand.RotateSync c -> controls.rotateSync(c.replyTo());
    }
    return this;
  }

  private void dag(ActorRef<AdminReply> replyTo) {
    DagSnapshot dag = engine.dagSnapshot();
    ChainFacts facts = chain.get();
    reply(
        replyTo,
        "dag",
        asker
            .ask(
                engine.dag(),
                (ActorRef<Optional<Header>> to) -> new Dag.GetHeader(dag.sink().hash(), to),
                ANSWER_LIMIT)
            // The rest is known even where no core can be asked.
            .exceptionally(_ -> Optional.empty()),
        sink ->
            new AdminReply.DagReport(
                engine.local().network(), dag, facts, sink.map(Header::utxoCommitment)));
  }

  private void node(ActorRef<AdminReply> replyTo) {
    SyncStatus sync = engine.syncStatus();
    reply(
        replyTo,
        "peers",
        peers.listPeers(),
        list -> {
          var syncPeer =
              list.peers().stream()
                  .map(PeerReport::info)
                  .filter(info -> sync.peer() != null && info.number() == sync.peer())
                  .findFirst();
          return new NodeReport(
              engine.local(),
              facts,
              isSynced(),
              sync,
              syncPeer,
              list.peers().size(),
              chain.get().stop());
        });
  }

  private void block(AdminCommand.GetBlock c) {
    Hash hash = c.hash();
    var place =
        asker.ask(
            engine.dag(), (ActorRef<Dag.Place> to) -> new Dag.GetPlace(hash, to), ANSWER_LIMIT);
    var header =
        asker.ask(
            engine.dag(),
            (ActorRef<Optional<Header>> to) -> new Dag.GetHeader(hash, to),
            ANSWER_LIMIT);
    var block =
        asker.ask(
            engine.dag(),
            (ActorRef<Optional<Block>> to) -> new Dag.GetBlock(hash, to),
            ANSWER_LIMIT);
    var together =
        place.thenCombine(
            header.thenCombine(block, HeaderAndBlock::new), (where, found) -> found.report(where));
    reply(
        c.replyTo(),
        "dag",
        together,
        found -> found.isPresent() ? found.get() : new AdminReply.NotFound("block " + hash));
  }

  private record HeaderAndBlock(Optional<Header> header, Optional<Block> block) {
    Optional<BlockReport> report(Dag.Place place) {
      return header.map(known -> new BlockReport(known, place, block));
    }
  }

  private void transaction(AdminCommand.GetTransaction c) {
    reply(
        c.replyTo(),
        "mempool",
        asker.ask(
            engine.mempool(),
            (ActorRef<Optional<Mempool.Description>> to) -> new Mempool.Describe(c.id(), to),
            ANSWER_LIMIT),
        found ->
            found.isPresent()
                ? new AdminReply.TransactionReport(found.get())
                : new AdminReply.NotFound("transaction " + c.id() + " in the mempool"));
  }

  private void submitBlock(AdminCommand.SubmitBlock c) {
    var refusal =
        gate.refusal(c.block(), isSynced(), engine.dagSnapshot().virtualDaaScore(), c.old());
    if (refusal.isPresent()) {
      c.replyTo().tell(refusal.get());
      return;
    }
    reply(
        c.replyTo(),
        "dag",
        asker.ask(
            engine.dag(),
            (ActorRef<Dag.BlockReply> to) ->
                new Dag.SubmitBlock(c.block(), Dag.LOCAL, c.bytes(), to),
            WORK_LIMIT),
        verdict ->
            verdict instanceof Dag.BlockReply.Busy(Hash hash) && !isCore()
                ? new AdminReply.BlockNotTaken(
                    hash,
                    AdminReply.BlockNotTaken.Why.CORE_UNAVAILABLE,
                    "no core of the cluster took it in time: see /api/v1/cluster, and try again")
                : new AdminReply.BlockVerdict(verdict));
  }

  /** Of an edge that is none the DAG is that of a core, which may be gone. */
  private boolean isCore() {
    return facts.roles().contains("core");
  }

  private void submitTransaction(AdminCommand.SubmitTransaction c) {
    Hash id = c.transaction().id();
    reply(
        c.replyTo(),
        "mempool",
        asker.ask(
            engine.mempool(),
            (ActorRef<Mempool.Results> to) ->
                c.replacement()
                    ? new Mempool.Replace(c.transaction(), c.bytes(), to)
                    : new Mempool.Submit(List.of(c.transaction()), Dag.LOCAL, c.bytes(), to),
            WORK_LIMIT),
        results -> {
          Mempool.Result result = results.byId().get(id);
          return result == null
              ? new AdminReply.Failed("the mempool gave no verdict on " + id)
              : new AdminReply.TransactionVerdict(id, result);
        });
  }

  private void blockTemplate(AdminCommand.GetBlockTemplate c) {
    reply(
        c.replyTo(),
        "mempool",
        asker.ask(
            engine.mempool(),
            (ActorRef<Mempool.TemplateReply> to) ->
                new Mempool.GetBlockTemplate(c.payTo(), c.extraData(), to),
            WORK_LIMIT),
        made ->
            switch (made) {
              case Mempool.TemplateReply.Made(var block, boolean synced) ->
                  new AdminReply.BlockTemplate(block, synced);
              case Mempool.TemplateReply.Refused(String why) -> new AdminReply.Refused(why);
              case Mempool.TemplateReply.Busy _ ->
                  new AdminReply.Unavailable(
                      isCore()
                          ? "too many ask for block templates: try again"
                          : "no core of the cluster made a template in time: see /api/v1/cluster,"
                              + " and try again");
            });
  }

  private Health health() {
    return new Health(true, cluster.isJoined(), isSynced(), serving.getAsBoolean());
  }

  private boolean isSynced() {
    return engine.syncStatus().state() == SyncStatus.State.SYNCED && chain.get().stop().isEmpty();
  }
}
