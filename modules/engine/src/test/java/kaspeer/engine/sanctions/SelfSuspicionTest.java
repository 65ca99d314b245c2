package kaspeer.engine.sanctions;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SelfSuspicionTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private final SelfSuspicion suspicion = new SelfSuspicion();

  private boolean fails(String address, int connected, long second) {
    return suspicion.suspects(InetAddress.ofLiteral(address), connected, NOW.plusSeconds(second));
  }

  @Test
  void whenHalfOfAllNetworksFailAtOnceTheFaultIsOurs() {
    assertThat(fails("20.1.1.1", 8, 0)).isFalse();
    assertThat(fails("20.2.1.1", 8, 1)).isFalse();
    assertThat(fails("20.3.1.1", 8, 2)).isFalse();
    assertThat(fails("20.4.1.1", 8, 3)).isTrue();
  }

  @Test
  void manyConnectionsOfOneNetworkAreNotManyPeers() {
    for (int i = 1; i < 100; i++) {
      assertThat(fails("20.1.1." + i, 8, 0)).isFalse();
    }
  }

  @Test
  void failuresFarApartAreNotAtOnce() {
    for (int i = 1; i < 20; i++) {
      assertThat(fails("20." + i + ".1.1", 8, i * 60L)).isFalse();
    }
  }

  @Test
  void fewOfManyAreNotHalf() {
    for (int i = 1; i < 20; i++) {
      assertThat(fails("20." + i + ".1.1", 60, 0)).isFalse();
    }
  }
}
