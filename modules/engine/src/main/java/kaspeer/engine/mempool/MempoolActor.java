package kaspeer.engine.mempool;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import kaspeer.engine.Facades;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.mempool.Admission;
import kaspeer.mempool.MempoolInfo;
import kaspeer.mempool.VirtualTime;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The one owner of the pool: takes transactions in, tells peers of those it took, and removes what
 * blocks hold.
 */
public final class MempoolActor extends AbstractMatchingBehavior<MempoolActor.Command> {
  private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(10);

  /** What the actor takes, besides {@link Mempool}. */
  public sealed interface Command {}

  private record Asked(Mempool request) implements Command {}

  private record DagChanged(DagEvent event) implements Command {}

  private record BlockRead(Optional<Block> block) implements Command {}

  private enum Expire implements Command {
    TICK
  }

  /**
   * What the actor works on.
   *
   * @param sourceOf what to call a peer, by the number of its connection; see {@link
   *     kaspeer.mempool.Mempool#submit}
   * @param announce hears of ids that peers are to be told of
   * @param spoilt hears of ids under which something bad came, though others may have it good
   */
  public record Setup(
      kaspeer.mempool.Mempool pool,
      ActorRef<Dag> dag,
      Supplier<DagSnapshot> snapshots,
      Duration nearlySynced,
      LongFunction<String> sourceOf,
      Consumer<List<Hash>> announce,
      Consumer<Hash> spoilt,
      InstantSource clock,
      EngineMetrics metrics) {}

  private final Setup setup;
  private final kaspeer.mempool.Mempool pool;
  private final ActorRef<Optional<Block>> blocks;

  private MempoolActor(ActorContext<Command> context, Setup setup) {
    super(context);
    this.setup = setup;
    this.pool = setup.pool;
    this.blocks = blockAdapter(context);
    setup.dag.tell(new Dag.Subscribe(context.messageAdapter(DagEvent.class, DagChanged::new)));
    setup.metrics.gauge(
        "kaspeer_mempool_transactions",
        "Transactions in the pool.",
        () -> pool.info().transactions());
    setup.metrics.gauge(
        "kaspeer_mempool_bytes", "Bytes of heap they take.", () -> pool.info().bytes());
  }

  @SuppressWarnings("unchecked") // The only optional that anybody sends here holds a block.
  private static ActorRef<Optional<Block>> blockAdapter(ActorContext<Command> context) {
    return context.messageAdapter(
        (Class<Optional<Block>>) (Class<?>) Optional.class, BlockRead::new);
  }

  /** Takes {@link Mempool} too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerWithFixedDelay(Expire.TICK, EXPIRY_INTERVAL);
                      return new MempoolActor(context, setup);
                    }));
    return Facades.accepting(behavior, new Facades.Foreign<>(Mempool.class, Asked::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Asked(Mempool.Submit submit) -> onSubmit(submit);
      case Asked(Mempool.MissingOf(var ids, var replyTo)) ->
          replyTo.tell(new Mempool.Missing(pool.missingOf(ids)));
      case Asked(Mempool.Get(var id, var replyTo)) ->
          replyTo.tell(Optional.ofNullable(pool.get(id)));
      case Asked(Mempool.GetInfo(var replyTo)) -> replyTo.tell(info());
      case DagChanged(DagEvent.BlockAdded added) -> onBlockAdded(added);
      case DagChanged(DagEvent.StateChanged _) -> {}
      case BlockRead(var block) -> block.ifPresent(this::onBlock);
      case Expire _ -> pool.expire(setup.snapshots.get().virtualDaaScore());
    }
    return this;
  }

  private void onSubmit(Mempool.Submit submit) {
    DagSnapshot dag = setup.snapshots.get();
    VirtualTime now = new VirtualTime(dag.virtualDaaScore(), dag.pastMedianTime());
    String source =
        submit.origin() == Dag.LOCAL
            ? kaspeer.mempool.Mempool.LOCAL
            : setup.sourceOf.apply(submit.origin());
    Map<Hash, Result> results = new HashMap<>();
    List<Hash> accepted = new ArrayList<>();
    for (Transaction transaction : submit.transactions()) {
      Admission admission = pool.submit(transaction, source, now);
      Result result = result(admission);
      setup.metrics.transaction(result.getClass().getSimpleName());
      // One that is in the batch twice keeps its first result.
      results.putIfAbsent(admission.id(), result);
      switch (admission) {
        case Admission.Accepted(var id, var _) -> accepted.add(id);
        case Admission.Invalid(var id, var _, var _) -> setup.spoilt.accept(id);
        case Admission.Known _,
            Admission.DoubleSpend _,
            Admission.NonStandard _,
            Admission.Full _ -> {}
      }
    }
    if (!accepted.isEmpty()) {
      setup.announce.accept(accepted);
    }
    submit.replyTo().tell(new Mempool.Results(results));
  }

  private static Result result(Admission admission) {
    return switch (admission) {
      case Admission.Accepted _ -> new Result.Accepted();
      case Admission.Known _ -> new Result.Known();
      case Admission.DoubleSpend(var _, var conflict, var _) -> new Result.DoubleSpend(conflict);
      case Admission.Invalid(var _, var rule, var detail) ->
          new Result.Invalid(rule.name(), detail);
      case Admission.NonStandard(var _, var reason) -> new Result.NonStandard(reason);
      case Admission.Full _ -> new Result.Full();
    };
  }

  /**
   * A block that holds more than its coinbase is read, unless this is a sync and there is nothing
   * that it could remove.
   */
  private void onBlockAdded(DagEvent.BlockAdded added) {
    boolean follows =
        setup.snapshots.get().isNearlySynced(setup.clock.instant(), setup.nearlySynced);
    if (added.transactions() > 1 && (follows || pool.info().transactions() > 0)) {
      setup.dag.tell(new Dag.GetBlock(added.header().hash(), blocks));
    }
  }

  private void onBlock(Block block) {
    pool.onBlock(block.transactions(), block.header().daaScore());
  }

  private Mempool.Info info() {
    MempoolInfo info = pool.info();
    Map<String, Long> counts = new TreeMap<>();
    info.counts().forEach((count, times) -> counts.put(count.metricName(), times));
    return new Mempool.Info(
        info.transactions(), info.bytes(), info.maxTransactions(), info.maxBytes(), counts);
  }
}
