package kaspeer.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import kaspeer.testkit.flow.FlowHarness;
import org.junit.jupiter.api.Test;

final class SonarFlowTest {
  private static FlowHarness start() {
    return FlowHarness.of(new SonarFlow()).speaking(SonarFlow.TAG).start();
  }

  @Test
  void aPingIsEchoedAsItCame() {
    try (FlowHarness harness = start()) {
      ByteString ping = ByteString.copyFromUtf8("who is there?");
      harness.receiveOwn(SonarFlow.PING, ping);
      assertThat(harness.expectOwnSent(SonarFlow.ECHO)).isEqualTo(ping);
    }
  }

  @Test
  void theTimeUntilAnEchoIsMeasured() {
    try (FlowHarness harness = start()) {
      harness.advance(SonarFlow.INTERVAL);
      ByteString ping = harness.expectOwnSent(SonarFlow.PING);
      harness.advance(Duration.ofMillis(250));
      harness.receiveOwn(SonarFlow.ECHO, ping);
      assertThat(harness.telemetry().measured("echo")).containsExactly(0.25);
    }
  }
}
