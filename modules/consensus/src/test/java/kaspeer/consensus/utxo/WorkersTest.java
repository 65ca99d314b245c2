package kaspeer.consensus.utxo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkersTest {
  private static List<Runnable> tasks(int count, AtomicInteger done) {
    return Collections.nCopies(count, done::incrementAndGet);
  }

  @Test
  void allTasksAreDoneOnceWhenItReturns() {
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      Workers workers = new Workers(pool, 3);
      for (int count : new int[] {0, 1, 2, 1000}) {
        AtomicInteger done = new AtomicInteger();
        workers.run(tasks(count, done));
        assertThat(done).hasValue(count);
      }
    }
  }

  @Test
  void withoutHelpTheCallerDoesThemAll() {
    List<Runnable> never = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    new Workers(never::add, 2).run(tasks(10, done));
    assertThat(done).hasValue(10);
    assertThat(never).hasSize(2);
    never.forEach(Runnable::run);
    assertThat(done).hasValue(10);
  }

  @Test
  void afterThePoolHasEndedTheCallerDoesThemAll() {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    pool.close();
    AtomicInteger done = new AtomicInteger();
    new Workers(pool, 4).run(tasks(10, done));
    assertThat(done).hasValue(10);
  }

  @Test
  void whatATaskThrowsComesOut() {
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Workers workers = new Workers(pool, 2);
      List<Runnable> tasks = new ArrayList<>(tasks(5, new AtomicInteger()));
      tasks.add(
          3,
          () -> {
            throw new IllegalStateException("broken");
          });
      assertThatThrownBy(() -> workers.run(tasks)).hasMessage("broken");
    }
  }
}
