package kaspeer.engine.relay;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import kaspeer.engine.Facades;
import kaspeer.engine.SteadyClock;
import kaspeer.engine.metrics.Counter;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Relay.Kind;
import kaspeer.primitives.Hash;
import kaspeer.wire.WireLimits;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Hands out permits to fetch blocks and transactions, one peer at a time for each; {@link
 * RequestTracker} has the rules.
 */
public final class RelayActor extends AbstractMatchingBehavior<RelayActor.Command> {
  private static final long MIB = 1 << 20;

  /**
   * Blocks of one peer: 4096 to fetch, or more to wait for. Nobody has so many at a time, for the
   * flow takes few.
   */
  static final RequestTracker.Bounds BLOCKS =
      new RequestTracker.Bounds(
          4096L * RequestTracker.ENTRY_BYTES, 256L * RequestTracker.ENTRY_BYTES, 16 * MIB);

  /**
   * Transactions: of one peer two announcements as long as they may be, and traces of what was
   * fetched already among them; a few from everybody, whoever fills the rest.
   */
  static RequestTracker.Bounds transactions(long heap) {
    return new RequestTracker.Bounds(
        2L * WireLimits.MAX_TRANSACTION_IDS * RequestTracker.ENTRY_BYTES,
        1024L * RequestTracker.ENTRY_BYTES,
        Math.max(48 * MIB, heap / 16));
  }

  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration MIN_DELAY = Duration.ofMillis(10);

  /** What the actor takes, besides {@link Relay}. */
  public sealed interface Command {}

  private record FromFlow(Relay message) implements Command {}

  /** A peer is ready; sent before its flows start. @param outbound whether we dialled it */
  public record Joined(long peer, boolean outbound) implements Command {}

  /** A peer is gone, with its permits. */
  public record Left(long peer) implements Command {}

  /**
   * What was fetched under this hash was bad in a way that the hash does not commit to: others may
   * have it good.
   */
  public record Spoilt(Kind kind, Hash hash) implements Command {}

  /** What was fetched under this hash needs nobody else: it is good, or bad whoever brings it. */
  public record Decided(Kind kind, Hash hash) implements Command {}

  /**
   * Another DAG and mempool have taken the place of those that decided until now: what the last
   * ones had, and these do not, may be fetched again at once.
   */
  public record OtherDag() implements Command {}

  private enum Expire implements Command {
    TICK
  }

  private final TimerScheduler<Command> timers;
  private final SteadyClock clock;
  private final Map<Kind, RequestTracker> permits = new EnumMap<>(Kind.class);
  private final Map<Kind, Map<Long, ActorRef<Relay.Permit>>> askers = new EnumMap<>(Kind.class);
  private final Map<Kind, Counter> ignored = new EnumMap<>(Kind.class);
  private final Counter failovers;
  private long scheduledFor = NEVER;

  private RelayActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Duration failover,
      InstantSource clock,
      EngineMetrics metrics) {
    super(context);
    this.timers = timers;
    this.clock = new SteadyClock(clock);
    // The mempool answers at once, the DAG may be behind.
    permits.put(Kind.BLOCK, new RequestTracker(failover, BLOCKS, true));
    permits.put(
        Kind.TRANSACTION,
        new RequestTracker(failover, transactions(Runtime.getRuntime().maxMemory()), false));
    for (Kind kind : Kind.values()) {
      askers.put(kind, new HashMap<>());
      ignored.put(kind, metrics.announcementsIgnored(kind.name()));
    }
    this.failovers = metrics.fetchFailovers();
  }

  /**
   * Takes {@link Relay} too. @param failover how long a holder has before the next announcer is
   * asked
   */
  public static Behavior<Command> create(
      Duration failover, InstantSource clock, EngineMetrics metrics) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new RelayActor(context, timers, failover, clock, metrics)));
    return Facades.accepting(behavior, new Facades.Foreign<>(Relay.class, FromFlow::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    long now = clock.millis();
    switch (command) {
      case FromFlow(Relay.Announced announced) -> onAnnounced(announced, now);
      case FromFlow(Relay.Obtained(var kind, var hashes, var _)) ->
          hashes.forEach(hash -> of(kind).obtained(hash, now));
      case FromFlow(Relay.Failed(var kind, var hash, var peer)) ->
          grant(kind, hash, of(kind).failed(hash, peer, now));
      case Spoilt(var kind, var hash) -> grant(kind, hash, of(kind).spoilt(hash, now));
      case Decided(var kind, var hash) -> of(kind).decided(hash);
      case OtherDag _ -> permits.values().forEach(RequestTracker::forgetDecided);
      case Joined(var peer, var outbound) ->
          permits.values().forEach(all -> all.joined(peer, outbound));
      case Left(var peer) -> onLeft(peer, now);
      case Expire _ -> onExpire(now);
    }
    schedule(now);
    return this;
  }

  private void onAnnounced(Relay.Announced announced, long now) {
    Kind kind = announced.kind();
    if (!of(kind).knows(announced.peer())) {
      return;
    }
    askersOf(kind).put(announced.peer(), announced.replyTo());
    long before = of(kind).ignored();
    List<Hash> granted = of(kind).announced(announced.hashes(), announced.peer(), now);
    Objects.requireNonNull(ignored.get(kind)).add(of(kind).ignored() - before);
    if (!granted.isEmpty()) {
      announced.replyTo().tell(new Relay.Permit(kind, granted));
    }
  }

  private void onExpire(long now) {
    scheduledFor = NEVER;
    permits.forEach((kind, all) -> grant(kind, all.expire(now)));
  }

  private void onLeft(long peer, long now) {
    permits.forEach(
        (kind, all) -> {
          askersOf(kind).remove(peer);
          grant(kind, all.left(peer, now));
        });
  }

  private void grant(Kind kind, Hash hash, OptionalLong peer) {
    peer.ifPresent(number -> grant(kind, Map.of(number, List.of(hash))));
  }

  private void grant(Kind kind, Map<Long, List<Hash>> granted) {
    granted.forEach(
        (peer, hashes) -> {
          failovers.add(hashes.size());
          ActorRef<Relay.Permit> asker = askersOf(kind).get(peer);
          if (asker != null) {
            asker.tell(new Relay.Permit(kind, hashes));
          }
        });
  }

  private void schedule(long now) {
    OptionalLong next = OptionalLong.empty();
    for (RequestTracker all : permits.values()) {
      OptionalLong one = all.nextDeadline();
      if (one.isPresent() && (next.isEmpty() || one.getAsLong() < next.getAsLong())) {
        next = one;
      }
    }
    if (next.isPresent() && next.getAsLong() < scheduledFor) {
      scheduledFor = next.getAsLong();
      Duration delay = Duration.ofMillis(Math.max(MIN_DELAY.toMillis(), scheduledFor - now));
      timers.startSingleTimer(Expire.TICK, Expire.TICK, delay);
    }
  }

  private RequestTracker of(Kind kind) {
    return Objects.requireNonNull(permits.get(kind));
  }

  private Map<Long, ActorRef<Relay.Permit>> askersOf(Kind kind) {
    return Objects.requireNonNull(askers.get(kind));
  }
}
