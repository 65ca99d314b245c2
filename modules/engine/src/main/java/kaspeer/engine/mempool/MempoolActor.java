package kaspeer.engine.mempool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import kaspeer.engine.Facades;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.GetBlockTemplate;
import kaspeer.mempool.Admission;
import kaspeer.mempool.BlockEffect;
import kaspeer.mempool.TemplateLimits;
import kaspeer.mempool.VirtualState;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of the pool: takes transactions in, tells peers of those it took, follows the
 * selected chain, and has blocks made of what is there.
 */
public final class MempoolActor extends AbstractMatchingBehavior<MempoolActor.Command> {
  /** Between two looks for what has expired (protocol reference 8.2). */
  static final Duration LOOK_INTERVAL = Duration.ofSeconds(10);

  /** At every so many looks what was submitted here is looked at, and announced, once more. */
  static final int LOOKS_PER_REBROADCAST = 3;

  private static final int REBROADCAST = 1000;

  /** What the actor takes, besides {@link Mempool}. */
  public sealed interface Command {}

  private record Asked(Mempool request) implements Command {}

  private record DagChanged(DagEvent event) implements Command {}

  /**
   * @param answered whether the block could be read
   * @param block null if it could not, or there is none
   */
  record BlockRead(ChainFollower.BlockStep step, boolean answered, @Nullable Block block)
      implements Command {}

  /**
   * @param transactions what a block accepted that is not on the chain any more; null if it could
   *     not be read
   */
  record AcceptedRead(Dag.@Nullable AcceptedTransactions transactions) implements Command {}

  private record Checked(@Nullable List<Check> checks, @Nullable Throwable failure)
      implements Command {}

  record TemplateMade(
      TemplateMaker.@Nullable Made made, Instant chosenAt, @Nullable Throwable failure)
      implements Command {}

  enum Look implements Command {
    TICK,
    SWEEP
  }

  /** Tells peers of transactions. */
  @FunctionalInterface
  public interface Announcer {
    /**
     * @param again whether also those peers are to be told that have heard of them
     */
    void announce(List<Hash> ids, boolean again);
  }

  /**
   * What the actor works on.
   *
   * @param blocking may block: runs {@code templates}
   * @param check runs the checks of {@code virtual}
   * @param sourceOf what to call a peer, by the number of its connection; see {@link
   *     kaspeer.mempool.Submission}
   * @param announce hears of ids that peers are to be told of
   * @param spoilt hears of ids under which something bad came, though others may have it good
   */
  public record Setup(
      kaspeer.mempool.TransactionPool pool,
      VirtualState virtual,
      TemplateMaker templates,
      TemplateLimits limits,
      Executor blocking,
      Executor check,
      ActorRef<Dag> dag,
      Supplier<DagSnapshot> snapshots,
      Duration nearlySynced,
      LongFunction<String> sourceOf,
      Announcer announce,
      Consumer<Hash> spoilt,
      InstantSource clock,
      EngineMetrics metrics) {}

  private final Setup setup;
  private final kaspeer.mempool.TransactionPool pool;
  private final VirtualState virtual;
  private final Arrivals arrivals;
  private final Jobs jobs;
  private final DagWatch watch;
  private final TemplateWork templates;
  private int looks;

  private MempoolActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.setup = setup;
    this.pool = setup.pool;
    this.virtual = setup.virtual;
    this.arrivals = new Arrivals(setup, this::announce);
    this.jobs = new Jobs(arrivals::next);
    this.watch = new DagWatch(context, setup, jobs, this::isNearlySynced, this::followed);
    this.templates = new TemplateWork(context, setup, jobs, this::isNearlySynced);
    timers.startTimerWithFixedDelay(Look.TICK, LOOK_INTERVAL);
    setup.dag.tell(new Dag.Subscribe(context.messageAdapter(DagEvent.class, DagChanged::new)));
    gauges(setup.metrics);
  }

  private void gauges(EngineMetrics metrics) {
    metrics.gauge(
        "kaspeer_mempool_transactions",
        "Transactions in the pool.",
        () -> pool.info().transactions());
    metrics.gauge(
        "kaspeer_mempool_ready",
        "Those of them that build on no other in the pool.",
        () -> pool.info().ready());
    metrics.gauge("kaspeer_mempool_bytes", "Bytes of heap they take.", () -> pool.info().bytes());
    metrics.gauge(
        "kaspeer_mempool_orphans",
        "Transactions that wait for others.",
        () -> pool.info().orphans());
  }

  /** Takes {@link Mempool} too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new MempoolActor(context, timers, setup)));
    return Facades.accepting(behavior, new Facades.Foreign<>(Mempool.class, Asked::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Asked(Mempool.Submit submit) -> arrivals.submit(submit);
      case Asked(Mempool.Replace replace) -> arrivals.replace(replace);
      case Asked(Mempool.MissingOf(var ids, var replyTo)) ->
          replyTo.tell(new Mempool.Missing(pool.missingOf(ids)));
      case Asked(Mempool.GetAll(var ids, var replyTo)) -> replyTo.tell(Replies.found(ids, pool));
      case Asked(Mempool.Get(var id, var replyTo)) ->
          replyTo.tell(Optional.ofNullable(pool.get(id)));
      case Asked(Mempool.Describe(var id, var replyTo)) ->
          replyTo.tell(Replies.description(id, pool));
      case Asked(Mempool.GetInfo(var replyTo)) -> replyTo.tell(Replies.info(pool));
      case Asked(GetBlockTemplate request) -> templates.request(request);
      case DagChanged(var event) -> watch.on(event);
      case BlockRead read -> watch.on(read);
      case AcceptedRead read -> watch.on(read);
      case Checked(var checks, var failure) -> onChecked(checks, failure);
      case TemplateMade made -> templates.on(made);
      case Look.TICK -> onLook();
      case Look.SWEEP -> watch.sweepOn();
    }
    List<Candidate> candidates = jobs.next();
    if (!candidates.isEmpty()) {
      getContext()
          .pipeToSelf(
              CompletableFuture.supplyAsync(() -> virtual.checkAll(candidates), setup.check),
              Checked::new);
    }
    return this;
  }

  private void onChecked(@Nullable List<Check> checks, @Nullable Throwable failure) {
    if (checks == null) {
      throw new IllegalStateException("transactions could not be checked", failure);
    }
    jobs.checked(checks);
  }

  private void announce(List<Hash> ids) {
    announce(ids, false);
  }

  private void announce(List<Hash> ids, boolean again) {
    if (!ids.isEmpty()) {
      setup.announce.announce(ids, again);
    }
  }

  private void followed(BlockEffect effect) {
    List<Admission> admissions = new ArrayList<>(effect.returned());
    admissions.addAll(effect.redeemed());
    Replies.invalid(admissions).forEach(setup.spoilt);
    if (isNearlySynced()) {
      announce(Replies.accepted(admissions));
    }
  }

  private boolean isNearlySynced() {
    return setup.snapshots.get().isNearlySynced(setup.clock.instant(), setup.nearlySynced);
  }

  private void onLook() {
    pool.expire(virtual.daaScore());
    looks++;
    if (looks % LOOKS_PER_REBROADCAST == 0 && isNearlySynced()) {
      announce(pool.revalidate(REBROADCAST, virtual), true);
    }
  }
}
