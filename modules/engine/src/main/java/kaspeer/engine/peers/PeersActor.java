package kaspeer.engine.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.dial.DialCommand;
import kaspeer.engine.dial.DialPurpose;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.dial.PermanentPeers;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.peer.PeerCommand;
import kaspeer.engine.peer.PeerEnvironment;
import kaspeer.engine.peer.PeerSupervisor;
import kaspeer.engine.peer.TransactionBatch;
import kaspeer.engine.relay.RelayActor;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.transport.Link;
import kaspeer.wire.NetAddress;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected: takes in links, says who may stay, tells all peers of news, and knows why peers
 * left.
 */
public final class PeersActor extends AbstractMatchingBehavior<PeersCommand> {
  private static final Logger LOG = LoggerFactory.getLogger(PeersActor.class);

  /** A sink that stands still for so long is told to all who do not know of it. */
  private static final Duration SINK_REST = Duration.ofSeconds(2);

  /** How long peers have to end when the node does. */
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(3);

  /**
   * What the actor works on.
   *
   * @param limits changed by this actor alone; inbound peers above theirs make room for each other
   * @param connectedGroups kept at the number of networks that peers are in
   * @param dialler made as a child, given this actor
   */
  public record Setup(
      PeerEnvironment environment,
      BanTable bans,
      PermanentPeers permanent,
      PeerHosts hosts,
      LiveLimits limits,
      AtomicInteger connectedGroups,
      ActorRef<AddressBookActor.Command> addresses,
      ActorRef<DagActor.Command> dag,
      Function<ActorRef<PeersCommand>, Behavior<DialCommand>> dialler) {}

  private final TimerScheduler<PeersCommand> timers;
  private final Setup setup;
  private final PeerEnvironment environment;
  private final PeerRegistry registry;
  private final ConnectedPeers connected = new ConnectedPeers();
  private final Introductions introductions;
  private final Map<Long, PeersCommand.Dialled> handshaking = new HashMap<>();
  private final DepartureLog departures = new DepartureLog();
  private final TransactionBatch transactions = new TransactionBatch();
  private final SinkAtRest sinkAtRest = new SinkAtRest();
  private final ActorRef<DialCommand> dialler;
  private volatile Map<String, Double> counts = Map.of();
  private @Nullable ActorRef<Done> shutdown;

  private PeersActor(
      ActorContext<PeersCommand> context, TimerScheduler<PeersCommand> timers, Setup setup) {
    super(context);
    this.timers = timers;
    this.setup = setup;
    this.environment = setup.environment;
    this.registry = new PeerRegistry(() -> setup.limits.get(LiveLimits.Limit.MAX_IN_PEERS));
    this.introductions =
        new Introductions(
            registry,
            connected,
            setup.bans,
            setup.permanent,
            environment.neighbours(),
            environment.clock(),
            environment.local(),
            environment.metrics());
    environment.metrics().peers(() -> counts);
    environment
        .dag()
        .tell(
            new Dag.Subscribe(
                context.messageAdapter(DagEvent.class, PeersCommand.DagChanged::new)));
    ActorRef<NodeEvent.Banned> bans =
        context.messageAdapter(
            NodeEvent.Banned.class,
            event -> new PeersCommand.Banned(event.subject(), event.reason()));
    context
        .getSystem()
        .eventStream()
        .tell(new EventStream.Subscribe<>(NodeEvent.Banned.class, bans));
    this.dialler = context.spawn(setup.dialler.apply(context.getSelf()), "dialler");
    context.watch(dialler);
  }

  /** Takes {@link Peers} too. */
  public static Behavior<PeersCommand> create(Setup setup) {
    Behavior<PeersCommand> behavior =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new PeersActor(context, timers, setup)));
    return Facades.accepting(
        behavior, new Facades.Foreign<>(Peers.class, PeersCommand.Outside::new));
  }

  @Override
  public Behavior<PeersCommand> onMessage(PeersCommand command) {
    switch (command) {
      case PeersCommand.Outside(var request) -> onRequest(request);
      case PeersCommand.Accepted(var link) -> {
        if (!refused(link)) {
          boolean held = introductions.isPermanentHost(link);
          supervise(link, held ? DialPurpose.PERMANENT : DialPurpose.PEER);
        }
      }
      case PeersCommand.Dialled dialled -> {
        Link link = dialled.link();
        if (refused(link)) {
          String why = "no peers are taken in now";
          dialled.replyTo().tell(new DialCommand.Failed(link.remoteAddress(), why));
        } else {
          handshaking.put(link.id(), dialled);
          supervise(link, dialled.purpose());
        }
      }
      case PeersCommand.Identify(var peer, var id, var replyTo) ->
          introductions.identify(peer, id, replyTo);
      case PeersCommand.Introduced(var info) -> registry.opened(info);
      case PeersCommand.Ready ready -> onReady(ready);
      case PeersCommand.Pinged(var peer, var roundTrip) ->
          registry.entry(peer).ifPresent(entry -> entry.measured(roundTrip));
      case PeersCommand.Departed(var departure) -> onDeparted(departure);
      case PeersCommand.Stopped(var peer) -> onStopped(peer);
      case PeersCommand.Announce(var ids, var again) when again -> connected.announceAgain(ids);
      case PeersCommand.Announce(var ids, var _) -> onTransactions(ids);
      case PeersCommand.Blame(var peer, var code, var detail) ->
          connected.tell(peer, new PeerCommand.Blame(new FlowOutcome.Violation(code, detail)));
      case PeersCommand.DagChanged(DagEvent.BlockAdded added) -> onBlockAdded(added);
      case PeersCommand.DagChanged(DagEvent.StateChanged(var snapshot)) -> {
        if (sinkAtRest.moved(snapshot) && !timers.isTimerActive(PeersCommand.Tick.SINK)) {
          awaitRest();
        }
      }
      case PeersCommand.DagChanged(DagEvent _) -> {}
      case PeersCommand.Banned(var subject, var reason) -> onBanned(subject, reason);
      case PeersCommand.SendAway(var reason, var detail) ->
          connected.tellAll(new PeerCommand.Dismiss(reason, detail));
      case PeersCommand.Shutdown(var replyTo) -> onShutdown(replyTo);
      case PeersCommand.Tick.TRANSACTIONS -> connected.announce(transactions);
      case PeersCommand.Tick.SINK -> {
        if (sinkAtRest.look()) {
          connected.announceBlock(sinkAtRest.sink(), Dag.LOCAL);
        } else {
          awaitRest();
        }
      }
      case PeersCommand.Tick.SHUTDOWN_LATE -> finishShutdown();
    }
    return this;
  }

  /** Nobody would be dialled any more without the dialler: the node does not go on like that. */
  @Override
  public Behavior<PeersCommand> onSignal(Signal signal) {
    if (signal instanceof Terminated) {
      Throwable cause = signal instanceof ChildFailed failed ? failed.getCause() : null;
      throw new IllegalStateException("the dialler has ended", cause);
    }
    return this;
  }

  private void onRequest(Peers request) {
    switch (request) {
      case Peers.ListPeers(var replyTo) ->
          connected.reports(getContext(), reports -> replyTo.tell(new Peers.PeerList(reports)));
      case Peers.GetPeer(var number, var replyTo) ->
          connected.report(getContext(), number, replyTo::tell);
      case Peers.ListDepartures(var replyTo) ->
          replyTo.tell(new Peers.DepartureList(departures.list()));
      case Peers.Dial dial -> onDial(dial);
      case Peers.Hold(var target, var replyTo) -> onHold(target, replyTo);
      case Peers.Forget(var address) -> dialler.tell(new DialCommand.Forget(address));
      case Peers.ListPermanent(var replyTo) -> dialler.tell(new DialCommand.ListHeld(replyTo));
      case Peers.ForgetPermanent(var target, var replyTo) -> {
        // Wherever it is connected: of a cluster, one member is.
        InetSocketAddress literal = target.literal();
        if (literal != null) {
          environment.neighbours().permanent(literal, false);
        }
        dialler.tell(new DialCommand.Release(target, replyTo));
      }
      case Peers.ListLimits(var replyTo) -> replyTo.tell(setup.limits.report());
      case Peers.SetLimit(var limit, var value, var replyTo) -> replyTo.tell(onLimit(limit, value));
      case Peers.Disconnect(var number, var reason, var replyTo) -> {
        registry
            .entry(number)
            .filter(entry -> entry.info().permanent())
            .ifPresent(entry -> forget(entry.info()));
        replyTo.tell(connected.tell(number, new PeerCommand.Dismiss("operator", reason)));
      }
    }
  }

  private Peers.LimitReply onLimit(LiveLimits.Limit limit, int value) {
    Optional<String> objection = setup.limits.objection(limit, value);
    if (objection.isPresent()) {
      return new Peers.LimitReply.Refused(objection.get());
    }
    int before = setup.limits.get(limit);
    setup.limits.set(limit, value);
    LOG.info("From now on {} is {}, not {}", limit.text(), value, before);
    List<Long> surplus =
        switch (limit) {
          case OUT_PEERS -> registry.surplusOutbound(value);
          case MAX_IN_PEERS -> registry.surplus();
          case MAX_IN_PEERS_PER_IP, MAX_IN_PEERS_PER_PREFIX, MAX_PENDING, MAX_PENDING_PER_IP ->
              List.of();
        };
    surplus.forEach(
        peer ->
            connected.tell(peer, new PeerCommand.Dismiss("operator", "fewer peers are wanted")));
    dialler.tell(DialCommand.Tick.LOOK);
    return new Peers.LimitReply.Changed(limit, before, value, surplus.size());
  }

  private void onDial(Peers.Dial dial) {
    Optional<Long> present =
        registry.all().stream()
            .filter(entry -> entry.isReady() && entry.info().address().equals(dial.address()))
            .map(entry -> entry.info().number())
            .findFirst();
    if (present.isPresent()) {
      dial.replyTo().tell(new Peers.DialReply.AlreadyConnected(present.get()));
    }
    if (dial.permanent()) {
      environment.neighbours().permanent(dial.address(), true);
    }
    if (dial.permanent() || present.isEmpty()) {
      dialler.tell(
          new DialCommand.Order(
              dial.address(), dial.permanent(), present.isEmpty() ? dial.replyTo() : null));
    }
  }

  /** Of a cluster all members know an address that is held, but a name is its own member's. */
  private void onHold(DialTarget target, ActorRef<Peers.DialReply> replyTo) {
    InetSocketAddress literal = target.literal();
    if (literal != null
        && !setup.bans.isBanned(literal.getAddress(), environment.clock().instant())) {
      environment.neighbours().permanent(literal, true);
    }
    dialler.tell(new DialCommand.Hold(target, replyTo));
  }

  private void forget(PeerInfo permanent) {
    for (InetSocketAddress address : setup.permanent.heldFor(permanent)) {
      environment.neighbours().permanent(address, false);
      dialler.tell(new DialCommand.Forget(address));
    }
  }

  /** Ends a link that came about when nobody is taken in. Returns whether it did. */
  private boolean refused(Link link) {
    boolean closed = shutdown != null || !environment.neighbours().isOpen();
    if (closed) {
      link.abort("shutting down");
    }
    return closed;
  }

  private void supervise(Link link, DialPurpose purpose) {
    PeerInfo info = introductions.connecting(link, purpose == DialPurpose.PERMANENT);
    boolean stays = purpose != DialPurpose.FEELER;
    setup.hosts.connected(info.number(), info.address().getAddress());
    ActorRef<PeerCommand> supervisor =
        getContext()
            .spawn(
                PeerSupervisor.create(environment, getContext().getSelf(), link, info, stays),
                "peer-" + info.number());
    getContext().watchWith(supervisor, new PeersCommand.Stopped(info.number()));
    connected.add(info.number(), supervisor);
  }

  private void onReady(PeersCommand.Ready ready) {
    Optional<PeerInfo> known = registry.entry(ready.peer()).map(PeerRegistry.Entry::info);
    PeersCommand.Dialled dialled = handshaking.get(ready.peer());
    if (dialled != null && dialled.purpose() == DialPurpose.FEELER) {
      handshaking.remove(ready.peer());
      dialled.replyTo().tell(new DialCommand.Answered(dialled.link().remoteAddress()));
      connected.tell(ready.peer(), new PeerCommand.Dismiss("feeler", "it answers"));
      return;
    }
    if (known.isEmpty() || !introductions.ready(ready.peer())) {
      return;
    }
    PeerInfo info = known.get();
    ready
        .claimed()
        .ifPresent(
            claimed ->
                setup.addresses.tell(
                    new AddressBookActor.Claimed(
                        new NetAddress(claimed.getAddress(), claimed.getPort()),
                        info.address().getAddress())));
    if (dialled != null) {
      handshaking.remove(info.number());
      dialled.replyTo().tell(new DialCommand.Connected(info));
    }
    environment.lines().connected(info);
    publish(new NodeEvent.PeerConnected(info));
    recount();
  }

  private void onDeparted(Departure departure) {
    PeerInfo info = departure.info();
    departures.add(departure);
    boolean wasReady =
        introductions.departed(info.number()).filter(PeerRegistry.Entry::isReady).isPresent();
    PeersCommand.Dialled dialled = handshaking.remove(info.number());
    if (dialled != null) {
      dialled.replyTo().tell(new DialCommand.Refused(departure));
    } else if (info.isOutbound()) {
      dialler.tell(new DialCommand.Lost(info, departure.at()));
    }
    if (wasReady) {
      publish(new NodeEvent.PeerDisconnected(info, departure.reason(), departure.detail()));
      recount();
    }
  }

  /** The supervisor and its flows are gone: nothing more can come from them. */
  private void onStopped(long peer) {
    connected.remove(peer);
    setup.hosts.left(peer);
    registry
        .entry(peer)
        .ifPresent(
            entry -> {
              FlowOutcome failed = new FlowOutcome.LocalFault("the supervisor failed");
              onDeparted(
                  new Departure(
                      entry.info(),
                      environment.clock().instant(),
                      failed.typedReason(),
                      failed.detail(),
                      new Sanction.Disconnect().word()));
            });
    environment.relayActor().tell(new RelayActor.Left(peer));
    setup.dag.tell(new DagActor.PeerLeft(peer));
    if (shutdown != null && connected.isEmpty()) {
      finishShutdown();
    }
  }

  private void onBlockAdded(DagEvent.BlockAdded added) {
    registry.entry(added.origin()).ifPresent(PeerRegistry.Entry::broughtNews);
    if (added.announce()) {
      connected.announceBlock(added.header().hash(), added.origin());
    }
  }

  private void awaitRest() {
    timers.startSingleTimer(PeersCommand.Tick.SINK, PeersCommand.Tick.SINK, SINK_REST);
  }

  private void onTransactions(List<Hash> ids) {
    if (transactions.add(ids)) {
      connected.announce(transactions);
    } else if (!timers.isTimerActive(PeersCommand.Tick.TRANSACTIONS)) {
      timers.startSingleTimer(
          PeersCommand.Tick.TRANSACTIONS,
          PeersCommand.Tick.TRANSACTIONS,
          environment.settings().transactionBatch());
    }
  }

  private void onBanned(String subject, String reason) {
    FlowOutcome.Violation violation = new FlowOutcome.Violation(ViolationCode.BANNED, reason);
    IpRange.parse(subject)
        .ifPresent(
            range ->
                registry
                    .in(range)
                    .forEach(peer -> connected.tell(peer, new PeerCommand.Blame(violation))));
  }

  private void onShutdown(ActorRef<Done> replyTo) {
    shutdown = replyTo;
    dialler.tell(DialCommand.Stop.NOW);
    connected.tellAll(new PeerCommand.Dismiss("shutdown", "the node ends"));
    if (connected.isEmpty()) {
      finishShutdown();
    } else {
      timers.startSingleTimer(
          PeersCommand.Tick.SHUTDOWN_LATE, PeersCommand.Tick.SHUTDOWN_LATE, SHUTDOWN_TIMEOUT);
    }
  }

  private void finishShutdown() {
    if (shutdown != null) {
      shutdown.tell(Done.getInstance());
    }
  }

  private void recount() {
    counts = registry.counts();
    setup.connectedGroups.set(registry.groups());
  }

  private void publish(NodeEvent event) {
    getContext().getSystem().eventStream().tell(new EventStream.Publish<>(event));
  }
}
