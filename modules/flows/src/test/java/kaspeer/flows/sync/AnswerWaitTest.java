package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class AnswerWaitTest {
  private Duration notReading = Duration.ofHours(7);
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final AnswerWait wait = new AnswerWait(() -> now, () -> notReading);

  private void begin() {
    wait.begin(PayloadCase.BLOCK_BODY, Duration.ofSeconds(10));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void what_was_waited_is_measured_by_the_clock() {
    begin();
    pass(Duration.ofMillis(300));

    assertThat(wait.end()).isEqualTo(300);
    assertThat(wait.isWaiting()).isFalse();
  }

  @Test
  void a_clock_set_forward_makes_no_peer_slow_or_late() {
    begin();
    pass(Duration.ofHours(1));

    assertThat(wait.isLate()).isFalse();
    assertThat(wait.end()).isLessThanOrEqualTo(AnswerWait.TICK.toMillis());
  }

  @Test
  void a_clock_set_back_counts_as_no_waiting() {
    begin();
    pass(Duration.ofHours(-1));

    assertThat(wait.end()).isZero();
  }

  @Test
  void an_answer_is_late_after_as_many_ticks_as_its_limit_has_seconds() {
    begin();
    for (int i = 0; i < 9; i++) {
      wait.tick();
    }
    assertThat(wait.isLate()).isFalse();

    wait.tick();

    assertThat(wait.isLate()).isTrue();
    assertThat(wait.silence()).isEqualTo(Duration.ofSeconds(10));
    assertThat(wait.awaited()).isEqualTo(PayloadCase.BLOCK_BODY);
  }

  @Test
  void while_we_do_not_read_the_peer_is_neither_late_nor_slow() {
    begin();
    notReading = notReading.plusSeconds(8);
    pass(Duration.ofSeconds(12));
    for (int i = 0; i < 12; i++) {
      wait.tick();
    }

    assertThat(wait.isLate()).isFalse();
    assertThat(wait.silence()).isEqualTo(Duration.ofSeconds(4));

    for (int i = 0; i < 6; i++) {
      wait.tick();
    }
    assertThat(wait.isLate()).isTrue();
    assertThat(wait.end()).isEqualTo(4000);
  }

  @Test
  void without_a_question_nothing_is_late() {
    for (int i = 0; i < 1000; i++) {
      wait.tick();
    }

    assertThat(wait.isLate()).isFalse();
    assertThat(wait.silence()).isZero();
    assertThat(wait.end()).isZero();
  }
}
