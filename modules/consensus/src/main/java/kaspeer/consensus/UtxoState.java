package kaspeer.consensus;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import kaspeer.consensus.utxo.NextState;
import kaspeer.consensus.utxo.StoredUtxos;
import kaspeer.consensus.utxo.UtxoChain;
import kaspeer.consensus.utxo.UtxoView;
import org.jspecify.annotations.Nullable;

/**
 * The UTXO state as it was last committed, for everyone to read: that of the sink is stored, that
 * of the virtual block is a difference to it in memory. The committer exchanges both at once.
 */
final class UtxoState {
  private final UtxoChain chain;
  private final StoredUtxos stored;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private VirtualResolver.@Nullable Virtual virtual;

  /** Whether the last move was never finished. */
  private boolean broken;

  /**
   * The state at one moment.
   *
   * @param virtual the virtual block
   * @param next what it does to the UTXO state
   * @param view the UTXO set it sees
   */
  record Snapshot(VirtualResolver.Virtual virtual, NextState next, UtxoView view) {}

  UtxoState(UtxoChain chain, StoredUtxos stored) {
    this.chain = chain;
    this.stored = stored;
  }

  // --- for everyone ---------------------------------------------------------------------------

  /**
   * Runs a query on an unchanging state; the committer waits meanwhile.
   *
   * @throws ConsensusUnavailableException if the committer ended in the middle of a move
   */
  <T> T read(Function<Snapshot, T> query) {
    lock.readLock().lock();
    try {
      if (broken) {
        throw new ConsensusUnavailableException("there is no UTXO state any more", null);
      }
      VirtualResolver.Virtual now = Objects.requireNonNull(virtual);
      NextState next = Objects.requireNonNull(now.next());
      return query.apply(new Snapshot(now, next, next.view(stored)));
    } finally {
      lock.readLock().unlock();
    }
  }

  // --- for the committer ----------------------------------------------------------------------

  UtxoChain chain() {
    return chain;
  }

  /**
   * Stores what changed, in the middle of a move: until {@link #commit} there is no state to be
   * read, and readers wait.
   */
  void checkpoint(List<DagStore.Change> changes, DagStore store) {
    if (!lock.isWriteLockedByCurrentThread()) {
      lock.writeLock().lock();
    }
    store.commit(changes);
    chain.committed();
  }

  /**
   * The committer ends. If that is in the middle of a move, there will never be a state again,
   * which those who wait for one are told.
   */
  void end() {
    if (lock.isWriteLockedByCurrentThread()) {
      broken = true;
      release();
    }
  }

  private void release() {
    while (lock.isWriteLockedByCurrentThread()) {
      lock.writeLock().unlock();
    }
  }

  /** Stores what changed, together with the virtual block that goes with it. */
  void commit(List<DagStore.Change> changes, DagStore store, VirtualResolver.Virtual found) {
    // After a checkpoint what is stored is past what the present virtual block belongs to.
    boolean inMove = lock.isWriteLockedByCurrentThread();
    boolean done = false;
    lock.writeLock().lock();
    try {
      if (!changes.isEmpty()) {
        store.commit(changes);
      }
      chain.committed();
      virtual = found;
      done = true;
    } finally {
      if (done || !inMove) {
        release();
      }
    }
  }
}
