package kaspeer.node.mining;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import kaspeer.crypto.ProofOfWork;
import kaspeer.engine.Engine;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.TemplateReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes blocks out of the node's own templates, on a thread of its own, about so many a second.
 * Where the network asks for proof of work, it does that, with one thread: then it may make fewer.
 */
public final class Miner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Miner.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  /** A template is worked on for so long, then another one is asked for. */
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Between two looks at the clock. */
  private static final int NONCES = 256;

  private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(1);
  private static final byte[] EXTRA_DATA = "kaspeer".getBytes(StandardCharsets.US_ASCII);

  private final Engine engine;
  private final Scheduler scheduler;
  private final Params params;
  private final ScriptPublicKey payTo;
  private final RandomGenerator random;
  private final Consumer<Block> mined;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("kaspeer-miner").unstarted(this::run);
  private volatile double rate = 1;
  private volatile boolean closed;

  /**
   * A miner that does nothing yet.
   *
   * @param payTo whom its blocks pay
   * @param mined hears of every block before it is handed in
   */
  public Miner(
      Engine engine,
      Scheduler scheduler,
      Params params,
      ScriptPublicKey payTo,
      RandomGenerator random,
      Consumer<Block> mined) {
    this.engine = engine;
    this.scheduler = scheduler;
    this.params = params;
    this.payTo = payTo;
    this.random = random;
    this.mined = mined;
  }

  /** From now on it makes about so many blocks a second. To be called once. */
  public void start(double blocksPerSecond) {
    rate = blocksPerSecond;
    thread.start();
  }

  private void run() {
    long interval = (long) (TimeUnit.SECONDS.toNanos(1) / rate);
    long due = System.nanoTime();
    while (!closed) {
      // What could not be made in time is not made up for, or there would be a burst.
      due = Math.max(due + interval, System.nanoTime() - interval);
      pauseUntil(due);
      try {
        if (!closed && engine.syncStatus().state() != SyncStatus.State.SYNCING) {
          mine(1);
        }
      } catch (CompletionException | IllegalStateException e) {
        if (!closed) {
          LOG.warn("No block was made: {}", e.getMessage());
          pauseUntil(System.nanoTime() + AFTER_FAILURE);
        }
      }
    }
  }

  private void pauseUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0 && !closed; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /**
   * Makes blocks with the same parents and hands them in; returns when they are in the DAG. Not
   * while it runs by itself.
   *
   * @throws IllegalStateException if there is no template, or a block is refused
   * @throws CompletionException if the node does not answer
   */
  public void mine(int siblings) {
    int made = 0;
    while (made < siblings && !closed) {
      Block template = template();
      long end = System.nanoTime() + WORK_NANOS;
      while (made < siblings && !closed && System.nanoTime() < end) {
        if (search(template, end)) {
          made++;
        }
      }
    }
  }

  private Block template() {
    TemplateReply reply =
        await(
            AskPattern.ask(
                engine.mempool(),
                (ActorRef<TemplateReply> to) -> new Mempool.GetBlockTemplate(payTo, EXTRA_DATA, to),
                ANSWER_LIMIT,
                scheduler));
    return switch (reply) {
      case TemplateReply.Made(var block, var _) -> block;
      case TemplateReply.Refused(var why) -> throw new IllegalStateException(why);
      case TemplateReply.Busy _ -> throw new IllegalStateException("too many ask for templates");
    };
  }

  /** Looks for a nonce for a while; hands the block in if there is one. */
  private boolean search(Block template, long end) {
    Header header = template.header();
    long nonce = random.nextLong();
    if (params.skipProofOfWork()) {
      submit(withNonce(template, nonce));
      return true;
    }
    ProofOfWork.Seed seed = ProofOfWork.Seed.of(header.prePowHash());
    while (!closed && System.nanoTime() < end) {
      for (int i = 0; i < NONCES; i++, nonce++) {
        if (seed.value(header.timestamp(), nonce).passes(header.bits())) {
          submit(withNonce(template, nonce));
          return true;
        }
      }
    }
    return false;
  }

  private static Block withNonce(Block template, long nonce) {
    Header header = template.header();
    return new Block(
        new Header(
            header.version(),
            header.parents(),
            header.hashMerkleRoot(),
            header.acceptedIdMerkleRoot(),
            header.utxoCommitment(),
            header.timestamp(),
            header.bits(),
            nonce,
            header.daaScore(),
            header.blueWork(),
            header.blueScore(),
            header.pruningPoint()),
        template.transactions());
  }

  private void submit(Block block) {
    mined.accept(block);
    BlockReply reply =
        await(
            AskPattern.ask(
                engine.dag(),
                (ActorRef<BlockReply> to) -> new Dag.SubmitBlock(block, Dag.LOCAL, 0, to),
                ANSWER_LIMIT,
                scheduler));
    switch (reply) {
      case BlockReply.Accepted _, BlockReply.Known _ -> {}
      case BlockReply.Busy _ -> LOG.debug("the DAG is busy, a mined block is lost");
      case BlockReply.MissingParents _, BlockReply.Invalid _ ->
          throw new IllegalStateException("a block of our own was refused: " + reply);
    }
  }

  private static <T> T await(CompletionStage<T> answer) {
    return answer.toCompletableFuture().join();
  }

  /** Stops; the block in work is dropped. Returns when nothing is handed in any more. */
  @Override
  public void close() {
    closed = true;
    if (thread.isAlive()) {
      LockSupport.unpark(thread);
      try {
        thread.join(ANSWER_LIMIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
