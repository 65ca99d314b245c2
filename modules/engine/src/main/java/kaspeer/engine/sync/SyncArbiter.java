package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.SteadyClock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.peers.Sync;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which peer is synced from, who serves bodies and who is replaced, and publishes how the
 * sync goes. One session at a time; relay follows the tip by itself, and a session starts only for
 * what relay cannot reach.
 *
 * <p>Besides the commands that flows know it takes an operator's {@link SyncControl}. A second's
 * tick drives everything that waits.
 */
public final class SyncArbiter extends AbstractMatchingBehavior<SyncArbiter.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(SyncArbiter.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration MOMENT = Duration.ofMillis(100);

  /**
   * Between two sessions: the DAG's published state must have caught up before it is judged whether
   * another is needed.
   */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** What the arbiter takes, besides {@link Sync} and {@link SyncControl}. */
  public sealed interface Command {}

  private record Heard(Sync word) implements Command {}

  private record Ordered(SyncControl order) implements Command {}

  private record Gone(SyncPeer peer) implements Command {}

  /** Goes on where an answer or a moment's wait was due. */
  private record Then(Runnable action) implements Command {}

  private enum Timer implements Command {
    TICK
  }

  private final TimerScheduler<Command> timers;
  private final DagQuestions<Command> dag;
  private final Supplier<DagSnapshot> snapshots;
  private final SyncSettings settings;
  private final Duration nearlySynced;
  private final InstantSource clock;

  /** For everything but the age of blocks. */
  private final SteadyClock steady;

  private final SyncBook book;
  private final SyncProgress progress = new SyncProgress();
  private final SinkWatch sinkWatch = new SinkWatch();
  private final SyncReporter reporter;
  private @Nullable SyncSession session;
  private boolean syncedBefore;
  private boolean synced;
  private boolean probing;
  private Instant pauseUntil = Instant.MIN;
  private long lastNumber;
  private long stalls;

  private SyncArbiter(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<Dag> dag,
      Supplier<DagSnapshot> snapshots,
      AtomicReference<SyncStatus> status,
      SyncSettings settings,
      Duration nearlySynced,
      InstantSource clock) {
    super(context);
    this.timers = timers;
    this.dag = new DagQuestions<>(context, dag, Then::new);
    this.snapshots = snapshots;
    this.settings = settings;
    this.nearlySynced = nearlySynced;
    this.clock = clock;
    this.steady = new SteadyClock(clock);
    this.book = new SyncBook(settings, nearlySynced);
    this.reporter =
        new SyncReporter(
            status,
            settings.logInterval(),
            event -> context.getSystem().eventStream().tell(new EventStream.Publish<>(event)));
    timers.startTimerWithFixedDelay(Timer.TICK, Timer.TICK, TICK);
    progress.sample(steady.instant(), snapshots.get());
  }

  /**
   * The arbiter of a node, which takes {@link Sync} and {@link SyncControl} too.
   *
   * @param snapshots the DAG's latest published state
   * @param status where the state of the sync is published, besides {@link NodeEvent.SyncChanged}
   *     on the event stream
   * @param nearlySynced how old the sink may be for the node to count as nearly synced
   */
  public static Behavior<Command> create(
      ActorRef<Dag> dag,
      Supplier<DagSnapshot> snapshots,
      AtomicReference<SyncStatus> status,
      SyncSettings settings,
      Duration nearlySynced,
      InstantSource clock) {
    Behavior<Command> arbiter =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        new SyncArbiter(
                            context,
                            timers,
                            dag,
                            snapshots,
                            status,
                            settings,
                            nearlySynced,
                            clock)));
    return Facades.accepting(
        arbiter,
        new Facades.Foreign<>(Sync.class, Heard::new),
        new Facades.Foreign<>(SyncControl.class, Ordered::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Heard(var word) -> onHeard(word);
      case Ordered(SyncControl.Rotate(var replyTo)) ->
          replyTo.tell(
              session == null
                  ? new SyncControl.RotateReply.Refused("no sync is under way")
                  : session.rotate());
      case Gone(var peer) -> onGone(peer);
      case Then(var action) -> action.run();
      case Timer.TICK -> onTick();
    }
    return this;
  }

  private void onHeard(Sync word) {
    switch (word) {
      case Sync.Announced announced -> book.announced(announced);
      case Sync.Candidate offered -> {
        book.offered(offered);
        beginIfNeeded();
      }
      case Sync.GetSession(var replyTo) ->
          replyTo.tell(
              new Sync.Session(session != null, session == null ? 0 : session.targetDaaScore()));
      case Sync.GetRetentionRoot(long number, var replyTo) -> {
        SyncPeer peer = book.peer(number);
        if (peer == null) {
          replyTo.tell(new Sync.RetentionRoot(Optional.empty()));
        } else {
          peer.flow().tell(new Sync.Directive.TellRetentionRoot(replyTo));
        }
      }
      case Sync.Joined(var info, var flow) -> {
        SyncPeer peer = book.joined(info, flow);
        getContext().watchWith(flow, new Gone(peer));
        beginIfNeeded();
      }
      case Sync.Negotiated found -> {
        inSession(found.peer(), (running, peer) -> running.onNegotiated(peer, found));
        book.answered(found.peer(), found.lease());
      }
      case Sync.Unsuitable refused -> {
        inSession(refused.peer(), (running, peer) -> running.onUnsuitable(peer, refused));
        book.answered(refused.peer(), refused.lease());
      }
      case Sync.HeadersReceived received ->
          inSession(received.peer(), (running, peer) -> running.onHeadersReceived(peer, received));
      case Sync.HeadersDone done ->
          inSession(done.peer(), (running, _) -> running.onHeadersDone(done));
      case Sync.BodiesReceived part -> onBodies(part);
      case Sync.Silent(long number, var waited) ->
          inSession(number, (running, peer) -> running.onSilent(peer, waited));
    }
  }

  private void inSession(long number, BiConsumer<SyncSession, SyncPeer> action) {
    SyncPeer peer = book.peer(number);
    if (session != null && peer != null) {
      action.accept(session, peer);
    }
  }

  private void onBodies(Sync.BodiesReceived part) {
    SyncPeer peer = book.peer(part.peer());
    if (peer != null) {
      // Taken whatever becomes of it, so that the flow goes on with what was asked after it.
      peer.flow().tell(new Sync.Directive.Taken());
      inSession(part.peer(), (running, _) -> running.onBodies(peer, part));
    }
  }

  private void onGone(SyncPeer peer) {
    book.remove(peer);
    if (session != null) {
      session.onGone(peer);
    }
  }

  private void onTick() {
    Instant now = steady.instant();
    DagSnapshot snapshot = snapshots.get();
    progress.sample(now, snapshot);
    sinkWatch.sample(now, snapshot);
    probe(now);
    if (session != null) {
      session.tick();
    }
    synced = !sinkWatch.isStuck() && book.isSynced(now, clock.instant(), snapshot);
    beginIfNeeded();
    report();
    SyncPeer leader = session == null ? null : session.leader();
    if (session != null && leader != null && session.stage() != SyncSession.Stage.NEGOTIATION) {
      SyncStatus status = status();
      reporter.line(now, status, leader, progress.remaining(now, status.progress()));
    }
  }

  private void probe(Instant now) {
    List<Hash> probes = probing ? List.of() : book.probes(now);
    if (!probes.isEmpty()) {
      probing = true;
      dag.statuses(
          probes,
          statuses -> {
            probing = false;
            book.probed(statuses);
          });
    }
  }

  private void beginIfNeeded() {
    if (session != null || steady.instant().isBefore(pauseUntil)) {
      return;
    }
    Optional<SyncBook.Lead> lead = book.pick(steady.instant(), snapshots.get());
    if (lead.isPresent()) {
      LOG.info("Syncing from {}", lead.get().peer());
      syncedBefore = synced;
      SyncSession next = new SyncSession(new Host(), settings, book, progress);
      session = next;
      next.lead(lead.get());
    }
  }

  /**
   * The state of the sync. A session makes the node unsynced only if it was not synced before: at
   * the tip, a session for a side branch leaves it synced as long as the sink is young.
   */
  private SyncStatus status() {
    SyncSession running = session;
    if (running == null) {
      SyncStatus.State state = synced ? SyncStatus.State.SYNCED : SyncStatus.State.WAITING;
      return new SyncStatus(
          state,
          null,
          "",
          0,
          progress.headersPerSecond(),
          progress.blocksPerSecond(),
          stalls,
          sinkWatch.isStuck());
    }
    DagSnapshot snapshot = snapshots.get();
    boolean atTip =
        syncedBefore
            && !sinkWatch.isStuck()
            && snapshot.isNearlySynced(clock.instant(), nearlySynced);
    SyncPeer leader = running.leader();
    return new SyncStatus(
        atTip ? SyncStatus.State.SYNCED : SyncStatus.State.SYNCING,
        leader == null ? null : leader.number(),
        running.stage().name().toLowerCase(Locale.ROOT),
        running.fraction(clock.instant(), snapshot),
        progress.headersPerSecond(),
        progress.blocksPerSecond(),
        stalls,
        sinkWatch.isStuck());
  }

  private void report() {
    reporter.report(status());
  }

  /** What a session has done by the arbiter. */
  private final class Host implements SyncSession.Host {
    @Override
    public Instant now() {
      return steady.instant();
    }

    @Override
    public DagSnapshot snapshot() {
      return snapshots.get();
    }

    @Override
    public long nextNumber() {
      lastNumber++;
      return lastNumber;
    }

    @Override
    public DagQuestions<?> dag() {
      return dag;
    }

    @Override
    public void inAMoment(Runnable action) {
      timers.startSingleTimer(new Then(action), MOMENT);
    }

    @Override
    public void changed() {
      report();
    }

    @Override
    public void countStall() {
      stalls++;
    }

    @Override
    public void ended(boolean complete, String how) {
      session = null;
      book.doubtOffers();
      pauseUntil = steady.instant().plus(PAUSE);
      if (complete) {
        LOG.info("Sync {}", how);
      } else {
        LOG.warn("Sync ended early: {}; what was checked is kept", how);
      }
      report();
    }
  }
}
