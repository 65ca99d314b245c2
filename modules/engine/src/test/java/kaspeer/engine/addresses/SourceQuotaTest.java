package kaspeer.engine.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SourceQuotaTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private final SourceQuota quota = new SourceQuota();

  @Test
  void aHostTellsOneFullMessageAndThenOneAddressInTenSeconds() {
    InetAddress host = InetAddress.ofLiteral("20.1.1.1");
    assertThat(quota.take(host, 2500, NOW)).isEqualTo(2500);
    assertThat(quota.take(host, 2500, NOW)).isZero();
    assertThat(quota.take(host, 2500, NOW.plusSeconds(100))).isEqualTo(10);
    assertThat(quota.take(InetAddress.ofLiteral("20.1.1.2"), 2500, NOW)).isEqualTo(2500);
  }

  @Test
  void aNetworkOfOneIpv6HostHasOneQuota() {
    assertThat(quota.take(InetAddress.ofLiteral("2a00::1"), 2500, NOW)).isEqualTo(2500);
    assertThat(quota.take(InetAddress.ofLiteral("2a00::2"), 2500, NOW)).isZero();
  }

  @Test
  void aClockThatIsSetBackGivesNothing() {
    InetAddress host = InetAddress.ofLiteral("20.1.1.1");
    quota.take(host, 2500, NOW);
    assertThat(quota.take(host, 10, NOW.minusSeconds(3600))).isZero();
  }
}
