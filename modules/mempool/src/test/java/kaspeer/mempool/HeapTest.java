package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.api.Test;

/** The bytes that a pool counts are bytes of heap. */
class HeapTest {
  private static final int COUNT = 20_000;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final FakeVirtual virtual = new FakeVirtual();
  private final Mempool pool = new Mempool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 28));

  private long used() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Fills the pool with transactions, so many of them building on one before. */
  private double estimateOverHeap(boolean chained) {
    long before = used();
    Transaction last = Txs.spend(Txs.coin(0));
    for (int i = 0; i < COUNT; i++) {
      Txs.Money money = chained && i % 10 > 0 ? Txs.output(last, 0) : Txs.coin(i);
      // An array of its own for each script, as what comes from a peer has.
      last = new Txs.Draft(money).script(Txs.payToKey()).signatureScript(new byte[66]).build();
      pool.submit(last, Submission.relayed("peer"), virtual);
      virtual.checked.clear();
      virtual.together.clear();
    }
    long heap = used() - before;
    assertThat(pool.info().transactions()).isEqualTo(COUNT);
    return (double) pool.info().bytes() / heap;
  }

  @Test
  void whatStandsAloneIsEstimatedWell() {
    assertThat(estimateOverHeap(false)).isBetween(0.8, 1.8);
  }

  @Test
  void familiesAreEstimatedWell() {
    assertThat(estimateOverHeap(true)).isBetween(0.8, 1.8);
  }
}
