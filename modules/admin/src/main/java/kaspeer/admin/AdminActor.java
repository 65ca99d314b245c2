package kaspeer.admin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import kaspeer.admin.AdminReply.BlockReport;
import kaspeer.admin.AdminReply.NodeReport;
import kaspeer.admin.events.EventHub;
import kaspeer.engine.Engine;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.peers.PeerReport;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Answers an operator's questions by asking the actors that know. It keeps nothing of the node
 * itself, only who watches its events, so it never waits: every answer goes straight from the one
 * who knows to the one who asked.
 */
public final class AdminActor extends AbstractBehavior<AdminActor.Message> {
  /**
   * How long a part of the node may take to answer; dialling and judging a block may take {@link
   * #WORK_LIMIT}.
   */
  public static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  /** Longer than a handshake may take. */
  public static final Duration WORK_LIMIT = Duration.ofSeconds(20);

  private final Engine engine;
  private final NodeFacts facts;
  private final BooleanSupplier serving;
  private final EventHub hub;

  /** What the actor takes: commands, and the node's own events. */
  sealed interface Message {}

  private record Asked(AdminCommand command) implements Message {}

  private record Happened(NodeEvent event) implements Message {}

  private AdminActor(
      ActorContext<Message> context,
      Engine engine,
      NodeFacts facts,
      BooleanSupplier serving,
      InstantSource clock) {
    super(context);
    this.engine = engine;
    this.facts = facts;
    this.serving = serving;
    this.hub = new EventHub(clock, engine.dagSnapshot().sink().hash());
    ActorRef<NodeEvent> events = context.messageAdapter(NodeEvent.class, Happened::new);
    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(NodeEvent.class, events));
  }

  /**
   * The actor.
   *
   * @param serving whether the node takes work; false once it begins to stop. Asked from the
   *     actor's thread.
   */
  public static Behavior<AdminCommand> create(
      Engine engine, NodeFacts facts, BooleanSupplier serving, InstantSource clock) {
    return Behaviors.transformMessages(
        AdminCommand.class,
        Behaviors.<Message>setup(context -> new AdminActor(context, engine, facts, serving, clock)),
        matched -> matched.matchAny(Asked::new));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Asked.class, asked -> answer(asked.command))
        .onMessage(Happened.class, happened -> publish(happened.event))
        .onSignal(PostStop.class, signal -> stop())
        .build();
  }

  private Behavior<Message> publish(NodeEvent event) {
    hub.publish(event);
    return this;
  }

  private Behavior<Message> stop() {
    hub.close();
    return this;
  }

  private Behavior<Message> answer(AdminCommand command) {
    switch (command) {
      case AdminCommand.GetNode c -> node(c.replyTo());
      case AdminCommand.GetDag c ->
          c.replyTo()
              .tell(new AdminReply.DagReport(engine.local().network(), engine.dagSnapshot()));
      case AdminCommand.GetBlock c -> block(c);
      case AdminCommand.ListFlows c ->
          c.replyTo().tell(new AdminReply.FlowList(engine.flows(), engine.local()));
      case AdminCommand.GetCluster c -> cluster(c.replyTo());
      case AdminCommand.GetHealth c -> c.replyTo().tell(new AdminReply.HealthReport(health()));
      case AdminCommand.Watch c -> c.replyTo().tell(hub.add(c.buffer()));
      case AdminCommand.ListPeers c ->
          reply(c.replyTo(), "peers", listPeers(), list -> new AdminReply.PeerList(list.peers()));
      case AdminCommand.GetPeer c ->
          reply(c.replyTo(), "peers", find(c.peer()), AdminActor::detail);
      case AdminCommand.ListDepartures c ->
          reply(
              c.replyTo(),
              "peers",
              ask(engine.peers(), Peers.ListDepartures::new, ANSWER_LIMIT),
              list -> new AdminReply.DepartureList(list.departures()));
      case AdminCommand.ConnectPeer c -> connect(c);
      case AdminCommand.DisconnectPeer c -> disconnect(c);
      case AdminCommand.ListBans c ->
          reply(
              c.replyTo(),
              "sanctions",
              ask(engine.sanctions(), Sanctions.ListBans::new, ANSWER_LIMIT),
              list -> new AdminReply.BanList(list.bans()));
      case AdminCommand.AddBan c -> addBan(c);
      case AdminCommand.RemoveBan c -> removeBan(c);
      case AdminCommand.ListAddresses c ->
          reply(
              c.replyTo(),
              "addresses",
              ask(engine.addresses(), AddressBook.ListAddresses::new, ANSWER_LIMIT),
              list -> new AdminReply.AddressList(list.addresses()));
      case AdminCommand.GetMempool c ->
          reply(
              c.replyTo(),
              "mempool",
              ask(engine.mempool(), Mempool.GetInfo::new, ANSWER_LIMIT),
              AdminReply.MempoolReport::new);
      case AdminCommand.GetTransaction c -> transaction(c);
      case AdminCommand.SubmitBlock c -> submitBlock(c);
      case AdminCommand.SubmitTransaction c -> submitTransaction(c);
      case AdminCommand.GetBlockTemplate c -> blockTemplate(c);
    }
    return this;
  }

  private void node(ActorRef<AdminReply> replyTo) {
    SyncStatus sync = engine.syncStatus();
    reply(
        replyTo,
        "peers",
        listPeers(),
        list -> {
          var syncPeer =
              list.peers().stream()
                  .map(PeerReport::info)
                  .filter(info -> sync.peer() != null && info.number() == sync.peer())
                  .findFirst();
          return new NodeReport(
              engine.local(), facts, isSynced(), sync, syncPeer, list.peers().size());
        });
  }

  private void block(AdminCommand.GetBlock c) {
    Hash hash = c.hash();
    var place =
        ask(engine.dag(), (ActorRef<Dag.Place> to) -> new Dag.GetPlace(hash, to), ANSWER_LIMIT);
    var header =
        ask(
            engine.dag(),
            (ActorRef<Optional<Header>> to) -> new Dag.GetHeader(hash, to),
            ANSWER_LIMIT);
    var block =
        ask(
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

  private static AdminReply detail(Optional<PeerReport> found) {
    return found.isPresent()
        ? new AdminReply.PeerDetail(found.get())
        : new AdminReply.NotFound("connected peer");
  }

  private void connect(AdminCommand.ConnectPeer c) {
    CompletionStage<AdminReply> connected =
        ask(
                engine.peers(),
                (ActorRef<Peers.DialReply> to) -> new Peers.Dial(c.address(), c.permanent(), to),
                WORK_LIMIT)
            .thenCompose(
                dialled ->
                    switch (dialled) {
                      case Peers.DialReply.Connected(long number) -> withInfo(number, false);
                      case Peers.DialReply.AlreadyConnected(long number) -> withInfo(number, true);
                      case Peers.DialReply.Failed(String why) -> done(new AdminReply.Refused(why));
                    });
    reply(c.replyTo(), "peers", connected, Function.identity());
  }

  private CompletionStage<AdminReply> withInfo(long number, boolean known) {
    return find(new PeerKey.ByNumber(number))
        .thenApply(
            found -> new AdminReply.PeerConnected(found.map(PeerReport::info), number, known));
  }

  private void disconnect(AdminCommand.DisconnectPeer c) {
    CompletionStage<AdminReply> gone =
        find(c.peer())
            .thenCompose(
                found ->
                    found.isPresent()
                        ? disconnect(found.get(), c.reason())
                        : done(detail(Optional.empty())));
    reply(c.replyTo(), "peers", gone, Function.identity());
  }

  private CompletionStage<AdminReply> disconnect(PeerReport peer, String reason) {
    return ask(
            engine.peers(),
            (ActorRef<Boolean> to) -> new Peers.Disconnect(peer.info().number(), reason, to),
            ANSWER_LIMIT)
        .thenApply(was -> was ? new AdminReply.Done() : new AdminReply.NotFound("connected peer"));
  }

  private void addBan(AdminCommand.AddBan c) {
    reply(
        c.replyTo(),
        "sanctions",
        ask(
            engine.sanctions(),
            (ActorRef<Sanctions.BanReply> to) ->
                new Sanctions.AddBan(c.subject(), c.reason(), c.length(), c.evidence(), to),
            ANSWER_LIMIT),
        verdict ->
            switch (verdict) {
              case Sanctions.BanReply.Banned(var ban) -> new AdminReply.BanMade(ban);
              case Sanctions.BanReply.Refused(String why) -> new AdminReply.Refused(why);
            });
  }

  private void removeBan(AdminCommand.RemoveBan c) {
    reply(
        c.replyTo(),
        "sanctions",
        ask(
            engine.sanctions(),
            (ActorRef<Boolean> to) -> new Sanctions.RemoveBan(c.subject(), to),
            ANSWER_LIMIT),
        was -> was ? new AdminReply.Done() : new AdminReply.NotFound("ban of " + c.subject()));
  }

  private void transaction(AdminCommand.GetTransaction c) {
    reply(
        c.replyTo(),
        "mempool",
        ask(
            engine.mempool(),
            (ActorRef<Optional<Transaction>> to) -> new Mempool.Get(c.id(), to),
            ANSWER_LIMIT),
        found ->
            found.isPresent()
                ? new AdminReply.TransactionReport(found.get())
                : new AdminReply.NotFound("transaction " + c.id() + " in the mempool"));
  }

  private void submitBlock(AdminCommand.SubmitBlock c) {
    reply(
        c.replyTo(),
        "dag",
        ask(
            engine.dag(),
            (ActorRef<Dag.BlockReply> to) ->
                new Dag.SubmitBlock(c.block(), Dag.LOCAL, c.bytes(), to),
            WORK_LIMIT),
        AdminReply.BlockVerdict::new);
  }

  private void submitTransaction(AdminCommand.SubmitTransaction c) {
    Hash id = c.transaction().id();
    reply(
        c.replyTo(),
        "mempool",
        ask(
            engine.mempool(),
            (ActorRef<Mempool.Results> to) ->
                new Mempool.Submit(List.of(c.transaction()), Dag.LOCAL, c.bytes(), to),
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
        ask(
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
                  new AdminReply.Unavailable("too many ask for block templates");
            });
  }

  /** A node on its own is a cluster of one. */
  private void cluster(ActorRef<AdminReply> replyTo) {
    reply(
        replyTo,
        "peers",
        listPeers(),
        list ->
            new AdminReply.ClusterReport(
                List.of(
                    new AdminReply.ClusterReport.Member(
                        "local",
                        facts.roles(),
                        serving.getAsBoolean() ? "up" : "leaving",
                        list.peers().size(),
                        "local",
                        true))));
  }

  private Health health() {
    return new Health(true, true, isSynced(), serving.getAsBoolean());
  }

  private boolean isSynced() {
    return engine.syncStatus().state() == SyncStatus.State.SYNCED;
  }

  private CompletionStage<Peers.PeerList> listPeers() {
    return ask(engine.peers(), Peers.ListPeers::new, ANSWER_LIMIT);
  }

  private CompletionStage<Optional<PeerReport>> find(PeerKey key) {
    return switch (key) {
      case PeerKey.ByNumber(long number) ->
          ask(
              engine.peers(),
              (ActorRef<Optional<PeerReport>> to) -> new Peers.GetPeer(number, to),
              ANSWER_LIMIT);
      case PeerKey.ById id ->
          listPeers()
              .thenApply(
                  list -> list.peers().stream().filter(p -> id.matches(p.info())).findFirst());
    };
  }

  private static CompletionStage<AdminReply> done(AdminReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private <Q, A> CompletionStage<A> ask(
      ActorRef<Q> who,
      org.apache.pekko.japi.function.Function<ActorRef<A>, Q> question,
      Duration limit) {
    return AskPattern.ask(who, question, limit, getContext().getSystem().scheduler());
  }

  /** Passes an answer on, or says what went wrong. @param part who was asked */
  private static <A> void reply(
      ActorRef<AdminReply> replyTo,
      String part,
      CompletionStage<A> answer,
      Function<A, ? extends AdminReply> render) {
    answer
        .<AdminReply>thenApply(render)
        .exceptionally(failure -> failed(part, failure))
        .thenAccept(replyTo::tell);
  }

  private static AdminReply failed(String part, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof TimeoutException
        ? new AdminReply.TimedOut(part)
        : new AdminReply.Failed(cause.toString());
  }
}
