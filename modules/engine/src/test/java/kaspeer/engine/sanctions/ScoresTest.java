package kaspeer.engine.sanctions;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import kaspeer.engine.net.IpRange;
import kaspeer.flow.policy.Policy;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ScoresTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final InetAddress HOST = InetAddress.ofLiteral("20.1.1.1");
  private static final Policy POLICY = Policy.NETWORK;
  private final Scores scores = new Scores();

  @Test
  void pointsAddUpAndHalveWithTime() {
    scores.add(HOST, 10, POLICY, NOW);
    assertThat(scores.add(HOST, 10, POLICY, NOW)).isEqualTo(20);
    assertThat(scores.of(HOST, POLICY, NOW.plus(POLICY.halfLife())))
        .isCloseTo(10, Offset.offset(0.01));
    assertThat(scores.add(HOST, 5, POLICY, NOW.plus(POLICY.halfLife())))
        .isCloseTo(15, Offset.offset(0.01));
  }

  @Test
  void pointsAreHeldAgainstTheHostAndNotTheConnection() {
    scores.add(InetAddress.ofLiteral("2a00::1"), 10, POLICY, NOW);
    assertThat(scores.of(InetAddress.ofLiteral("2a00::ffff"), POLICY, NOW)).isEqualTo(10);
    assertThat(scores.of(InetAddress.ofLiteral("2a00:0:0:1::1"), POLICY, NOW)).isZero();
  }

  @Test
  void clearedPointsAreGone() {
    scores.add(HOST, 10, POLICY, NOW);
    scores.clear(IpRange.parse("20.1.0.0/16").orElseThrow());
    assertThat(scores.of(HOST, POLICY, NOW)).isZero();
  }

  @Test
  void whoHasManyAddressesCannotPushOutTheWorst() {
    scores.add(HOST, 90, POLICY, NOW);
    for (int i = 0; i < 10_000; i++) {
      scores.add(
          InetAddress.ofLiteral("30." + i / 65_536 + "." + (i / 256) % 256 + "." + i % 256),
          10,
          POLICY,
          NOW);
    }
    assertThat(scores.of(HOST, POLICY, NOW)).isEqualTo(90);
  }
}
