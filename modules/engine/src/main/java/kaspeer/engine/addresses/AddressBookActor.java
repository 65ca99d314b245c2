package kaspeer.engine.addresses;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.SteadyClock;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.engine.net.Routability;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.peers.Addresses;
import kaspeer.primitives.Network;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Where peers can be found. Believes gossip as far as {@link Routability} and the quota of its
 * source go, answers peers with a sample that stays the same for a while (so that asking again
 * tells nobody more), and chooses whom to dial.
 */
public final class AddressBookActor extends AbstractMatchingBehavior<AddressBookActor.Command> {
  /** How long one sample is given out. */
  static final Duration SAMPLE_LIFE = Duration.ofMinutes(10);

  /** Addresses in a sample: what every receiver accepts (protocol reference 5.1). */
  static final int SAMPLE_SIZE = 1000;

  /** Addresses that change often are written so often and no more. */
  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(10);

  /** What the actor takes, besides {@link Addresses} and {@link AddressBook}. */
  public sealed interface Command {}

  private record FromFlow(Addresses request) implements Command {}

  private record Outside(AddressBook request) implements Command {}

  /** Addresses that a DNS seeder returned. */
  public record Seeded(String host, List<NetAddress> addresses) implements Command {}

  /**
   * A peer says it can be reached here; believed if that is the address its connection came from.
   *
   * @param remote the other end of the connection
   */
  public record Claimed(NetAddress address, InetAddress remote) implements Command {}

  /** How a dial ended. */
  public record Dialled(NetAddress address, DialResult result) implements Command {}

  /** Whether a handshake came about. */
  public enum DialResult {
    CONNECTED,
    FAILED,
    /** It did not, but that may be our own fault: noted, and nobody is struck off for it. */
    DOUBTFUL
  }

  /**
   * Asks whom to dial.
   *
   * @param except addresses that are connected, being dialled, or to be left alone for now; where
   *     peers are spread over the world, their hosts are left alone too
   * @param groups networks that outbound peers are in already
   */
  public record Choose(
      int count, Set<NetAddress> except, Set<IpRange> groups, ActorRef<Chosen> replyTo)
      implements Command {}

  /**
   * Asks for an address to dial only to see whether it answers: one whose place another waits for,
   * or one that was never reached. No answer if there is none.
   *
   * @param except addresses to leave alone, as in {@link Choose}
   */
  public record Doubt(Set<NetAddress> except, ActorRef<Doubted> replyTo) implements Command {}

  /** An address of which it is not known whether it answers. */
  public record Doubted(NetAddress address) {}

  /** Whom to dial, best first. */
  public record Chosen(List<NetAddress> addresses) {}

  private record Banned(String subject) implements Command {}

  private enum Flush implements Command {
    TICK
  }

  /**
   * What the actor works on.
   *
   * @param own where peers reach us, which is nothing to dial; null if that is not known
   * @param stored addresses of an earlier run
   */
  public record Setup(
      Network network,
      @Nullable NetAddress own,
      Collection<StoredAddresses.Stored> stored,
      long secret,
      BanTable bans,
      WriteBehind store,
      InstantSource clock,
      RandomGenerator random,
      EngineMetrics metrics) {}

  private final Setup setup;
  private final SteadyClock steady;
  private final AddressTable table;
  private final SourceQuota quota = new SourceQuota();
  private final Set<NetAddress> changed = new LinkedHashSet<>();
  private List<NetAddress> sample = List.of();
  private Instant sampledAt = Instant.MIN;
  private int sampledFrom;
  private volatile int size;

  private AddressBookActor(ActorContext<Command> context, Setup setup) {
    super(context);
    this.setup = setup;
    this.steady = new SteadyClock(setup.clock);
    this.table =
        new AddressTable(setup.secret, address -> setup.store.delete(AddressCodec.key(address)));
    setup.stored.stream()
        .map(StoredAddresses.Stored::known)
        .filter(known -> !known.address().equals(setup.own))
        .forEach(table::restore);
    size = table.size();
    setup.metrics.knownAddresses(() -> size);
    ActorRef<NodeEvent.Banned> bans =
        context.messageAdapter(NodeEvent.Banned.class, event -> new Banned(event.subject()));
    context
        .getSystem()
        .eventStream()
        .tell(new EventStream.Subscribe<>(NodeEvent.Banned.class, bans));
  }

  /** Takes {@link Addresses} and {@link AddressBook} too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerWithFixedDelay(Flush.TICK, FLUSH_INTERVAL);
                      return new AddressBookActor(context, setup);
                    }));
    return Facades.accepting(
        behavior,
        new Facades.Foreign<>(AddressBook.class, Outside::new),
        new Facades.Foreign<>(Addresses.class, FromFlow::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case FromFlow(Addresses.Offer(var addresses, var source)) -> onOffer(addresses, source);
      case FromFlow(Addresses.Sample(var max, var replyTo)) ->
          replyTo.tell(new Addresses.Sampled(sample(max)));
      case Outside(AddressBook.ListAddresses(var replyTo)) ->
          replyTo.tell(new AddressBook.AddressList(reports()));
      case Seeded(var host, var addresses) ->
          addresses.forEach(address -> add(address, new AddressSource.Seeder(host)));
      case Claimed(var address, var remote) -> {
        if (IpRange.of(address.ip()).contains(remote)) {
          add(address, new AddressSource.Peer(remote));
        }
      }
      case Dialled(var address, var result) -> onDialled(address, result);
      case Choose choose -> choose.replyTo().tell(new Chosen(choose(choose)));
      case Doubt doubt -> doubtful(doubt.except).ifPresent(a -> doubt.replyTo.tell(new Doubted(a)));
      case Banned(var subject) -> IpRange.parse(subject).ifPresent(table::removeAll);
      case Flush _ -> flush();
    }
    size = table.size();
    return this;
  }

  private void onOffer(List<NetAddress> addresses, InetAddress source) {
    List<NetAddress> unknown = addresses.stream().filter(this::isAcceptable).distinct().toList();
    int allowed = quota.take(source, unknown.size(), setup.clock.instant());
    setup.metrics.addressesRefused().add(addresses.size() - allowed);
    unknown.subList(0, allowed).forEach(address -> add(address, new AddressSource.Peer(source)));
  }

  private boolean isAcceptable(NetAddress address) {
    return Routability.acceptsGossip(address.ip(), address.port(), setup.network)
        && !address.equals(setup.own);
  }

  private boolean isWelcome(NetAddress address) {
    return isAcceptable(address) && !setup.bans.isBanned(address.ip(), setup.clock.instant());
  }

  private void add(NetAddress address, AddressSource source) {
    if (isWelcome(address)) {
      table.add(address, source, setup.clock.instant()).ifPresent(known -> changed.add(address));
    }
  }

  private void onDialled(NetAddress address, DialResult result) {
    Instant now = setup.clock.instant();
    Optional<KnownAddress> known =
        switch (result) {
          case CONNECTED -> {
            if (isWelcome(address)) {
              table.addTried(address, AddressSource.Own.DIALLED, now);
            }
            yield table.succeeded(address, now);
          }
          case FAILED -> table.failed(address, true);
          case DOUBTFUL -> table.failed(address, false);
        };
    known.ifPresent(_ -> changed.add(address));
  }

  private List<NetAddress> sample(int max) {
    Instant now = steady.instant();
    boolean grown = table.size() >= 2 * sampledFrom;
    if (grown || sampledAt.plus(SAMPLE_LIFE).isBefore(now)) {
      sample = table.sample(SAMPLE_SIZE, setup.random);
      sampledAt = now;
      sampledFrom = table.size();
    }
    return sample.size() <= max ? sample : sample.subList(0, max);
  }

  private List<NetAddress> choose(Choose choose) {
    boolean diverse = Routability.isDiverse(setup.network);
    return DialCandidates.choose(
        table.all(),
        choose.count,
        mayBeDialled(choose.except)
            .and(known -> !(diverse && choose.groups.contains(NetGroup.of(known.address().ip())))),
        diverse,
        setup.random);
  }

  private Optional<NetAddress> doubtful(Set<NetAddress> except) {
    Predicate<KnownAddress> allowed = mayBeDialled(except);
    return table
        .contested(allowed)
        .or(
            () ->
                DialCandidates.choose(
                        table.all(), 1, allowed.and(known -> !known.isTried()), false, setup.random)
                    .stream()
                    .findFirst());
  }

  /** That it is none of these, nor banned; nor of their hosts where peers are spread. */
  private Predicate<KnownAddress> mayBeDialled(Set<NetAddress> except) {
    Instant now = setup.clock.instant();
    Set<InetAddress> hosts =
        Routability.isDiverse(setup.network)
            ? except.stream().map(NetAddress::ip).collect(Collectors.toSet())
            : Set.of();
    return known ->
        !except.contains(known.address())
            && !hosts.contains(known.address().ip())
            && !setup.bans.isBanned(known.address().ip(), now);
  }

  private List<AddressReport> reports() {
    return table.all().stream()
        .sorted(Comparator.comparing(known -> known.address().toString()))
        .map(KnownAddress::toReport)
        .toList();
  }

  private void flush() {
    table.all().stream()
        .filter(known -> changed.contains(known.address()))
        .forEach(
            known ->
                setup.store.put(AddressCodec.key(known.address()), AddressCodec.encode(known)));
    changed.clear();
  }
}
