package kaspeer.engine.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import kaspeer.engine.SteadyClock;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.Link;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps as many outbound peers as wanted: permanent ones for ever, then the anchors of the last
 * run, then what the address book offers, from networks we are not in yet; and asks seeders when
 * the book has nothing left. Dials run side by side. When no peer is missing, it now and then dials
 * an address only to see whether it answers.
 */
public final class Dialler extends AbstractMatchingBehavior<DialCommand> {
  private static final Logger LOG = LoggerFactory.getLogger(Dialler.class);

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** An address book that was started anew does not answer what it was asked before. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /**
   * What the actor works on.
   *
   * @param outboundTarget outbound peers to hold at this moment
   * @param connect opens a link; fails if that does not come about
   * @param resolve looks up a DNS name, without blocking the caller
   * @param mayDial whether an address is this node's to dial, and not another one's of its cluster
   */
  public record Setup(
      DialPlan plan,
      IntSupplier outboundTarget,
      List<InetSocketAddress> anchors,
      Function<InetSocketAddress, CompletionStage<Link>> connect,
      Function<String, CompletionStage<List<InetAddress>>> resolve,
      ActorRef<AddressBookActor.Command> addresses,
      PermanentPeers permanent,
      BanTable bans,
      Predicate<NetAddress> mayDial,
      WriteBehind store,
      InstantSource clock,
      RandomGenerator random,
      EngineMetrics metrics) {}

  private final Setup setup;
  private final ActorRef<PeersCommand> peers;
  private final ActorRef<AddressBookActor.Chosen> chosen;
  private final ActorRef<AddressBookActor.Doubted> doubted;
  private final SteadyClock steady;
  private final PermanentDials held;
  private final BackOff backOff;
  private final Seeding seeding;
  private final Deque<InetSocketAddress> anchors;

  /** Who waits for a dial that is under way, by its address. */
  private final Map<InetSocketAddress, List<ActorRef<Peers.DialReply>>> dialling = new HashMap<>();

  private final Feelers feelers;
  private final Map<Long, PeerInfo> connected = new HashMap<>();
  private List<NetAddress> storedAnchors = List.of();

  /** When the book was asked what it has not answered yet, by {@link #steady}. */
  private @Nullable Instant askedAt;

  private boolean stopped;

  private Dialler(
      ActorContext<DialCommand> context,
      TimerScheduler<DialCommand> timers,
      Setup setup,
      ActorRef<PeersCommand> peers) {
    super(context);
    this.setup = setup;
    this.peers = peers;
    this.chosen =
        context.messageAdapter(
            AddressBookActor.Chosen.class, reply -> new DialCommand.Offered(reply.addresses()));
    this.doubted =
        context.messageAdapter(
            AddressBookActor.Doubted.class, reply -> new DialCommand.Feel(reply.address()));
    this.feelers = new Feelers(setup.random);
    this.steady = new SteadyClock(setup.clock);
    this.backOff = new BackOff(setup.random);
    this.seeding = new Seeding(setup.plan.seeders(), setup.random);
    this.anchors = new ArrayDeque<>(setup.plan.findPeers() ? setup.anchors : List.of());
    this.held =
        new PermanentDials(new DialsForHeld(), setup.permanent, setup.bans, setup.clock, steady);
    setup.plan.permanent().forEach(held::hold);
    timers.startTimerWithFixedDelay(DialCommand.Tick.LOOK, INTERVAL);
    context.getSelf().tell(DialCommand.Tick.LOOK);
  }

  public static Behavior<DialCommand> create(Setup setup, ActorRef<PeersCommand> peers) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Dialler(context, timers, setup, peers)));
  }

  @Override
  public Behavior<DialCommand> onMessage(DialCommand command) {
    switch (command) {
      case DialCommand.Order order -> onOrder(order);
      case DialCommand.Hold(var target, var replyTo) -> held.hold(target, replyTo);
      case DialCommand.Forget(var address) -> held.forget(address);
      case DialCommand.ListHeld(var replyTo) -> replyTo.tell(new Peers.PermanentList(held.list()));
      case DialCommand.Release(var target, var replyTo) -> replyTo.tell(held.release(target));
      case DialCommand.Linked(var address, var link) -> onLinked(address, link);
      case DialCommand.Failed(var address, var why) -> onFailed(address, why);
      case DialCommand.Connected(var info) -> onConnected(info);
      case DialCommand.Answered(var address) -> onAnswered(address);
      case DialCommand.Refused(var departure) -> onRefused(departure);
      case DialCommand.Lost(var info, var at) -> onLost(info, at);
      case DialCommand.Offered(var addresses) -> onOffered(addresses);
      case DialCommand.Feel(var address) -> feel(address.toSocket());
      case DialCommand.Resolved(var host, var addresses) -> onResolved(host, addresses);
      case DialCommand.Found(var target, var addresses) -> held.found(target, addresses);
      case DialCommand.Tick _ -> look();
      case DialCommand.Stop _ -> stopped = true;
    }
    return this;
  }

  private void onOrder(DialCommand.Order order) {
    InetSocketAddress address = order.address();
    if (!DialTarget.isOfPeer(address)) {
      reply(
          order.replyTo(),
          new Peers.DialReply.Failed(DialTarget.of(address) + " is no address to dial"));
    } else if (setup.bans.isBanned(address.getAddress(), now())) {
      reply(
          order.replyTo(),
          new Peers.DialReply.Failed(address.getAddress().getHostAddress() + " is banned"));
    } else {
      if (order.permanent()) {
        held.hold(DialTarget.of(address));
      }
      if (order.replyTo() != null) {
        dial(address);
        tellOfDial(address, order.replyTo());
      }
    }
  }

  /** Whoever ordered a dial hears how it ends, or why there is none. */
  private void tellOfDial(InetSocketAddress address, ActorRef<Peers.DialReply> replyTo) {
    List<ActorRef<Peers.DialReply>> waiters = dialling.get(address);
    if (waiters != null) {
      waiters.add(replyTo);
    } else {
      String why = stopped ? "the node ends" : "held by another member";
      replyTo.tell(new Peers.DialReply.Failed(why));
    }
  }

  /** Dials what is due and what is missing. */
  private void look() {
    if (stopped) {
      return;
    }
    held.dialDue();
    while (missing() > 0 && !anchors.isEmpty()) {
      dial(anchors.remove());
    }
    boolean asking = askedAt != null && steady.instant().isBefore(askedAt.plus(ANSWER_TIMEOUT));
    if (setup.plan.findPeers() && missing() > 0 && !asking) {
      askedAt = steady.instant();
      setup.addresses.tell(new AddressBookActor.Choose(missing(), avoided(), groups(), chosen));
    } else if (maySpare() && feelers.isDue(steady.instant())) {
      setup.addresses.tell(new AddressBookActor.Doubt(avoided(), doubted));
    }
    rememberAnchors();
  }

  /** Whether a dial may be for something else than a peer: none is missing, and our line works. */
  private boolean maySpare() {
    return !stopped && setup.plan.findPeers() && !connected.isEmpty() && missing() <= 0;
  }

  private void feel(InetSocketAddress address) {
    if (maySpare() && !held.contains(address) && dial(address)) {
      feelers.began(address);
    }
  }

  private int missing() {
    return setup.outboundTarget.getAsInt() - connected.size() - dialling.size();
  }

  private Set<NetAddress> avoided() {
    Set<NetAddress> avoided = new HashSet<>(backOff.resting(steady.instant(), connected.isEmpty()));
    Stream.concat(dialling.keySet().stream(), connected.values().stream().map(PeerInfo::address))
        .map(NetAddress::of)
        .forEach(avoided::add);
    return avoided;
  }

  private Set<IpRange> groups() {
    Set<IpRange> groups = new HashSet<>();
    dialling.keySet().forEach(address -> groups.add(NetGroup.of(address.getAddress())));
    connected.values().forEach(info -> groups.add(NetGroup.of(info.address().getAddress())));
    return groups;
  }

  private void onOffered(List<NetAddress> addresses) {
    askedAt = null;
    for (NetAddress address : addresses) {
      if (!stopped && missing() > 0) {
        dial(address.toSocket());
      }
    }
    if (!stopped) {
      seed();
    }
  }

  /** Dials an address that may be dialled and is not yet. Returns whether it does. */
  private boolean dial(InetSocketAddress address) {
    if (stopped
        || isConnected(address)
        || dialling.containsKey(address)
        || !setup.mayDial.test(NetAddress.of(address))) {
      return false;
    }
    dialling.put(address, new ArrayList<>(1));
    getContext()
        .pipeToSelf(
            setup.connect.apply(address),
            (link, failure) ->
                failure == null
                    ? new DialCommand.Linked(address, link)
                    : new DialCommand.Failed(address, DialFailures.text(address, failure)));
    return true;
  }

  private void onLinked(InetSocketAddress address, Link link) {
    if (stopped || setup.bans.isBanned(address.getAddress(), now()) && !held.contains(address)) {
      link.abort("not wanted any more");
      onFailed(address, "not wanted any more");
    } else {
      peers.tell(new PeersCommand.Dialled(link, purpose(address), getContext().getSelf()));
    }
  }

  /** As it is wanted by now: somebody may have asked for it while it was dialled. */
  private DialPurpose purpose(InetSocketAddress address) {
    if (held.contains(address)) {
      return DialPurpose.PERMANENT;
    }
    boolean feeler =
        feelers.contains(address) && dialling.getOrDefault(address, List.of()).isEmpty();
    return feeler ? DialPurpose.FEELER : DialPurpose.PEER;
  }

  private void onAnswered(InetSocketAddress address) {
    setup.metrics.dial("answered");
    setup.addresses.tell(
        new AddressBookActor.Dialled(
            NetAddress.of(address), AddressBookActor.DialResult.CONNECTED));
    feelers.ended(address);
    List<ActorRef<Peers.DialReply>> waiters = dialling.remove(address);
    boolean wanted = waiters != null && !waiters.isEmpty() || held.contains(address);
    if (wanted) {
      dial(address);
    }
    if (waiters != null) {
      waiters.forEach(waiter -> tellOfDial(address, waiter));
    }
  }

  private void onConnected(PeerInfo info) {
    setup.metrics.dial("connected");
    InetSocketAddress address = info.address();
    NetAddress net = NetAddress.of(address);
    connected.put(info.number(), info);
    finish(address, new Peers.DialReply.Connected(info.number()));
    backOff.succeeded(net);
    held.connected(address);
    setup.addresses.tell(new AddressBookActor.Dialled(net, AddressBookActor.DialResult.CONNECTED));
  }

  private void onFailed(InetSocketAddress address, String why) {
    setup.metrics.dial("failed");
    rest(address, why);
    // With nobody connected, the fault may be our line: then nobody is struck off the book for it.
    AddressBookActor.DialResult result =
        connected.isEmpty()
            ? AddressBookActor.DialResult.DOUBTFUL
            : AddressBookActor.DialResult.FAILED;
    setup.addresses.tell(new AddressBookActor.Dialled(NetAddress.of(address), result));
  }

  /**
   * That a peer is connected already says nothing against its address (protocol reference 7.1), but
   * that there is no need to dial it soon.
   */
  private void onRefused(Departure departure) {
    InetSocketAddress address = departure.info().address();
    String why = departure.reason() + ": " + departure.detail();
    if (departure.isOfDuplicate()) {
      setup.metrics.dial("duplicate");
      rest(address, why);
    } else {
      onFailed(address, why);
    }
  }

  /** A dial came to nothing: leaves the address alone for some time. */
  private void rest(InetSocketAddress address, String why) {
    LOG.debug("Could not connect to {}: {}", address, why);
    finish(address, new Peers.DialReply.Failed(why));
    backOff.failed(NetAddress.of(address), steady.instant(), connected.isEmpty());
    held.failed(address);
    getContext().getSelf().tell(DialCommand.Tick.LOOK);
  }

  private void finish(InetSocketAddress address, Peers.DialReply reply) {
    feelers.ended(address);
    List<ActorRef<Peers.DialReply>> waiters = dialling.remove(address);
    if (waiters != null) {
      waiters.forEach(waiter -> waiter.tell(reply));
    }
  }

  private static void reply(@Nullable ActorRef<Peers.DialReply> replyTo, Peers.DialReply reply) {
    if (replyTo != null) {
      replyTo.tell(reply);
    }
  }

  private void onLost(PeerInfo info, Instant at) {
    if (connected.remove(info.number()) == null) {
      // It had only to answer.
      return;
    }
    held.lost(info, at);
    backOff.failed(NetAddress.of(info.address()), steady.instant(), false);
    getContext().getSelf().tell(DialCommand.Tick.LOOK);
  }

  private boolean isConnected(InetSocketAddress address) {
    return connected.values().stream().anyMatch(info -> info.address().equals(address));
  }

  private void seed() {
    for (String host : seeding.due(missing(), setup.outboundTarget.getAsInt(), steady.instant())) {
      getContext()
          .pipeToSelf(
              setup.resolve.apply(host),
              (addresses, failure) ->
                  new DialCommand.Resolved(host, failure == null ? addresses : List.of()));
    }
  }

  private void onResolved(String host, List<InetAddress> addresses) {
    LOG.info("Seeder {} named {} addresses", host, addresses.size());
    if (!addresses.isEmpty()) {
      List<NetAddress> found =
          addresses.stream()
              .map(address -> new NetAddress(address, setup.plan.seedPort()))
              .toList();
      setup.addresses.tell(new AddressBookActor.Seeded(host, found));
      getContext().getSelf().tell(DialCommand.Tick.LOOK);
    }
  }

  /** What permanent peers need of the dialler. */
  private final class DialsForHeld implements PermanentDials.Dials {
    @Override
    public void dial(InetSocketAddress address) {
      Dialler.this.dial(address);
    }

    @Override
    public @Nullable List<ActorRef<Peers.DialReply>> waiters(InetSocketAddress address) {
      return dialling.get(address);
    }

    @Override
    public Collection<PeerInfo> connected() {
      return connected.values();
    }

    @Override
    public void resolve(DialTarget target) {
      getContext()
          .pipeToSelf(
              setup.resolve.apply(target.host()),
              (addresses, failure) ->
                  new DialCommand.Found(target, failure == null ? addresses : List.of()));
    }

    @Override
    public void disconnect(PeerInfo info, String why) {
      ActorRef<Boolean> nobody = getContext().getSystem().ignoreRef();
      peers.tell(new PeersCommand.Outside(new Peers.Disconnect(info.number(), why, nobody)));
    }
  }

  private void rememberAnchors() {
    List<NetAddress> oldest = Anchors.among(connected.values());
    // Those of the last run stay until there are new ones: a line that is down must not cost us
    // them.
    if (!oldest.isEmpty() && !oldest.equals(storedAnchors)) {
      storedAnchors = oldest;
      Anchors.store(oldest, setup.store);
    }
  }

  /** What bans go by; pauses go by {@link #steady}. */
  private Instant now() {
    return setup.clock.instant();
  }
}
