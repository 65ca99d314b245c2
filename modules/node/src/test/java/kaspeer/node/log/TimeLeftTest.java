package kaspeer.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private final TimeLeft left = new TimeLeft();

  @Test
  void aStageGoesOnAsItWentSinceItWasFirstSeen() {
    note("headers", 0.5, 100);
    assertThat(left.text()).as("nobody can tell yet").isEmpty();
    note("headers", 0.6, 110);
    assertThat(left.text()).isEqualTo("40 s left");
    note("headers", 0.6, 200);
    assertThat(left.text()).as("400 s").isEqualTo("7 min left");
    note("headers", 0.6, 100 + 3600);
    assertThat(left.text()).isEqualTo("4.0 h left");
  }

  @Test
  void anotherStageAndOneThatBeginsAgainAreSeenAfresh() {
    note("headers", 0.5, 0);
    note("headers", 0.9, 60);
    note("bodies", 0.1, 70);
    assertThat(left.text()).isEmpty();
    note("bodies", 0.2, 80);
    assertThat(left.text()).isEqualTo("80 s left");
    note("bodies", 0.01, 90);
    assertThat(left.text()).isEmpty();
  }

  private void note(String stage, double progress, long seconds) {
    left.note(stage, progress, Duration.ofSeconds(seconds).toNanos());
  }
}
