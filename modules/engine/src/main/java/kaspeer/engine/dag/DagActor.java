package kaspeer.engine.dag;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import kaspeer.consensus.BlockBody;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusUnavailableException;
import kaspeer.consensus.Verdict;
import kaspeer.engine.Facades;
import kaspeer.engine.SteadyClock;
import kaspeer.engine.dag.BlocksInFlight.Family;
import kaspeer.engine.dag.BlocksInFlight.Item;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BatchReply;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to the block DAG. A message costs no more than a look into memory: checks and
 * commits happen in the consensus library, which answers by future; reads that may touch the disk
 * run on an executor of their own.
 */
public final class DagActor extends AbstractMatchingBehavior<DagActor.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(DagActor.class);
  private static final Duration RETRY = Duration.ofMillis(100);

  /** What the actor takes, besides {@link Dag}. */
  public sealed interface Command {}

  private record Asked(Dag request) implements Command {}

  /** A peer is gone: what it brought has no owner any more. */
  public record PeerLeft(long peer) implements Command {}

  private record Stored(Hash block) implements Command {}

  private record Decided(Verdict verdict) implements Command {}

  private record HeadersDecided(List<Verdict> verdicts, ActorRef<BatchReply> replyTo)
      implements Command {}

  private record BodiesDecided(
      List<Verdict> verdicts, List<DagEvent.BlockAdded> added, ActorRef<BatchReply> replyTo)
      implements Command {}

  private record Broken(Throwable cause) implements Command {}

  private record Heard(kaspeer.consensus.ConsensusEvent event) implements Command {}

  private record Retry(Hash orphan, Family family) implements Command {}

  private record Unsubscribed(ActorRef<DagEvent> subscriber) implements Command {}

  private enum Tick implements Command {
    STATE,
    HEAP
  }

  /**
   * What the actor works on.
   *
   * @param events what the consensus tells; this actor is the one to hear it
   * @param reads may block
   * @param intakeBytes blocks on the wire that may wait for a verdict at a time
   */
  public record Setup(
      Consensus consensus,
      ConsensusEvents events,
      Supplier<DagSnapshot> snapshots,
      int mergesetSizeLimit,
      Executor reads,
      long intakeBytes,
      long orphanBytes,
      long orphanBytesPerPeer,
      DagListener listener,
      EngineMetrics metrics) {}

  private static final int MAX_ORPHANS = 4096;

  private final TimerScheduler<Command> timers;
  private final Setup setup;
  private final Consensus consensus;
  private final DagReads reads;
  private final DagPublisher publisher;
  private final RelayedBlocks blocks;
  private final BlocksInFlight inFlight;
  private final OrphanPool orphans;

  private final HeapWatch heap =
      new HeapWatch(
          HeapWatch.Heap::now, new SteadyClock(InstantSource.system())::instant, LOG::warn);

  /** Blocks of a commit of which not all is told yet. */
  private final List<DagEvent.BlockSettled> settling = new ArrayList<>();

  private volatile int orphanCount;
  private volatile int intakeCount;
  private volatile long intakeBytes;
  private boolean broken;

  private DagActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.timers = timers;
    this.setup = setup;
    this.consensus = setup.consensus;
    this.reads =
        new DagReads(
            consensus, setup.mergesetSizeLimit, setup.reads, setup.metrics.failedQueries());
    this.publisher = new DagPublisher(setup.snapshots, context.getSystem().eventStream());
    this.inFlight = new BlocksInFlight(setup.intakeBytes);
    this.orphans =
        new OrphanPool(
            new OrphanPool.Limits(setup.orphanBytes, setup.orphanBytesPerPeer, MAX_ORPHANS));
    EngineMetrics metrics = setup.metrics;
    this.blocks =
        new RelayedBlocks(
            consensus, publisher, new Host(), setup.listener, metrics, inFlight, orphans);
    metrics.gauge("kaspeer_dag_orphans", "Blocks that wait for ancestors.", () -> orphanCount);
    metrics.gauge(
        "kaspeer_dag_inflight_blocks", "Blocks that wait for a verdict.", () -> intakeCount);
    metrics.gauge("kaspeer_dag_inflight_bytes", "Their bytes on the wire.", () -> intakeBytes);
    metrics.gauge(
        "kaspeer_heap_after_collection_bytes",
        "Heap in use after the last garbage collection.",
        () -> HeapWatch.Heap.now().afterCollection());
    timers.startTimerWithFixedDelay(Tick.STATE, DagPublisher.STATE_INTERVAL);
    timers.startTimerWithFixedDelay(Tick.HEAP, HeapWatch.INTERVAL);
    ActorRef<Command> self = context.getSelf();
    setup.events.connect(event -> self.tell(new Heard(event)));
  }

  /** Takes {@link Dag} too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new DagActor(context, timers, setup)));
    return Facades.accepting(behavior, new Facades.Foreign<>(Dag.class, Asked::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Asked(var request) -> onRequest(request);
      case PeerLeft(var peer) -> blocks.peerLeft(peer);
      case Stored(var block) -> blocks.onStored(block);
      case Decided(var verdict) -> blocks.onDecided(verdict);
      case HeadersDecided(var verdicts, var replyTo) -> {
        publisher.stateChanged();
        replyTo.tell(BatchReplies.of(verdicts));
      }
      case BodiesDecided(var verdicts, var added, var replyTo) ->
          onBodies(verdicts, added, replyTo);
      case Broken(var cause) -> onBroken(cause);
      case Heard(kaspeer.consensus.ConsensusEvent.Failed(var cause)) -> onBroken(cause);
      case Heard(kaspeer.consensus.ConsensusEvent.BlockAdded(var header, var transactions)) ->
          settling.add(new DagEvent.BlockSettled(header.hash(), transactions));
      case Heard(kaspeer.consensus.ConsensusEvent.StateChanged _) -> onCommitTold();
      case Heard(var event) -> ChainEvents.convert(event).ifPresent(this::onChainEvent);
      case Retry(var orphan, var family) -> blocks.resubmit(orphan, family);
      case Unsubscribed(var subscriber) -> publisher.unsubscribe(subscriber);
      case Tick.STATE -> publisher.publishState();
      case Tick.HEAP -> heap.look(consensus.metrics().memoryBytes());
    }
    orphanCount = orphans.size();
    intakeCount = inFlight.size();
    intakeBytes = inFlight.bytes();
    return this;
  }

  private void onRequest(Dag request) {
    switch (request) {
      case Dag.SubmitBlock(var block, var origin, var bytes, var replyTo) ->
          blocks.submit(new Item(block, origin, bytes, replyTo, null));
      case Dag.KeepOrphan(var block, var origin, var bytes, var replyTo) ->
          replyTo.tell(blocks.keep(block, origin, bytes));
      case Dag.LookUp(var hashes, var replyTo) -> replyTo.tell(blocks.lookUp(hashes));
      case Dag.SubmitHeaders(var headers, var replyTo) ->
          pipe(consensus.submitHeaders(headers), verdicts -> new HeadersDecided(verdicts, replyTo));
      case Dag.SubmitBodies(var bodies, var replyTo) -> onSubmitBodies(bodies, replyTo);
      case Dag.GetStatuses question -> reads.statuses(question);
      case Dag.GetChainLocator question -> reads.chainLocator(question);
      case Dag.GetBlockLocator question -> reads.blockLocator(question);
      case Dag.GetHeaders question -> reads.headers(question);
      case Dag.GetAntipast question -> reads.antipast(question);
      case Dag.GetMissingBodies question -> reads.missingBodies(question);
      case Dag.GetHeader question -> reads.header(question);
      case Dag.GetBlock question -> reads.block(question);
      case Dag.GetPlace question -> reads.place(question);
      case Dag.GetAccepted question -> reads.accepted(question);
      case Dag.IsAncestor question -> reads.isAncestor(question);
      case Dag.Subscribe(var subscriber) -> {
        publisher.subscribe(subscriber);
        getContext().watchWith(subscriber, new Unsubscribed(subscriber));
      }
    }
  }

  private interface Result<T> {
    Command of(T value);
  }

  private <T> void pipe(CompletableFuture<T> future, Result<T> result) {
    getContext()
        .pipeToSelf(
            future, (value, failure) -> failure == null ? result.of(value) : new Broken(failure));
  }

  private final class Host implements RelayedBlocks.Host {
    @Override
    public void decide(Block block) {
      ActorRef<Command> self = getContext().getSelf();
      Stored stored = new Stored(block.hash());
      pipe(consensus.submitBlock(block, () -> self.tell(stored)), Decided::new);
    }

    @Override
    public void retry(Hash orphan, Family family) {
      Retry retry = new Retry(orphan, family);
      timers.startSingleTimer(retry, retry, RETRY);
    }
  }

  private void onSubmitBodies(List<Dag.Body> bodies, ActorRef<BatchReply> replyTo) {
    List<BlockBody> batch =
        bodies.stream().map(body -> new BlockBody(body.hash(), body.transactions())).toList();
    pipe(
        consensus
            .submitBodies(batch)
            .thenApplyAsync(verdicts -> decidedBodies(bodies, verdicts, replyTo), setup.reads),
        decided -> decided);
  }

  private BodiesDecided decidedBodies(
      List<Dag.Body> bodies, List<Verdict> verdicts, ActorRef<BatchReply> replyTo) {
    List<DagEvent.BlockAdded> added = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      Header header =
          verdicts.get(i) instanceof Verdict.Accepted(var hash, var _)
              ? consensus.header(hash)
              : null;
      if (header != null) {
        added.add(
            new DagEvent.BlockAdded(header, bodies.get(i).transactions().size(), Dag.LOCAL, false));
      }
    }
    return new BodiesDecided(verdicts, added, replyTo);
  }

  private void onBodies(
      List<Verdict> verdicts, List<DagEvent.BlockAdded> added, ActorRef<BatchReply> replyTo) {
    publisher.stateChanged();
    added.forEach(publisher::blockAdded);
    for (Verdict verdict : verdicts) {
      if (verdict instanceof Verdict.Accepted(var hash, var _)) {
        blocks.onSynced(hash);
      }
    }
    replyTo.tell(BatchReplies.of(verdicts));
  }

  /** All else that came of a commit was told before. */
  private void onCommitTold() {
    settling.forEach(publisher::blockSettled);
    settling.clear();
  }

  private void onChainEvent(DagEvent event) {
    switch (event) {
      case DagEvent.BlockDisqualified(var hash, var rule, var detail) ->
          LOG.warn("Block {} cannot be on the selected chain: {}, {}", hash, rule, detail);
      case DagEvent.ChainStopped(var hash, var detail) ->
          LOG.error(
              "The selected chain ends below block {}, which this version cannot judge: {}",
              hash,
              detail);
      case DagEvent.FinalityViolated(var tip) ->
          LOG.warn(
              "Tip {} has more work than the sink and is not followed: it violates finality", tip);
      case DagEvent.ChainChanged _,
          DagEvent.BlockAdded _,
          DagEvent.BlockSettled _,
          DagEvent.StateChanged _ -> {}
    }
    publisher.stateChanged();
    publisher.chainEvent(event);
  }

  private void onBroken(Throwable cause) {
    if (!broken) {
      broken = true;
      setup.listener.broken(reason(cause));
    }
  }

  /** What broke the consensus: whoever waits for it is only told that it is not there any more. */
  private static Throwable reason(Throwable failure) {
    Throwable reason = failure;
    Throwable cause = reason.getCause();
    while (cause != null
        && (reason instanceof CompletionException
            || reason instanceof ConsensusUnavailableException)) {
      reason = cause;
      cause = reason.getCause();
    }
    return reason;
  }
}
