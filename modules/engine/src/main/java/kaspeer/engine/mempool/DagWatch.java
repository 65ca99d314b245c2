package kaspeer.engine.mempool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kaspeer.engine.mempool.MempoolActor.AcceptedRead;
import kaspeer.engine.mempool.MempoolActor.BlockRead;
import kaspeer.engine.mempool.MempoolActor.Command;
import kaspeer.engine.mempool.MempoolActor.Look;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.mempool.BlockEffect;
import kaspeer.mempool.Work;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What the mempool's actor hears of the DAG, and what its follower asks of the DAG and has done by
 * the pool. State of the mempool's actor.
 */
final class DagWatch implements ChainFollower.Actions {
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  /** Of one chain block no more comes back; more than it can accept. */
  private static final int MAX_RETURNED = 100_000;

  private final ActorContext<Command> context;
  private final MempoolActor.Setup setup;
  private final Jobs jobs;
  private final BooleanSupplier nearlySynced;
  private final Consumer<BlockEffect> followed;
  private final ChainFollower follower;

  /**
   * @param followed hears of how the pool changed
   */
  DagWatch(
      ActorContext<Command> context,
      MempoolActor.Setup setup,
      Jobs jobs,
      BooleanSupplier nearlySynced,
      Consumer<BlockEffect> followed) {
    this.context = context;
    this.setup = setup;
    this.jobs = jobs;
    this.nearlySynced = nearlySynced;
    this.followed = followed;
    this.follower = new ChainFollower(setup.pool(), setup.virtual(), this);
  }

  void on(DagEvent event) {
    switch (event) {
      case DagEvent.BlockSettled settled -> onBlockSettled(settled);
      case DagEvent.ChainChanged changed -> onChainChanged(changed);
      default -> {}
    }
  }

  /**
   * A block that holds more than its coinbase is read, unless this is a sync and there is nothing
   * that it could remove. That a block was added says nothing yet: until virtual has seen it, what
   * it holds is still to be accepted.
   */
  private void onBlockSettled(DagEvent.BlockSettled settled) {
    if (settled.transactions() > 1 && (nearlySynced.getAsBoolean() || !setup.pool().isEmpty())) {
      follower.blockSettled(settled.hash());
    }
  }

  /**
   * In a sync there is nothing to take back, and nothing to remember. What blocks accepted that
   * come without it, as the change is too large, is left to a sweep.
   */
  private void onChainChanged(DagEvent.ChainChanged changed) {
    if (!nearlySynced.getAsBoolean() && setup.pool().isEmpty()) {
      return;
    }
    List<Hash> accepted = changed.added().stream().flatMap(AcceptedBlock::transactions).toList();
    boolean whole = changed.added().stream().noneMatch(block -> block.merged().isEmpty());
    follower.chainChanged(changed.removed(), accepted, whole);
  }

  void on(BlockRead read) {
    follower.blockRead(read.step(), read.answered(), read.block());
  }

  void on(AcceptedRead read) {
    follower.acceptedRead(read.transactions());
  }

  void sweepOn() {
    follower.sweepOn();
  }

  @Override
  public void readBlock(ChainFollower.BlockStep step) {
    CompletionStage<Optional<Block>> read = ask(replyTo -> new Dag.GetBlock(step.hash, replyTo));
    context.pipeToSelf(
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
    context.pipeToSelf(read, (accepted, _) -> new AcceptedRead(accepted));
  }

  private <T> CompletionStage<T> ask(
      org.apache.pekko.japi.function.Function<ActorRef<T>, Dag> question) {
    return AskPattern.ask(setup.dag(), question, READ_LIMIT, context.getSystem().scheduler());
  }

  @Override
  public void sweepLater() {
    context.getSelf().tell(Look.SWEEP);
  }

  @Override
  public void work(Work<BlockEffect> work, Consumer<BlockEffect> then) {
    jobs.add(work, then);
  }

  @Override
  public void followed(BlockEffect effect) {
    followed.accept(effect);
  }
}
