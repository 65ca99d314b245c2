package kaspeer.consensus;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** A store whose commits can be held or made to fail. */
final class FaultyStore implements DagStore {
  final MemoryDagStore inner = new MemoryDagStore();
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  final AtomicBoolean failing = new AtomicBoolean();
  volatile CountDownLatch held = new CountDownLatch(0);

  /** Open once genesis and another batch were handed in. */
  final CountDownLatch reached = new CountDownLatch(2);

  /** Lets so many commits through from now on, and no more. */
  void failAfter(int commits) {
    left.set(commits);
  }

  @Override
  public void commit(List<Change> changes) {
    reached.countDown();
    PipelineFixture.await(held);
    if (failing.get() || left.getAndDecrement() <= 0) {
      throw new IllegalStateException("the disk is full");
    }
    inner.commit(changes);
  }

  @Override
  public void forEachHeader(HeaderVisitor visitor) {
    inner.forEachHeader(visitor);
  }

  @Override
  public List<Hash> invalidHashes() {
    return inner.invalidHashes();
  }

  @Override
  public Header header(int id) {
    return inner.header(id);
  }

  @Override
  public @Nullable List<Transaction> body(int id) {
    return inner.body(id);
  }

  @Override
  public @Nullable Position position() {
    return inner.position();
  }

  @Override
  public byte @Nullable [] delta(int id) {
    return inner.delta(id);
  }

  @Override
  public byte @Nullable [] multiset(int id) {
    return inner.multiset(id);
  }

  @Override
  public byte @Nullable [] acceptance(int id) {
    return inner.acceptance(id);
  }

  @Override
  public @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return inner.utxo(outpoint);
  }

  @Override
  public List<@Nullable UtxoEntry> utxos(List<Outpoint> outpoints) {
    return inner.utxos(outpoints);
  }

  @Override
  public void forEachUtxo(BiConsumer<Outpoint, UtxoEntry> visitor) {
    inner.forEachUtxo(visitor);
  }

  @Override
  public void forEachLane(LaneVisitor visitor) {
    inner.forEachLane(visitor);
  }

  @Override
  public void close() {
    inner.close();
  }
}
