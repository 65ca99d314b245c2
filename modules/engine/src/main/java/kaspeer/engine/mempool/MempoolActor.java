package kaspeer.engine.mempool;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import kaspeer.engine.Facades;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.GetBlockTemplate;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.mempool.Admission;
import kaspeer.mempool.BlockEffect;
import kaspeer.mempool.Selection;
import kaspeer.mempool.Submission;
import kaspeer.mempool.TemplateLimits;
import kaspeer.mempool.VirtualState;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  /** A change of the chain that removes more than this gives back no more. */
  private static final int MAX_RETURNED = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(MempoolActor.class);

  /** What the actor takes, besides {@link Mempool}. */
  public sealed interface Command {}

  private record Asked(Mempool request) implements Command {}

  private record DagChanged(DagEvent event) implements Command {}

  private record BlockRead(Optional<Block> block) implements Command {}

  /** What blocks accepted that are not on the chain any more. */
  private record Returned(List<Transaction> transactions) implements Command {}

  private record TemplateMade(TemplateMaker.@Nullable Made made, @Nullable Throwable failure)
      implements Command {}

  private enum Look implements Command {
    TICK
  }

  /**
   * What the actor works on.
   *
   * @param blocking may block: runs {@code templates}
   * @param sourceOf what to call a peer, by the number of its connection; see {@link
   *     kaspeer.mempool.Submission}
   * @param announce hears of ids that peers are to be told of
   * @param spoilt hears of ids under which something bad came, though others may have it good
   */
  public record Setup(
      kaspeer.mempool.Mempool pool,
      VirtualState virtual,
      TemplateMaker templates,
      TemplateLimits limits,
      Executor blocking,
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
  private final VirtualState virtual;
  private final ActorRef<Optional<Block>> blocks;
  private final BlockTemplates templates = new BlockTemplates();
  private int looks;

  private MempoolActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.setup = setup;
    this.pool = setup.pool;
    this.virtual = setup.virtual;
    this.blocks = blockAdapter(context);
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

  @SuppressWarnings("unchecked") // The only optional that anybody sends here holds a block.
  private static ActorRef<Optional<Block>> blockAdapter(ActorContext<Command> context) {
    return context.messageAdapter(
        (Class<Optional<Block>>) (Class<?>) Optional.class, BlockRead::new);
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
      case Asked(Mempool.Submit submit) -> onSubmit(submit);
      case Asked(Mempool.Replace(var transaction, var _, var replyTo)) ->
          submit(List.of(transaction), Submission.localReplacement(), replyTo);
      case Asked(Mempool.MissingOf(var ids, var replyTo)) ->
          replyTo.tell(new Mempool.Missing(pool.missingOf(ids)));
      case Asked(Mempool.Get(var id, var replyTo)) ->
          replyTo.tell(Optional.ofNullable(pool.get(id)));
      case Asked(Mempool.Describe(var id, var replyTo)) ->
          replyTo.tell(Replies.description(id, pool));
      case Asked(Mempool.GetInfo(var replyTo)) -> replyTo.tell(Replies.info(pool));
      case Asked(GetBlockTemplate request) -> onTemplateRequest(request);
      case DagChanged(DagEvent.BlockAdded added) -> onBlockAdded(added);
      case DagChanged(DagEvent.ChainChanged changed) -> onChainChanged(changed);
      case DagChanged(DagEvent _) -> {}
      case BlockRead(var block) -> block.ifPresent(this::onBlock);
      case Returned(var transactions) ->
          followed(pool.onChainChanged(transactions, List.of(), virtual));
      case TemplateMade(var made, var failure) -> onTemplate(made, failure);
      case Look _ -> onLook();
    }
    return this;
  }

  // --- transactions come ------------------------------------------------------------------------

  private void onSubmit(Mempool.Submit submit) {
    Submission how =
        submit.origin() == Dag.LOCAL
            ? Submission.local()
            : Submission.relayed(setup.sourceOf.apply(submit.origin()));
    submit(submit.transactions(), how, submit.replyTo());
  }

  private void submit(
      List<Transaction> transactions, Submission how, ActorRef<Mempool.Results> replyTo) {
    List<Admission> admissions = pool.submitAll(transactions, how, virtual);
    Map<Hash, Result> results = new HashMap<>();
    for (Admission admission : admissions) {
      Result result = Replies.result(admission, pool);
      setup.metrics.transaction(result.getClass().getSimpleName());
      // One that is in the batch twice keeps its first result.
      results.putIfAbsent(admission.id(), result);
      if (admission instanceof Admission.Invalid) {
        setup.spoilt.accept(admission.id());
      }
    }
    announce(Replies.accepted(admissions));
    replyTo.tell(new Mempool.Results(results));
  }

  private void announce(List<Hash> ids) {
    if (!ids.isEmpty()) {
      setup.announce.accept(ids);
    }
  }

  // --- the DAG grows ----------------------------------------------------------------------------

  /**
   * A block that holds more than its coinbase is read, unless this is a sync and there is nothing
   * that it could remove.
   */
  private void onBlockAdded(DagEvent.BlockAdded added) {
    if (added.transactions() > 1 && (isNearlySynced() || !isEmpty())) {
      setup.dag.tell(new Dag.GetBlock(added.header().hash(), blocks));
    }
  }

  private void onBlock(Block block) {
    followed(pool.onBlock(block.transactions(), block.header().daaScore(), virtual));
  }

  /** In a sync there is nothing to take back, and nothing to remember. */
  private void onChainChanged(DagEvent.ChainChanged changed) {
    if (!isNearlySynced() && isEmpty()) {
      return;
    }
    List<Hash> accepted = changed.added().stream().flatMap(AcceptedBlock::transactions).toList();
    followed(pool.onChainChanged(List.of(), accepted, virtual));
    if (!changed.removed().isEmpty()) {
      readReturned(changed.removed(), new HashSet<>(accepted));
    }
  }

  /** Most of what removed blocks had accepted, those that came in their place accepted too. */
  private void readReturned(List<Hash> removed, Set<Hash> accepted) {
    CompletionStage<Dag.AcceptedTransactions> read =
        AskPattern.ask(
            setup.dag,
            replyTo -> new Dag.GetAccepted(removed, MAX_RETURNED, replyTo),
            READ_LIMIT,
            getContext().getSystem().scheduler());
    getContext()
        .pipeToSelf(
            read,
            (reply, failure) -> {
              if (reply == null) {
                LOG.warn("What {} removed blocks accepted is not known", removed.size(), failure);
                return new Returned(List.of());
              }
              return new Returned(
                  reply.transactions().stream()
                      .filter(transaction -> !accepted.contains(transaction.id()))
                      .toList());
            });
  }

  private void followed(BlockEffect effect) {
    if (isNearlySynced()) {
      List<Admission> admissions = new ArrayList<>(effect.returned());
      admissions.addAll(effect.redeemed());
      announce(Replies.accepted(admissions));
    }
  }

  private boolean isEmpty() {
    return pool.info().transactions() == 0 && pool.info().orphans() == 0;
  }

  private boolean isNearlySynced() {
    return setup.snapshots.get().isNearlySynced(setup.clock.instant(), setup.nearlySynced);
  }

  private void onLook() {
    pool.expire(virtual.daaScore());
    looks++;
    if (looks % LOOKS_PER_REBROADCAST == 0 && isNearlySynced()) {
      announce(pool.revalidate(REBROADCAST, virtual));
    }
  }

  // --- blocks are made --------------------------------------------------------------------------

  private void onTemplateRequest(GetBlockTemplate request) {
    if (templates.ask(request, setup.snapshots.get(), setup.clock.instant(), isNearlySynced())) {
      makeTemplate();
    }
  }

  private void makeTemplate() {
    GetBlockTemplate request = templates.inWork();
    Selection selection = pool.select(setup.limits);
    List<Transaction> transactions = selection.transactions();
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(
                () -> setup.templates.make(request.payTo(), request.extraData(), transactions),
                setup.blocking),
            TemplateMade::new);
  }

  private void onTemplate(TemplateMaker.@Nullable Made made, @Nullable Throwable failure) {
    boolean more;
    if (made == null) {
      Throwable cause =
          failure != null && failure.getCause() != null ? failure.getCause() : failure;
      if (!(cause instanceof IllegalArgumentException)) {
        LOG.error("A block template could not be made", failure);
      }
      more = templates.failed(cause == null ? "no template" : String.valueOf(cause.getMessage()));
    } else {
      if (!made.rejected().isEmpty()) {
        pool.onRejected(made.rejected(), virtual);
      }
      more = templates.made(made.block(), setup.clock.instant(), isNearlySynced());
    }
    if (more) {
      makeTemplate();
    }
  }
}
