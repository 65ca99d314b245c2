package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogRateLimitTest {
  private final MutableClock clock = new MutableClock();
  private final LogRateLimit limit = new LogRateLimit(2, Duration.ofMinutes(1), clock);
  private final List<String> lines = new ArrayList<>();

  private void write(String kind, int times) {
    for (int i = 0; i < times; i++) {
      limit.write(kind, more -> lines.add(kind + more));
    }
  }

  @Test
  void ofEachKindSoManyLinesAreWrittenAndThenHowManyMoreThereWere() {
    write("a", 5);
    write("b", 1);
    assertThat(lines).containsExactly("a", "a", "b");
    clock.advance(Duration.ofSeconds(59));
    write("a", 1);
    assertThat(lines).hasSize(3);
    clock.advance(Duration.ofSeconds(1));
    write("a", 3);
    assertThat(lines).hasSize(5).endsWith("a (4 more like this before)", "a");
    clock.advance(Duration.ofMinutes(1));
    write("a", 1);
    assertThat(lines.getLast()).isEqualTo("a (1 more like this before)");
  }

  @Test
  void aClockThatWasSetBackSilencesNothing() {
    write("a", 3);
    clock.advance(Duration.ofHours(-5));
    write("a", 1);
    assertThat(lines).containsExactly("a", "a", "a (1 more like this before)");
  }

  @Test
  void whateverIsGivenAsKindTheLimitItselfStaysSmall() {
    for (int i = 0; i < 10_000; i++) {
      write("kind " + i, 1);
    }
    assertThat(lines).hasSizeLessThan(300);
  }
}
