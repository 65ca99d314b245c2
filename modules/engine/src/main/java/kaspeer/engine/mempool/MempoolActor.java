package kaspeer.engine.mempool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
import kaspeer.mempool.Submission;
import kaspeer.mempool.TemplateLimits;
import kaspeer.mempool.VirtualState;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.mempool.Work;
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

  /** Of one chain block no more comes back; more than it can accept. */
  private static final int MAX_RETURNED = 100_000;

  /** So often a template is made anew while transactions are found in it that are not valid. */
  static final int MAX_TEMPLATE_ATTEMPTS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(MempoolActor.class);

  /** What the actor takes, besides {@link Mempool}. */
  public sealed interface Command {}

  private record Asked(Mempool request) implements Command {}

  private record DagChanged(DagEvent event) implements Command {}

  /**
   * @param answered whether the block could be read
   * @param block null if it could not, or there is none
   */
  private record BlockRead(ChainFollower.BlockStep step, boolean answered, @Nullable Block block)
      implements Command {}

  /**
   * @param transactions what a block accepted that is not on the chain any more; null if it could
   *     not be read
   */
  private record AcceptedRead(Dag.@Nullable AcceptedTransactions transactions) implements Command {}

  private record Checked(@Nullable List<Check> checks, @Nullable Throwable failure)
      implements Command {}

  private record TemplateMade(
      TemplateMaker.@Nullable Made made, Instant chosenAt, @Nullable Throwable failure)
      implements Command {}

  private enum Look implements Command {
    TICK,
    SWEEP
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
      kaspeer.mempool.Mempool pool,
      VirtualState virtual,
      TemplateMaker templates,
      TemplateLimits limits,
      Executor blocking,
      Executor check,
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
  private final Intake intake = new Intake();
  private final Jobs jobs = new Jobs(this::submitted);
  private final ChainFollower follower;
  private final BlockTemplates templates = new BlockTemplates();
  private int looks;

  /** Of the template that is being made. */
  private final Set<Hash> invalid = new HashSet<>();

  private int attempts;

  private MempoolActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.setup = setup;
    this.pool = setup.pool;
    this.virtual = setup.virtual;
    this.follower = new ChainFollower(pool, virtual, new Chain());
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
      case Asked(Mempool.Submit submit) -> onSubmit(submit);
      case Asked(Mempool.Replace(var transaction, var bytes, var replyTo)) ->
          take(
              new Intake.Waiting(
                  List.of(transaction), bytes, Submission.localReplacement(), replyTo));
      case Asked(Mempool.MissingOf(var ids, var replyTo)) ->
          replyTo.tell(new Mempool.Missing(pool.missingOf(ids)));
      case Asked(Mempool.GetAll(var ids, var replyTo)) -> replyTo.tell(Replies.found(ids, pool));
      case Asked(Mempool.Get(var id, var replyTo)) ->
          replyTo.tell(Optional.ofNullable(pool.get(id)));
      case Asked(Mempool.Describe(var id, var replyTo)) ->
          replyTo.tell(Replies.description(id, pool));
      case Asked(Mempool.GetInfo(var replyTo)) -> replyTo.tell(Replies.info(pool));
      case Asked(GetBlockTemplate request) -> onTemplateRequest(request);
      case DagChanged(DagEvent.BlockAdded added) -> onBlockAdded(added);
      case DagChanged(DagEvent.ChainChanged changed) -> onChainChanged(changed);
      case DagChanged(DagEvent _) -> {}
      case BlockRead(var step, var answered, var block) ->
          follower.blockRead(step, answered, block);
      case AcceptedRead(var transactions) -> follower.acceptedRead(transactions);
      case Checked(var checks, var failure) -> onChecked(checks, failure);
      case TemplateMade event -> onTemplate(event);
      case Look.TICK -> onLook();
      case Look.SWEEP -> follower.sweepOn();
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

  // --- transactions come ------------------------------------------------------------------------

  private void onSubmit(Mempool.Submit submit) {
    Submission how =
        submit.origin() == Dag.LOCAL
            ? Submission.local()
            : Submission.relayed(setup.sourceOf.apply(submit.origin()));
    take(new Intake.Waiting(submit.transactions(), submit.bytes(), how, submit.replyTo()));
  }

  private void take(Intake.Waiting waiting) {
    if (!intake.add(waiting)) {
      Mempool.Results results = Replies.full(waiting.transactions());
      results.byId().forEach((_, _) -> setup.metrics.transaction("Full"));
      waiting.replyTo().tell(results);
    }
  }

  private Jobs.@Nullable Job<?> submitted() {
    List<Intake.Waiting> batch = intake.next();
    if (batch.isEmpty()) {
      return null;
    }
    IdentityHashMap<Transaction, Submission> ways = Intake.ways(batch);
    Work<List<Admission>> work =
        pool.submitAll(
            Intake.transactions(batch),
            transaction -> ways.getOrDefault(transaction, batch.getFirst().how()),
            virtual);
    return new Jobs.Job<>(work, admissions -> onAdmitted(batch, admissions));
  }

  private void onChecked(@Nullable List<Check> checks, @Nullable Throwable failure) {
    if (checks == null) {
      throw new IllegalStateException("transactions could not be checked", failure);
    }
    jobs.checked(checks);
  }

  /**
   * @param admissions of all transactions of the batch, in order
   */
  private void onAdmitted(List<Intake.Waiting> batch, List<Admission> admissions) {
    intake.done(batch);
    announce(Replies.accepted(admissions));
    int next = 0;
    for (Intake.Waiting waiting : batch) {
      int end = next + waiting.transactions().size();
      Map<Hash, Result> results = new HashMap<>();
      for (Admission admission : admissions.subList(next, end)) {
        Result result = Replies.result(admission, pool);
        setup.metrics.transaction(result.getClass().getSimpleName());
        // One that is in the batch twice keeps its first result.
        results.putIfAbsent(admission.id(), result);
        if (admission instanceof Admission.Invalid) {
          setup.spoilt.accept(admission.id());
        }
      }
      waiting.replyTo().tell(new Mempool.Results(results));
      next = end;
    }
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
    if (added.transactions() > 1 && (isNearlySynced() || !pool.isEmpty())) {
      follower.blockAdded(added.header().hash());
    }
  }

  /** In a sync there is nothing to take back, and nothing to remember. */
  private void onChainChanged(DagEvent.ChainChanged changed) {
    if (!isNearlySynced() && pool.isEmpty()) {
      return;
    }
    List<Hash> accepted = changed.added().stream().flatMap(AcceptedBlock::transactions).toList();
    follower.chainChanged(changed.removed(), accepted);
  }

  /** What the follower has done for it. */
  private final class Chain implements ChainFollower.Actions {
    @Override
    public void readBlock(ChainFollower.BlockStep step) {
      CompletionStage<Optional<Block>> read = ask(replyTo -> new Dag.GetBlock(step.hash, replyTo));
      getContext()
          .pipeToSelf(
              read,
              (block, failure) ->
                  failure == null
                      ? new BlockRead(step, true, block.orElse(null))
                      : new BlockRead(step, false, null));
    }

    @Override
    public void readAccepted(Hash chainBlock) {
      CompletionStage<Dag.AcceptedTransactions> read =
          ask(replyTo -> new Dag.GetAccepted(List.of(chainBlock), MAX_RETURNED, replyTo));
      getContext().pipeToSelf(read, (accepted, _) -> new AcceptedRead(accepted));
    }

    private <T> CompletionStage<T> ask(
        org.apache.pekko.japi.function.Function<ActorRef<T>, Dag> question) {
      return AskPattern.ask(setup.dag, question, READ_LIMIT, getContext().getSystem().scheduler());
    }

    @Override
    public void sweepLater() {
      getContext().getSelf().tell(Look.SWEEP);
    }

    @Override
    public void work(Work<BlockEffect> work, Consumer<BlockEffect> then) {
      jobs.add(work, then);
    }

    @Override
    public void followed(BlockEffect effect) {
      MempoolActor.this.followed(effect);
    }
  }

  private void followed(BlockEffect effect) {
    if (isNearlySynced()) {
      List<Admission> admissions = new ArrayList<>(effect.returned());
      admissions.addAll(effect.redeemed());
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
    invalid.clear();
    attempts = 0;
    BlockTemplates.Choice known = templates.reusable(setup.snapshots.get(), setup.clock.instant());
    if (known == null) {
      chooseForTemplate();
    } else {
      makeTemplate(known);
    }
  }

  private void chooseForTemplate() {
    makeTemplate(
        new BlockTemplates.Choice(
            pool.select(setup.limits, invalid).transactions(), setup.clock.instant()));
  }

  private void makeTemplate(BlockTemplates.Choice choice) {
    GetBlockTemplate request = templates.inWork();
    attempts++;
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(
                () ->
                    setup.templates.make(
                        request.payTo(), request.extraData(), choice.transactions()),
                setup.blocking),
            (made, failure) -> new TemplateMade(made, choice.chosenAt(), failure));
  }

  private void onTemplate(TemplateMade event) {
    TemplateMaker.Made made = event.made;
    if (made == null) {
      onTemplateFailure(event.failure);
      return;
    }
    if (!made.invalid().isEmpty()) {
      jobs.add(pool.rejected(made.invalid(), virtual), _ -> {});
      invalid.addAll(made.invalid());
      if (attempts < MAX_TEMPLATE_ATTEMPTS) {
        // Their room in the block is for others.
        chooseForTemplate();
        return;
      }
    }
    makeNext(templates.made(made.block(), event.chosenAt, isNearlySynced()));
  }

  private void onTemplateFailure(@Nullable Throwable failure) {
    Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
    if (!(cause instanceof IllegalArgumentException)) {
      LOG.error("A block template could not be made", failure);
    }
    makeNext(templates.failed(cause == null ? "no template" : String.valueOf(cause.getMessage())));
  }

  private void makeNext(boolean more) {
    if (more) {
      makeTemplate();
    }
  }
}
