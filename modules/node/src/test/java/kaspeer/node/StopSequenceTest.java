package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
    assertThat(all).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whenAllHangTheLastHaveLessTimeButNeverNone() {
    CountDownLatch never = new CountDownLatch(1);
    StopSequence hasty = new StopSequence(Duration.ofSeconds(1));
    hasty.add("last", Duration.ofSeconds(5), () -> stopped.add("last"));
    for (int i = 0; i < 4; i++) {
      hasty.add("hanging", Duration.ofSeconds(5), never::await);
    }
    long start = System.nanoTime();
    hasty.run();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(took)
        .as("four times five seconds are not waited for")
        .isLessThan(Duration.ofSeconds(15));
    assertThat(stopped).containsExactly("last");
    never.countDown();
  }
}
