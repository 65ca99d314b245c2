package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClockDoubtTest {
  private final MutableClock clock = new MutableClock();
  private final ClockDoubt doubt = new ClockDoubt(clock);

  private Optional<String> note(String host, int secondsAhead) {
    return doubt.note(host, clock.instant().plusSeconds(secondsAhead).toEpochMilli());
  }

  @Test
  void onlyWhenPeersOfSeveralHostsAgreeOurClockIsInDoubt() {
    assertThat(note("a", 200)).isEmpty();
    assertThat(note("a", 201)).isEmpty();
    assertThat(note("b", 3_000)).isEmpty();
    assertThat(note("c", 300))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("clock may be slow by about 201 s", "peers at 3 hosts", "NTP"));
  }

  @Test
  void oneWarningIsEnoughForSomeMinutes() {
    note("a", 200);
    note("b", 200);
    assertThat(note("c", 200)).isPresent();
    clock.advance(ClockDoubt.PAUSE.minusSeconds(1));
    assertThat(note("d", 200)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(note("e", 200)).isPresent();
  }

  @Test
  void whatWasLongAgoDoesNotCount() {
    note("a", 200);
    note("b", 200);
    clock.advance(ClockDoubt.WINDOW.plusSeconds(1));
    assertThat(note("c", 200)).isEmpty();
  }

  @Test
  void aTimeThatNoClockShowsSaysNothing() {
    assertThat(doubt.note("a", -1)).isEmpty();
    note("b", 200);
    assertThat(note("c", 200)).isEmpty();
    assertThat(doubt.note("d", Long.MAX_VALUE)).isPresent();
  }
}
