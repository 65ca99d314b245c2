package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReadingPausesTest {
  private long nanos = -5;
  private final ReadingPauses pauses = new ReadingPauses(() -> nanos);

  @Test
  void pausesAddUpAndWhatLiesBetweenThemDoesNotCount() {
    assertThat(pauses.total()).isZero();
    pauses.paused(true);
    nanos += 3;
    assertThat(pauses.total()).isEqualTo(Duration.ofNanos(3));
    pauses.paused(true);
    nanos += 4;
    pauses.paused(false);
    nanos += 100;
    pauses.paused(false);
    assertThat(pauses.total()).isEqualTo(Duration.ofNanos(7));
    pauses.paused(true);
    nanos += 5;
    assertThat(pauses.total()).isEqualTo(Duration.ofNanos(12));
  }
}
