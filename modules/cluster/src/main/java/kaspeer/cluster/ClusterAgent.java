package kaspeer.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import kaspeer.cluster.core.CoreSession;
import kaspeer.cluster.core.Pushes;
import kaspeer.cluster.edge.Cores;
import kaspeer.cluster.edge.EdgeProxy;
import kaspeer.cluster.members.Downing;
import kaspeer.cluster.proto.AddressNews;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.BlockPush;
import kaspeer.cluster.proto.BlockTaken;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.Facts;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.SyncHint;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.Wire;
import kaspeer.engine.Engine;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.addresses.AddressBook;
import kaspeer.engine.addresses.AddressBook.AddressList;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Hash;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's part in the cluster: joins, tells all others of itself some times a second, hears of
 * them, serves edges, and shares what all have in common. Ends with its actor system, and starts
 * over with the next one.
 */
final class ClusterAgent extends AbstractMatchingBehavior<ClusterAgent.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterAgent.class);

  /** Name of the actor; part of the protocol. */
  static final String NAME = "agent";

  private static final Duration JOIN_INTERVAL = Duration.ofSeconds(10);
  private static final Duration DIAL_INTERVAL = Duration.ofSeconds(5);

  /** What the actor takes, besides what other members send. */
  sealed interface Command {}

  private record Received(MessageLite message) implements Command {}

  /** Something happened in the engine. */
  record Happened(NodeEvent event) implements Command {}

  /** Peers are told of these transactions. */
  record Announced(List<Hash> transactions, boolean again) implements Command {}

  /** A peer of an edge is worth syncing from. */
  record Hint(InetSocketAddress peer) implements Command {}

  /** It was decided whether this peer is a permanent one. */
  record Permanent(String address) implements Command {}

  private record Seeds(List<InetSocketAddress> found) implements Command {}

  private record BansChanged(Map<String, String> bans) implements Command {}

  private record DialsChanged(Map<String, String> dials) implements Command {}

  private record PermanentChanged(Map<String, String> peers) implements Command {}

  private record BookRead(@Nullable AddressList book) implements Command {}

  private record Quarantined() implements Command {}

  /** An edge does not use the DAG here any more. */
  record SessionEnded(String edge, ActorRef<CoreSession.Command> session) implements Command {}

  /** What the clock does. */
  enum Tick implements Command {
    BEAT,
    JOIN,
    DIAL,
    /** The member is about to leave. */
    LEAVE
  }

  private final Shared shared;
  private final Joining joining;
  private final Cluster cluster;
  private final ActorRefResolver resolver;
  private final String own;
  private final String address;
  private final Roster roster;
  private final Downing downing;
  private final SharedState common;
  private final SharedAddresses addresses = new SharedAddresses();
  private final Sessions sessions;
  private final CoreLinks links;
  private final Consumer<String> whenLost;
  private final @Nullable ActorRef<Pushes.Command> pushes;
  private boolean linked;
  private boolean agreed;
  private boolean lost;

  private ClusterAgent(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Shared shared,
      Seeding seeding,
      Consumer<String> whenLost) {
    super(context);
    this.shared = shared;
    this.cluster = Cluster.get(context.getSystem());
    this.resolver = ActorRefResolver.get(context.getSystem());
    this.own = resolver.toSerializationFormat(Facades.as(MessageLite.class, context.getSelf()));
    this.address = Roster.show(cluster.selfMember().address());
    this.roster = new Roster(address);
    this.joining = new Joining(shared, seeding, cluster, roster, this::agent);
    this.downing = new Downing(shared.options.times().downAfter());
    this.whenLost = whenLost;
    this.sessions = new Sessions(shared, context);
    this.links = new CoreLinks(shared, context.getSystem().ignoreRef());
    this.pushes = shared.options.isCore() ? spawnPushes(context) : null;
    ActorRef<Command> self = context.getSelf();
    this.common =
        new SharedState(
            shared,
            address,
            context,
            bans -> self.tell(new BansChanged(bans)),
            dials -> self.tell(new DialsChanged(dials)),
            peers -> self.tell(new PermanentChanged(peers)));
    context
        .getSystem()
        .eventStream()
        .tell(
            new EventStream.Subscribe<>(
                ThisActorSystemQuarantinedEvent.class,
                context.messageAdapter(
                    ThisActorSystemQuarantinedEvent.class, _ -> new Quarantined())));
    timers.startTimerWithFixedDelay(Tick.BEAT, shared.options.times().beat());
    timers.startTimerWithFixedDelay(Tick.JOIN, Duration.ZERO, JOIN_INTERVAL);
    timers.startTimerWithFixedDelay(Tick.DIAL, DIAL_INTERVAL);
  }

  private ActorRef<Pushes.Command> spawnPushes(ActorContext<Command> context) {
    ActorRef<Pushes.Command> actor =
        context.spawn(
            Pushes.create(new Pushes.Setup(address, () -> shared.engine, shared.metrics.pushes())),
            "pushes");
    context.watch(actor);
    return actor;
  }

  /**
   * Takes messages of other members too.
   *
   * @param whenLost hears once that this member has been put out
   */
  static Behavior<Command> create(Shared shared, Seeding seeding, Consumer<String> whenLost) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new ClusterAgent(context, timers, shared, seeding, whenLost)));
    return Facades.accepting(behavior, new Facades.Foreign<>(MessageLite.class, Received::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Received(var message) -> {
        try {
          onMessage(message);
        } catch (MalformedMessageException | IllegalArgumentException unreadable) {
          LOG.warn("A message of another member makes no sense here: {}", unreadable.getMessage());
        }
      }
      case SessionEnded(var edge, var session) -> sessions.ended(edge, session);
      case Happened(NodeEvent.Dag(DagEvent event)) -> {
        sessions.happened(event);
        if (event instanceof DagEvent.BlockAdded added && added.announce()) {
          push(new Pushes.Added(added.header().hash()));
        }
      }
      case Happened(var event) -> common.onEvent(event);
      case Announced(var ids, var again) -> sessions.announced(ids, again);
      case Hint(var peer) -> {
        SyncHint hint = SyncHint.newBuilder().setAddress(NetAddress.of(peer).toString()).build();
        roster.cores(this::agent).forEach(core -> core.agent().tell(hint));
      }
      case Permanent(var address) -> common.permanent(address);
      case Seeds(var found) -> joining.join(found, facts());
      case BansChanged(var bans) -> common.onBans(bans);
      case DialsChanged(var dials) -> common.onDials(dials);
      case PermanentChanged(var peers) -> common.onPermanent(peers);
      case BookRead(var book) -> onBook(book);
      case Quarantined _ -> lose("another part of the cluster has put this member out");
      case Tick.BEAT -> beat();
      case Tick.JOIN -> lookForSeeds();
      case Tick.DIAL -> {
        links.look();
        readBook();
      }
      case Tick.LEAVE -> leave();
    }
    return this;
  }

  private void onMessage(MessageLite message) {
    switch (message) {
      case Facts facts when facts.getNetwork().equals(network()) -> onFacts(facts);
      case Attach attach -> sessions.attach(attach, resolver.resolveActorRef(attach.getEdge()));
      case SyncHint hint ->
          NetAddress.parse(hint.getAddress()).map(NetAddress::toSocket).ifPresent(links::hint);
      case BlockPush block -> push(new Pushes.Pushed(block));
      case BlockTaken taken -> push(new Pushes.Taken(taken));
      case AddressNews news -> {
        Engine engine = shared.engine;
        if (engine != null) {
          addresses.heard(news, engine, shared.options.listen());
        }
      }
      case Attached _, Detach _, Piece _, More _, Dropped _, News _ -> {
        ActorRef<EdgeProxy.Command> proxy = shared.proxy;
        if (proxy != null) {
          proxy.tell(new EdgeProxy.FromCore(message));
        }
      }
      default -> {}
    }
  }

  private void push(Pushes.Command command) {
    if (pushes != null) {
      pushes.tell(command);
    }
  }

  private void readBook() {
    Engine engine = shared.engine;
    if (engine != null) {
      CompletionStage<AddressList> book =
          AskPattern.ask(
              engine.addresses(),
              AddressBook.ListAddresses::new,
              DIAL_INTERVAL,
              getContext().getSystem().scheduler());
      getContext().pipeToSelf(book, (read, _) -> new BookRead(read));
    }
  }

  private void onBook(@Nullable AddressList book) {
    if (book != null) {
      AddressNews news = addresses.news(book, roster.addresses());
      if (news.getAddressesCount() > 0) {
        roster.others().forEach(other -> agent(other.address()).tell(news));
      }
    }
  }

  private String network() {
    return shared.options.network().optionName();
  }

  private void lookForSeeds() {
    if (!lost) {
      getContext()
          .pipeToSelf(joining.seeds(), (found, _) -> new Seeds(found == null ? List.of() : found));
    }
  }

  private void onFacts(Facts theirs) {
    roster.heard(theirs);
    if (!lost && shared.joined && joining.givesWay(theirs, facts())) {
      lose("a greater cluster has formed beside this one, with " + theirs.getAddress());
    }
  }

  private void beat() {
    if (lost) {
      return;
    }
    Member self = cluster.selfMember();
    MemberStatus status = self.status();
    boolean member = status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp());
    if (shared.joined
        && (status.equals(MemberStatus.down()) || status.equals(MemberStatus.removed()))) {
      lose("this member was put out");
      return;
    }
    roster.update(cluster.state());
    if (member) {
      shared.joined = true;
      agreeOnIdentity(self);
    }
    shared.members = roster.addresses();
    roster
        .others()
        .forEach(
            other ->
                NetAddress.parse(Roster.show(other.address()))
                    .map(NetAddress::toSocket)
                    .ifPresent(address -> shared.known.saw(address, System.nanoTime())));
    Facts facts = facts();
    roster.others().forEach(other -> agent(other.address()).tell(facts));
    shared.view = roster.view(self, facts);
    shared.cores = roster.corePeers();
    shared.memberIds = roster.memberIds();
    if (!shared.cores.isEmpty() && shared.engine != null && !linked) {
      linked = true;
      links.look();
    }
    List<Cores.Seen> cores = roster.cores(this::agent);
    push(new Pushes.CoresSeen(cores));
    ActorRef<EdgeProxy.Command> proxy = shared.proxy;
    if (proxy != null) {
      proxy.tell(new EdgeProxy.CoresSeen(cores, own));
    }
    if (member) {
      putOut();
      common.tidy(roster.addresses());
    }
  }

  private void putOut() {
    Set<String> out =
        downing.look(address, roster.counted(), roster.unreachable(), System.nanoTime());
    for (String gone : out) {
      LOG.warn("The member {} cannot be reached and is put out", gone);
      roster.address(gone).ifPresent(found -> cluster.manager().tell(new Down(found)));
    }
  }

  /**
   * The first member makes up the id that all show to peers; the others take it over, and so does
   * who comes from another cluster.
   */
  private void agreeOnIdentity(Member self) {
    if (agreed) {
      return;
    }
    Optional<UUID> known = roster.identity();
    if (known.isEmpty() && roster.isOldest(self)) {
      known = Optional.of(Objects.requireNonNullElseGet(shared.shown, UUID::randomUUID));
    }
    known.ifPresent(
        id -> {
          agreed = true;
          shared.shown = id;
          shared.identity.complete(id);
        });
  }

  private Facts facts() {
    Engine engine = shared.engine;
    UUID identity = agreed ? shared.shown : null;
    boolean core = shared.options.isCore();
    Facts.Builder facts =
        Facts.newBuilder()
            .setAddress(address)
            .setIdentity(identity == null ? ByteString.EMPTY : Wire.bytes(identity))
            .setMemberId(Wire.bytes(shared.memberId))
            .setCore(core && engine != null)
            .setP2PAddress(shared.p2pAddress)
            .setPeers(shared.peers.size())
            .setDag(core ? address : shared.edge.core())
            .setLeaving(shared.leaving)
            .setNetwork(network())
            .setMembers(roster.addresses().size());
    if (core && engine != null) {
      facts
          .setSynced(engine.syncStatus().state() == SyncStatus.State.SYNCED)
          .setDaaScore(engine.dagSnapshot().virtualDaaScore());
    } else if (!core) {
      facts.setSynced(shared.edge.isSynced()).setDaaScore(shared.edge.snapshot().virtualDaaScore());
    }
    return facts.build();
  }

  private ActorRef<MessageLite> agent(Address member) {
    return resolver.resolveActorRef(member + "/user/" + NAME);
  }

  private void leave() {
    shared.leaving = true;
    beat();
    sessions.close();
  }

  private void lose(String why) {
    if (!lost) {
      lost = true;
      whenLost.accept(why);
    }
  }
}
