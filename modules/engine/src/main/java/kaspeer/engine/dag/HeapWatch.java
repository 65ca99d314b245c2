package kaspeer.engine.dag;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Warns while there is still time when the DAG, of which nothing is ever forgotten, is about to
 * outgrow the heap: a JVM without heap ends without a word of why. State of the DAG's actor.
 */
final class HeapWatch {
  /** How often it is looked. */
  static final Duration INTERVAL = Duration.ofMinutes(1);

  /** Part of the heap that may be taken after a garbage collection before that is told. */
  static final double NEARLY_FULL = 0.85;

  /** Part of what is taken that has to be the DAG's to be told of here. */
  static final double MAX_OF_IT = 0.5;

  /** Between two warnings. */
  static final Duration BETWEEN = Duration.ofDays(1);

  private static final List<MemoryPoolMXBean> POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();

  /**
   * The heap.
   *
   * @param afterCollection bytes that were in use after the last collection of each part of it
   * @param most that the JVM may take
   */
  record Heap(long afterCollection, long most) {
    static Heap now() {
      long used = 0;
      for (MemoryPoolMXBean pool : POOLS) {
        MemoryUsage usage = pool.getCollectionUsage();
        used += usage == null ? 0 : usage.getUsed();
      }
      return new Heap(used, Runtime.getRuntime().maxMemory());
    }
  }

  private final Supplier<Heap> heap;
  private final Supplier<Instant> clock;
  private final Consumer<String> warning;
  private Instant next = Instant.MIN;

  /**
   * @param clock one that never goes back
   */
  HeapWatch(Supplier<Heap> heap, Supplier<Instant> clock, Consumer<String> warning) {
    this.heap = heap;
    this.clock = clock;
    this.warning = warning;
  }

  /**
   * Looks, and warns if that is due.
   *
   * @param dagBytes what the DAG takes
   */
  void look(long dagBytes) {
    Heap now = heap.get();
    Instant time = clock.get();
    if (now.afterCollection < NEARLY_FULL * now.most
        || dagBytes < MAX_OF_IT * now.afterCollection
        || time.isBefore(next)) {
      return;
    }
    next = time.plus(BETWEEN);
    warning.accept(
        "%d of %d MiB of the heap are taken after garbage collection, %d MiB by the DAG, which grows with every block: give the JVM more (-Xmx) before the node ends for want of it"
            .formatted(now.afterCollection >> 20, now.most >> 20, dagBytes >> 20));
  }
}
