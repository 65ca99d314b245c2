package kaspeer.engine.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapWatchTest {
  private static final long MIB = 1 << 20;

  private Instant now = Instant.EPOCH;
  private HeapWatch.Heap heap = new HeapWatch.Heap(0, 1000 * MIB);
  private final List<String> warnings = new ArrayList<>();
  private final HeapWatch watch = new HeapWatch(() -> heap, () -> now, warnings::add);

  private void look(long usedMib, long dagMib) {
    heap = new HeapWatch.Heap(usedMib * MIB, 1000 * MIB);
    watch.look(dagMib * MIB);
  }

  @Test
  void aHeapThatTheDagHasNearlyFilledIsToldWithWhatToDo() {
    look(849, 800);
    assertThat(warnings).isEmpty();
    look(850, 800);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("850 of 1000 MiB", "800 MiB by the DAG", "-Xmx");
  }

  @Test
  void aHeapThatSomethingElseHasFilledIsNotTheDagsMatter() {
    look(900, 449);
    assertThat(warnings).isEmpty();
    look(900, 450);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void itIsToldOnceADay() {
    look(900, 800);
    now = now.plus(Duration.ofDays(1)).minusMillis(1);
    look(950, 850);
    assertThat(warnings).hasSize(1);
    now = now.plusMillis(1);
    look(950, 850);
    assertThat(warnings).hasSize(2);
  }

  @Test
  void theJvmTellsOfItsHeap() {
    System.gc();
    HeapWatch.Heap real = HeapWatch.Heap.now();
    assertThat(real.afterCollection()).isPositive().isLessThan(real.most());
  }
}
