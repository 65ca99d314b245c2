package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSequenceTest {
  private final StopSequence stops = new StopSequence();
  private final List<String> stopped = new CopyOnWriteArrayList<>();

  @Test
  void partsStopInReverseAndOnlyOnce() {
    stops.add("first", Duration.ofSeconds(5), () -> stopped.add("first"));
    stops.add("second", Duration.ofSeconds(5), () -> stopped.add("second"));
    stops.run();
    stops.run();
    assertThat(stopped).containsExactly("second", "first");
  }

  @Test
  void aPartThatHangsOrFailsHoldsUpNoOther() {
    CountDownLatch never = new CountDownLatch(1);
    stops.add("first", Duration.ofSeconds(5), () -> stopped.add("first"));
    stops.add(
        "failing",
        Duration.ofSeconds(5),
        () -> {
          throw new IOException("no");
        });
    stops.add("hanging", Duration.ofMillis(20), never::await);
    stops.run();
    assertThat(stopped).containsExactly("first");
    never.countDown();
  }

  @Test
  void allTimesTogetherStayBelowTenSeconds() {
    Duration all =
        StopSequence.ADMIN
            .plus(StopSequence.MINER)
            .plus(StopSequence.ENGINE)
            .plus(StopSequence.ACTORS)
            .plus(StopSequence.DAG)
            .plus(StopSequence.STORE);
    assertThat(all)
        .as("without a cluster each has all its time")
        .isLessThan(Duration.ofSeconds(10));
    assertThat(StopSequence.ALL.plus(StopSequence.LEAST))
        .as("whatever there is to be stopped")
        .isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whenAllHangTheLastHaveLessTimeButNeverNone() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    StopSequence hasty = new StopSequence(Duration.ofSeconds(1));
    CountDownLatch last = new CountDownLatch(1);
    hasty.add(
        "last",
        Duration.ofMinutes(1),
        () -> {
          last.countDown();
          never.await();
        });
    for (int i = 0; i < 4; i++) {
      hasty.add("hanging", Duration.ofMinutes(1), never::await);
    }
    long start = System.nanoTime();
    hasty.run();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(took)
        .as("no minute is waited for, and nobody has less than the least")
        .isBetween(StopSequence.LEAST.multipliedBy(5), Duration.ofMinutes(1));
    assertThat(last.await(1, TimeUnit.MINUTES)).as("the last has its turn").isTrue();
    never.countDown();
  }
}
