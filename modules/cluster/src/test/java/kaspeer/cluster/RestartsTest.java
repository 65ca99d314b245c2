package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class RestartsTest {
  private final Restarts restarts = new Restarts();

  private Duration next(long second) {
    return restarts.next(Duration.ofSeconds(second).toNanos());
  }

  @Test
  void whoStartsOverAgainAndAgainWaitsLongerAndLonger() {
    assertThat(next(-5)).isZero();
    assertThat(next(10)).isEqualTo(Restarts.SHORTEST);
    assertThat(next(20)).isEqualTo(Restarts.SHORTEST.multipliedBy(2));
    for (int i = 0; i < 20; i++) {
      assertThat(next(20)).isLessThanOrEqualTo(Restarts.LONGEST);
    }
    assertThat(next(20)).isEqualTo(Restarts.LONGEST);
    assertThat(next(21 + Restarts.SOON.toSeconds())).isZero();
  }

  @Test
  void whoIsToStopDoesNotWaitForThePause() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread waiting =
        Thread.startVirtualThread(
            () -> {
              synchronized (restarts) {
                begun.countDown();
                restarts.await(Duration.ofHours(1));
              }
            });
    begun.await();
    restarts.close();
    assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
    assertThat(restarts.isClosed()).isTrue();
  }
}
