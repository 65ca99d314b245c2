package kaspeer.mempool;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Locale;
import kaspeer.primitives.Transaction;

/**
 * Fills a pool in a process of its own, where nothing else is on the heap, and prints what the pool
 * counts of it divided by what there is. With the serial collector a collection that is asked for
 * is a whole one, done when the call returns.
 */
final class HeapProcess {
  private static final int COUNT = 20_000;
  private static final int FAMILY = 10;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final FakeVirtual virtual = new FakeVirtual();

  private HeapProcess() {}

  /**
   * @param args whether transactions build on others
   */
  public static void main(String[] args) {
    boolean chained = Boolean.parseBoolean(args[0]);
    HeapProcess process = new HeapProcess();
    process.fill(chained, FAMILY); // what is made once, such as classes
    long before = process.used();
    TransactionPool pool = process.fill(chained, COUNT);
    long heap = process.used() - before;
    MempoolInfo info = pool.info();
    if (info.transactions() != COUNT) {
      throw new IllegalStateException("only " + info.transactions() + " are in the pool");
    }
    System.out.printf(Locale.ROOT, "%.4f%n", (double) info.bytes() / heap);
  }

  private long used() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private TransactionPool fill(boolean chained, int count) {
    TransactionPool pool = new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 28));
    Transaction last = Txs.spend(Txs.coin(0));
    for (int i = 0; i < count; i++) {
      Txs.Money money = chained && i % FAMILY > 0 ? Txs.output(last, 0) : Txs.coin(i);
      // An array of its own for each script, as what comes from a peer has.
      last = new Txs.Draft(money).script(Txs.payToKey()).signatureScript(new byte[66]).build();
      pool.submit(last, Submission.relayed("peer"), virtual);
      virtual.checked.clear();
      virtual.together.clear();
    }
    return pool;
  }
}
