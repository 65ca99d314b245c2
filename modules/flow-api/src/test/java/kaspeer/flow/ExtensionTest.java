package kaspeer.flow;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class ExtensionTest {
  @Test
  void aDeadlineOutOfItsBoundsIsNamedInMilliseconds() {
    assertThatThrownBy(
            () -> new Extension.Intercept(Set.of(PayloadCase.PING), Duration.ofMillis(2500)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an interception's deadline is 1 ms to 1 s, not 2500 ms");
  }
}
