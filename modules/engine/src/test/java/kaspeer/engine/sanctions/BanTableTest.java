package kaspeer.engine.sanctions;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import kaspeer.engine.net.IpRange;
import org.junit.jupiter.api.Test;

final class BanTableTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private final BanTable table = new BanTable();

  private void ban(String subject, Duration length) {
    IpRange range = IpRange.parse(subject).orElseThrow();
    table.put(range, new Sanctions.Ban(subject, "reason", NOW.plus(length), "evidence"));
  }

  private boolean isBanned(String address, Instant at) {
    return table.isBanned(InetAddress.ofLiteral(address), at);
  }

  @Test
  void aBanHoldsForItsAddressUntilItsEnd() {
    ban("20.1.1.1", Duration.ofHours(1));
    assertThat(isBanned("20.1.1.1", NOW)).isTrue();
    assertThat(isBanned("20.1.1.2", NOW)).isFalse();
    assertThat(isBanned("20.1.1.1", NOW.plusSeconds(3600))).isFalse();
    assertThat(table.list(NOW.plusSeconds(3600))).isEmpty();
  }

  @Test
  void aBanOfARangeHoldsForAllInItAndTheNarrowestIsNamed() {
    ban("20.0.0.0/8", Duration.ofHours(1));
    ban("20.1.0.0/16", Duration.ofHours(2));
    ban("2a00::/32", Duration.ofHours(1));
    assertThat(isBanned("20.255.1.1", NOW)).isTrue();
    assertThat(isBanned("21.1.1.1", NOW)).isFalse();
    assertThat(isBanned("2a00:0:ffff::1", NOW)).isTrue();
    assertThat(table.find(InetAddress.ofLiteral("20.1.2.3"), NOW).orElseThrow().subject())
        .isEqualTo("20.1.0.0/16");
  }

  @Test
  void aLiftedBanHoldsNoMore() {
    ban("20.1.1.1", Duration.ofHours(1));
    assertThat(table.remove(IpRange.parse("20.1.1.1").orElseThrow())).isTrue();
    assertThat(table.remove(IpRange.parse("20.1.1.1").orElseThrow())).isFalse();
    assertThat(isBanned("20.1.1.1", NOW)).isFalse();
  }

  @Test
  void expiredBansAreForgotten() {
    ban("20.1.1.1", Duration.ofHours(1));
    ban("20.1.1.2", Duration.ofHours(3));
    assertThat(table.removeExpired(NOW.plus(Duration.ofHours(2)))).hasSize(1);
    assertThat(table.list(NOW)).hasSize(1);
  }

  @Test
  void theTableIsBoundedAndTheBanThatEndsFirstMakesRoom() {
    ban("1.1.1.1", Duration.ofMinutes(1));
    for (int i = 0; i < BanTable.CAPACITY - 1; i++) {
      table.put(
          new IpRange(1, i, 128),
          new Sanctions.Ban("x" + i, "reason", NOW.plus(Duration.ofHours(1)), "evidence"));
    }
    ban("2.2.2.2", Duration.ofHours(1));
    assertThat(isBanned("1.1.1.1", NOW)).isFalse();
    assertThat(isBanned("2.2.2.2", NOW)).isTrue();
    assertThat(table.list(NOW)).hasSize(BanTable.CAPACITY);
  }
}
