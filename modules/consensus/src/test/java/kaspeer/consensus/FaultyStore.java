package kaspeer.consensus;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/** A store whose commits can be held or made to fail. */
final class FaultyStore implements DagStore {
  final MemoryDagStore inner = new MemoryDagStore();
  final AtomicBoolean failing = new AtomicBoolean();
  volatile CountDownLatch held = new CountDownLatch(0);

  /** Open once genesis and another batch were handed in. */
  final CountDownLatch reached = new CountDownLatch(2);

  @Override
  public void commit(List<Change> changes) {
    reached.countDown();
    PipelineFixture.await(held);
    if (failing.get()) {
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
  public void close() {
    inner.close();
  }
}
