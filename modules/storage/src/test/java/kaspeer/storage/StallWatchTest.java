package kaspeer.storage;

import static kaspeer.storage.StallWatch.MAX_FAILING_NANOS;
import static kaspeer.storage.StallWatch.MAX_PAUSE_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallWatchTest {
  private static final long LATER = MAX_FAILING_NANOS + 1;

  @Test
  void aFailureLongAgoIsNoReasonToGiveUpWhileBuffersAreWrittenOut() {
    StallWatch watch = new StallWatch(0, 3);
    for (long now = 0; now < 100 * LATER; now += LATER / 4) {
      assertThat(watch.isHopeless(now, 3, true)).isFalse();
    }
  }

  @Test
  void aFailureDuringTheWaitIsTheEndOfItAfterTwoSeconds() {
    StallWatch watch = new StallWatch(0, 3);
    assertThat(watch.isHopeless(MAX_FAILING_NANOS, 4, true)).isFalse();
    assertThat(watch.isHopeless(LATER, 4, true)).isTrue();
  }

  @Test
  void aFailureBeforeTheWaitIsTheEndOfItIfNothingIsTriedForTwoSeconds() {
    StallWatch watch = new StallWatch(0, 1);
    assertThat(watch.isHopeless(LATER - 1, 1, true)).isFalse();
    assertThat(watch.isHopeless(LATER, 1, false)).isFalse();
    assertThat(watch.isHopeless(2 * LATER, 1, false)).isTrue();
  }

  @Test
  void withoutAnyFailureAWriteWaitsAsLongAsItTakes() {
    assertThat(new StallWatch(0, 0).isHopeless(1000 * LATER, 0, false)).isFalse();
  }

  @Test
  void triesBecomeFewer() {
    StallWatch watch = new StallWatch(0, 0);
    long first = watch.nextPause();
    assertThat(watch.nextPause()).isEqualTo(2 * first);
    for (int i = 0; i < 100; i++) {
      watch.nextPause();
    }
    assertThat(watch.nextPause()).isEqualTo(MAX_PAUSE_NANOS);
  }
}
