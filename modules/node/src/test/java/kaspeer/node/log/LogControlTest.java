package kaspeer.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import kaspeer.admin.LogLevels.Entry;
import kaspeer.admin.LogLevels.Level;
import kaspeer.admin.LogLevels.Outcome;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogControlTest {
  private final String parent = "test" + UUID.randomUUID();
  private final Logger child = LoggerFactory.getLogger(parent + ".child");
  private final LogControl control = new LogControl();

  @Test
  void aLevelCountsForAllBelowAndCanBeTakenBack() {
    assertThat(control.set(parent, Optional.of(Level.TRACE)))
        .isEqualTo(new Outcome.Changed(parent, Optional.empty(), Optional.of(Level.TRACE)));
    assertThat(child.isTraceEnabled()).isTrue();
    assertThat(control.list()).contains(new Entry(parent, Level.TRACE));
    assertThat(control.set(parent, Optional.empty()))
        .isEqualTo(new Outcome.Changed(parent, Optional.of(Level.TRACE), Optional.empty()));
    assertThat(child.isTraceEnabled()).isFalse();
  }

  @Test
  void aChangeWithoutEffectIsRefused() {
    assertThat(control.set(parent, Optional.empty())).isInstanceOf(Outcome.Refused.class);
    assertThat(control.set(parent + "nobody", Optional.of(Level.INFO)))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(control.set("ROOT", Optional.empty())).isInstanceOf(Outcome.Refused.class);
  }
}
