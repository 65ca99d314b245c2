package kaspeer.engine.sanctions;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import kaspeer.engine.Facades;
import kaspeer.engine.LogRateLimit;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.SteadyClock;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.net.IpRange;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps scores and bans. The one that writes the {@link BanTable} and the {@link Scores}; everybody
 * else reads them. A new ban is published as {@link NodeEvent.Banned}, upon which the peers actor
 * ends the connections it covers.
 */
public final class SanctionsActor extends AbstractMatchingBehavior<SanctionsActor.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(SanctionsActor.class);

  /** Start of the keys of stored bans; the subject follows. */
  static final String KEYS = "ban/";

  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);

  private static final Duration SUSPICION_INTERVAL = Duration.ofMinutes(1);

  /** What the actor takes, besides {@link Sanctions}. */
  public sealed interface Command {}

  /** A question or order from outside the engine. */
  private record Outside(Sanctions request) implements Command {}

  /**
   * A supervisor executed this sanction on a peer; what goes beyond the connection is up to us.
   *
   * @param reason the typed outcome's name
   * @param provable whether what the peer sent is proof enough, in whatever state we are
   * @param evidence what was seen
   */
  public record Judged(
      PeerInfo peer, Sanction sanction, String reason, boolean provable, String evidence)
      implements Command {}

  private enum Purge implements Command {
    TICK
  }

  /**
   * What the actor works on.
   *
   * @param isPermanent whether a ban of a range would be one of a permanent peer's host
   * @param connectedGroups networks that peers are connected from, for {@link SelfSuspicion}
   */
  public record Setup(
      BanTable bans,
      Scores scores,
      LivePolicy policy,
      Predicate<IpRange> isPermanent,
      IntSupplier connectedGroups,
      WriteBehind store,
      InstantSource clock,
      EngineMetrics metrics) {}

  private final Setup setup;
  private final SteadyClock steady;
  private final SelfSuspicion suspicion = new SelfSuspicion();

  /** A fault of ours shows in each peer that fails, for as long as it lasts. */
  private final LogRateLimit suspicions;

  private SanctionsActor(ActorContext<Command> context, Setup setup) {
    super(context);
    this.setup = setup;
    this.suspicions = new LogRateLimit(1, SUSPICION_INTERVAL, setup.clock);
    this.steady = new SteadyClock(setup.clock);
  }

  /** Takes {@link Sanctions} too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerWithFixedDelay(Purge.TICK, PURGE_INTERVAL);
                      return new SanctionsActor(context, setup);
                    }));
    return Facades.accepting(behavior, new Facades.Foreign<>(Sanctions.class, Outside::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Outside(var request) -> onRequest(request);
      case Judged judged -> onJudged(judged);
      case Purge _ -> onPurge();
    }
    return this;
  }

  private void onRequest(Sanctions request) {
    switch (request) {
      case Sanctions.ListBans(var replyTo) ->
          replyTo.tell(new Sanctions.BanList(setup.bans.list(now())));
      case Sanctions.AddBan add -> add.replyTo().tell(onAddBan(add));
      case Sanctions.RemoveBan(var subject, var replyTo) -> replyTo.tell(onRemoveBan(subject));
      case Sanctions.GetPolicy(var replyTo) ->
          replyTo.tell(new Sanctions.PolicyTable(setup.policy.get(), setup.policy.configured()));
      case Sanctions.SetRow(var code, var row, var replyTo) -> replyTo.tell(onSetRow(code, row));
      case Sanctions.ResetRow(var code, var replyTo) ->
          replyTo.tell(onSetRow(code, setup.policy.configured().row(code)));
    }
  }

  private Sanctions.RowReply onSetRow(ViolationCode code, Sanction row) {
    Policy before = setup.policy.get();
    if (before.row(code).equals(row)) {
      return new Sanctions.RowReply.Refused(
          "the row of " + code + " is " + row.text() + " already");
    }
    try {
      setup.policy.set(before.with(code, row));
    } catch (IllegalArgumentException e) {
      return new Sanctions.RowReply.Refused(String.valueOf(e.getMessage()));
    }
    LOG.info("From now on {} follows from {}, not {}", row.text(), code, before.row(code).text());
    return new Sanctions.RowReply.Changed(code, before.row(code), row);
  }

  private Sanctions.BanReply onAddBan(Sanctions.AddBan add) {
    Optional<IpRange> range = IpRange.parse(add.subject().strip());
    if (range.isEmpty()) {
      return new Sanctions.BanReply.Refused(
          "'" + add.subject() + "' is neither an IP address nor a CIDR range");
    }
    if (!add.length().isPositive()) {
      return new Sanctions.BanReply.Refused("a ban lasts longer than nothing");
    }
    if (setup.isPermanent.test(range.get())) {
      return new Sanctions.BanReply.Refused(
          range.get() + " covers a permanent peer: remove that one first");
    }
    return new Sanctions.BanReply.Banned(
        ban(range.get(), add.reason(), add.length(), add.evidence()));
  }

  private boolean onRemoveBan(String subject) {
    Optional<IpRange> range = IpRange.parse(subject.strip());
    if (range.isEmpty() || !setup.bans.remove(range.get())) {
      return false;
    }
    setup.scores.clear(range.get());
    forget(range.get(), true);
    return true;
  }

  private void onJudged(Judged judged) {
    if (apply(judged)) {
      setup.metrics.sanction(judged.sanction());
    } else {
      setup.metrics.suspended();
    }
  }

  /** Whether it was carried out. What only ends a connection was, by the supervisor. */
  private boolean apply(Judged judged) {
    Sanction sanction = judged.sanction();
    InetAddress address = judged.peer().address().getAddress();
    boolean penalty = sanction instanceof Sanction.Demerit || sanction instanceof Sanction.Ban;
    if (!penalty) {
      return true;
    }
    if (address == null) {
      return false;
    }
    if (!judged.provable()
        && suspicion.suspects(address, setup.connectedGroups.getAsInt(), steady.instant())) {
      int pardoned = suspicion.pardon(steady.instant());
      suspicions.write(
          judged.reason(),
          more ->
              LOG.warn(
                  "Peers of many networks fail at once, the last with {}: suspecting ourselves,"
                      + " nobody is punished, and {} who were are pardoned{}",
                  judged.reason(),
                  pardoned,
                  more));
      return false;
    }
    if (sanction instanceof Sanction.Demerit(int points)) {
      setup.scores.add(address, points, setup.policy.get(), now());
      punished(judged, () -> setup.scores.takeBack(address, points, setup.policy.get(), now()));
      return true;
    }
    if (sanction instanceof Sanction.Ban(Duration length)
        && !judged.peer().permanent()
        && !setup.isPermanent.test(IpRange.hostOf(address))) {
      IpRange host = IpRange.hostOf(address);
      Sanctions.Ban ban = ban(host, judged.reason(), length, judged.evidence());
      punished(judged, () -> lift(host, ban));
      return true;
    }
    return false;
  }

  private void punished(Judged judged, Runnable takeBack) {
    if (!judged.provable()) {
      suspicion.punished(takeBack, steady.instant());
    }
  }

  private void lift(IpRange range, Sanctions.Ban ban) {
    if (setup.bans.remove(range, ban)) {
      LOG.info("Lifted the ban of {} ({})", range, ban.reason());
      forget(range, true);
    }
  }

  private Sanctions.Ban ban(IpRange range, String reason, Duration length, String evidence) {
    Sanctions.Ban ban = new Sanctions.Ban(range.toString(), reason, now().plus(length), evidence);
    byte[] record = BanCodec.encode(ban);
    setup.bans.put(range, ban).forEach(evicted -> forget(evicted, false));
    setup.scores.clear(range);
    setup.store.put(KEYS + range, record);
    LOG.info("Banned {} for {} s ({}): {}", range, length.toSeconds(), reason, evidence);
    publish(new NodeEvent.Banned(range.toString(), reason, length));
    return ban;
  }

  private void onPurge() {
    setup.bans.removeExpired(now()).forEach(over -> forget(over, false));
  }

  private void forget(IpRange range, boolean lifted) {
    setup.store.delete(KEYS + range);
    publish(new NodeEvent.Unbanned(range.toString(), lifted));
  }

  private void publish(NodeEvent event) {
    getContext().getSystem().eventStream().tell(new EventStream.Publish<>(event));
  }

  private Instant now() {
    return setup.clock.instant();
  }
}
