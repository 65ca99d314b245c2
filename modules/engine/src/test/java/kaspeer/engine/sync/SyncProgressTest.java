package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class SyncProgressTest {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private final SyncProgress progress = new SyncProgress();

  private static DagSnapshot.Tip tip(long daaScore, Instant at) {
    return new DagSnapshot.Tip(
        Hash.ZERO, daaScore, BlueWork.of(daaScore), daaScore, at.toEpochMilli());
  }

  private static DagSnapshot snapshot(long headers, long blocks) {
    DagSnapshot.Tip tip = tip(headers, START);
    return new DagSnapshot(
        headers, blocks, List.of(), tip, tip, List.of(), 0, 0, 0, Hash.ZERO, BlueWork.ZERO);
  }

  @Test
  void rates_are_taken_over_the_last_ten_seconds() {
    for (int second = 0; second <= 100; second++) {
      // Slow for a minute and a half, then fast.
      long headers = second <= 90 ? second : 90 + (second - 90) * 1000L;
      progress.sample(START.plusSeconds(second), snapshot(headers, headers / 2));
    }

    assertThat(progress.headersPerSecond()).isCloseTo(1000, within(100.0));
    assertThat(progress.blocksPerSecond()).isCloseTo(500, within(50.0));
  }

  @Test
  void a_single_sample_has_no_rate() {
    progress.sample(START, snapshot(5, 5));

    assertThat(progress.headersPerSecond()).isZero();
  }

  @Test
  void progress_goes_by_daa_score_where_the_end_is_known() {
    progress.begin(START, tip(100, START), 300);

    assertThat(progress.fraction(START, tip(150, START))).isEqualTo(0.25);
    assertThat(progress.fraction(START, tip(50, START))).isZero();
    assertThat(progress.fraction(START, tip(1000, START))).isEqualTo(1);
  }

  @Test
  void progress_goes_by_time_where_the_end_is_not_known() {
    progress.begin(START, tip(100, START.minusSeconds(1000)), 0);

    assertThat(progress.fraction(START, tip(7, START.minusSeconds(500)))).isEqualTo(0.5);
  }

  @Test
  void an_end_that_moves_moves_the_progress() {
    progress.begin(START, tip(0, START), 100);
    progress.raise(200);

    assertThat(progress.fraction(START, tip(100, START))).isEqualTo(0.5);
  }

  @Test
  void a_stage_that_took_a_minute_for_a_quarter_takes_three_more() {
    progress.begin(START, tip(0, START), 100);

    assertThat(progress.remaining(START.plusSeconds(60), 0.25)).contains(Duration.ofMinutes(3));
    assertThat(progress.remaining(START.plusSeconds(60), 0)).isEmpty();
    assertThat(progress.remaining(START, 0.5)).isEmpty();
  }
}
