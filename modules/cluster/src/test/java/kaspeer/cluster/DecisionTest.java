package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members tell each other of a decision. */
class DecisionTest {
  @Test
  void whatIsToldIsWhatWasDecided() {
    for (boolean holds : new boolean[] {true, false}) {
      Decision decision = new Decision(holds, 1_800_000_000_000L, 1_900_000_000_000L, "a b c");
      assertThat(Decision.parse(decision.text())).contains(decision);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "holds 1 2",
        "keeps 1 2 reason",
        "holds x 2 reason",
        "holds 1 2x reason",
        "holds -1 2 reason",
        "lifted 253402300800001 2 reason",
        "lifted 9223372036854775807 2 reason",
        "lifted 9223372036854775808 2 reason"
      })
  void whatMakesNoSenseIsNone(String text) {
    assertThat(Decision.parse(text)).isEmpty();
  }
}
