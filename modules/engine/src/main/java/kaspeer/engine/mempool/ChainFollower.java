package kaspeer.engine.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import kaspeer.flow.dag.Dag.AcceptedTransactions;
import kaspeer.mempool.BlockEffect;
import kaspeer.mempool.TransactionPool;
import kaspeer.mempool.VirtualState;
import kaspeer.mempool.Work;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the pool, in order, of blocks and of changes of the chain. Blocks are read a few at a time.
 * After a reorganisation everything waits until what left the chain has come back, block by block
 * from the lowest. What was not read, or would have waited too long, is made good by a sweep. State
 * of the mempool's actor.
 */
final class ChainFollower {
  /** Blocks that are being read, or are read and wait for their turn. */
  static final int MAX_READING = 8;

  /** Blocks and changes that may wait. */
  static final int MAX_WAITING = 10_000;

  /**
   * Ids of accepted transactions that may wait with changes of the chain, some 60 MB. A change that
   * takes blocks off the chain waits in any case: what comes back must not be forgotten.
   */
  static final int MAX_WAITING_IDS = 600_000;

  /** Estimated bytes of heap of what may come back after one change of the chain. */
  static final long MAX_RETURNED_BYTES = 64L << 20;

  /** So often it is asked what a removed block had accepted. */
  static final int MAX_TRIES = 5;

  /** Transactions looked at in one step of a sweep. */
  private static final int SWEEP = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(ChainFollower.class);

  /** What the follower asks for, to be answered by the method named. */
  interface Actions {
    /** By {@link #blockRead}. */
    void readBlock(BlockStep step);

    /** By {@link #acceptedRead}. */
    void readAccepted(Hash chainBlock);

    /** By {@link #sweepOn}, after what waits for the actor. */
    void sweepLater();

    /** Has the work done, with this to follow. */
    void work(Work<BlockEffect> work, Consumer<BlockEffect> then);

    /** The pool changed by this. */
    void followed(BlockEffect effect);
  }

  sealed interface Step {}

  /** A block to be told of. */
  static final class BlockStep implements Step {
    final Hash hash;
    private boolean read;
    private @Nullable Block found;

    private BlockStep(Hash hash) {
      this.hash = hash;
    }
  }

  private record ChainStep(List<Hash> removed, List<Hash> accepted) implements Step {}

  /** A reorganisation of which transactions come back. */
  private static final class Return {
    private final Deque<Hash> blocks;
    private final Set<Hash> accepted;
    private long bytes;
    private int tries;

    /**
     * @param removed from the old sink downwards
     */
    private Return(List<Hash> removed, List<Hash> accepted) {
      this.blocks = new ArrayDeque<>(removed.reversed());
      this.accepted = new HashSet<>(accepted);
    }
  }

  private final TransactionPool pool;
  private final VirtualState virtual;
  private final Actions actions;
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Deque<BlockStep> unread = new ArrayDeque<>();
  private final Deque<Hash> toSweep = new ArrayDeque<>();
  private int reading;
  private int waitingIds;
  private boolean incomplete;
  private @Nullable Return returning;

  ChainFollower(TransactionPool pool, VirtualState virtual, Actions actions) {
    this.pool = pool;
    this.virtual = virtual;
    this.actions = actions;
  }

  void blockSettled(Hash hash) {
    if (steps.size() >= MAX_WAITING) {
      incomplete = true;
      return;
    }
    BlockStep step = new BlockStep(hash);
    steps.add(step);
    unread.add(step);
    goOn();
  }

  /**
   * @param removed from the old sink downwards
   * @param accepted ids of what the added blocks accepted
   * @param whole whether that is all; if not, a sweep makes it good
   */
  void chainChanged(List<Hash> removed, List<Hash> accepted, boolean whole) {
    incomplete |= !whole;
    boolean full = steps.size() >= MAX_WAITING || waitingIds + accepted.size() > MAX_WAITING_IDS;
    if (full && removed.isEmpty()) {
      incomplete = true;
      return;
    }
    waitingIds += accepted.size();
    steps.add(new ChainStep(removed, accepted));
    goOn();
  }

  /**
   * @param answered whether it could be read
   * @param found null if it could not, or there is none
   */
  void blockRead(BlockStep step, boolean answered, @Nullable Block found) {
    incomplete |= !answered;
    step.read = true;
    step.found = found;
    goOn();
  }

  private void goOn() {
    read();
    for (Step step = steps.peek();
        step != null && returning == null && isReady(step);
        step = steps.peek()) {
      steps.remove();
      switch (step) {
        case BlockStep block -> tell(block);
        case ChainStep(var removed, var accepted) -> {
          waitingIds -= accepted.size();
          tell(removed, accepted);
        }
      }
      read();
    }
    if (steps.isEmpty() && incomplete && toSweep.isEmpty()) {
      incomplete = false;
      toSweep.addAll(pool.ids());
      actions.sweepLater();
    }
  }

  private void read() {
    while (reading < MAX_READING && !unread.isEmpty()) {
      BlockStep step = unread.remove();
      reading++;
      actions.readBlock(step);
    }
  }

  private static boolean isReady(Step step) {
    return !(step instanceof BlockStep block) || block.read;
  }

  private void tell(BlockStep step) {
    reading--;
    Block block = step.found;
    if (block != null) {
      actions.work(
          pool.block(block.transactions(), block.header().daaScore(), virtual), actions::followed);
    }
  }

  private void tell(List<Hash> removed, List<Hash> accepted) {
    actions.work(pool.chain(accepted, !removed.isEmpty(), virtual), actions::followed);
    if (!removed.isEmpty()) {
      returning = new Return(removed, accepted);
      actions.readAccepted(removed.getLast());
    }
  }

  /**
   * What the block accepted that was asked for last.
   *
   * @param read null if it could not be read
   */
  void acceptedRead(@Nullable AcceptedTransactions read) {
    Return now = returning;
    if (now == null) {
      throw new IllegalStateException("nothing is coming back");
    }
    if (read == null && ++now.tries < MAX_TRIES) {
      actions.readAccepted(now.blocks.element());
      return;
    }
    Hash block = now.blocks.remove();
    now.tries = 0;
    if (read == null) {
      LOG.warn("What block {} accepted is not known, and does not come back", block);
    }
    List<Transaction> back = new ArrayList<>();
    for (Transaction tx : read == null ? List.<Transaction>of() : read.transactions()) {
      now.bytes += TransactionPool.estimatedBytes(tx);
      if (now.bytes <= MAX_RETURNED_BYTES && !now.accepted.contains(tx.id())) {
        back.add(tx);
      }
    }
    if (now.bytes > MAX_RETURNED_BYTES) {
      LOG.warn("Of {} more removed blocks nothing comes back: it is too much", now.blocks.size());
      now.blocks.clear();
    }
    boolean last = now.blocks.isEmpty();
    actions.work(pool.returned(back, last, virtual), effect -> cameBack(effect, last));
  }

  private void cameBack(BlockEffect effect, boolean last) {
    actions.followed(effect);
    Return now = returning;
    if (!last && now != null) {
      actions.readAccepted(now.blocks.element());
    } else {
      returning = null;
      goOn();
    }
  }

  /** Looks at the next few of the pool. */
  void sweepOn() {
    List<Hash> next = new ArrayList<>(SWEEP);
    while (next.size() < SWEEP && !toSweep.isEmpty()) {
      next.add(toSweep.remove());
    }
    if (pool.isReturning()) {
      // It would do nothing now.
      incomplete = true;
      toSweep.clear();
    } else {
      pool.sweep(next, virtual);
    }
    if (!toSweep.isEmpty()) {
      actions.sweepLater();
    }
  }
}
