package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final TokenBucket bucket = new TokenBucket(() -> now, 2, 4);

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void a_burst_is_free_and_then_each_token_has_to_be_waited_for() {
    for (int i = 0; i < 4; i++) {
      assertThat(bucket.take(1)).isZero();
    }

    assertThat(bucket.take(1)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void waiting_as_long_as_told_is_enough() {
    bucket.take(4);
    Duration wait = bucket.take(3);

    pass(wait);

    assertThat(bucket.take(3)).isZero();
    assertThat(bucket.take(1)).isPositive();
  }

  @Test
  void no_more_than_the_burst_is_saved_up() {
    pass(Duration.ofDays(1));

    assertThat(bucket.take(4)).isZero();
    assertThat(bucket.take(1)).isPositive();
  }

  @Test
  void a_clock_set_back_grants_nothing_and_takes_nothing() {
    bucket.take(3);
    pass(Duration.ofHours(-1));

    assertThat(bucket.take(1)).isZero();
    assertThat(bucket.take(1)).isPositive();
  }
}
