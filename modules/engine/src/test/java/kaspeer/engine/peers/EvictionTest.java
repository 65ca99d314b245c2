package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import kaspeer.engine.peers.Eviction.Candidate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EvictionTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static Candidate peer(
      long number, String ip, long second, @Nullable Duration ping, long useful) {
    return new Candidate(number, InetAddress.ofLiteral(ip), NOW.plusSeconds(second), ping, useful);
  }

  @Test
  void theNewestOfTheLargestNetworkGoes() {
    List<Candidate> inbound = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      inbound.add(peer(i, "20." + i + ".1.1", i, null, 0));
    }
    for (int i = 0; i < 64; i++) {
      inbound.add(peer(100 + i, "66.6.1." + (i + 1), 100 + i, null, 0));
    }
    assertThat(Eviction.choose(inbound)).isEqualTo(OptionalLong.of(163));
  }

  @Test
  void aFloodOfConnectionsFromManyNetworksEvictsItself() {
    List<Candidate> inbound = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      inbound.add(peer(i, "20." + i + ".1.1", i, Duration.ofMillis(50), 5));
    }
    for (int i = 0; i < 68; i++) {
      inbound.add(peer(1000 + i, "66." + i + ".1.1", 10_000 + i, null, 0));
    }
    for (int round = 0; round < 60; round++) {
      long evicted = Eviction.choose(inbound).orElseThrow();
      assertThat(evicted).isGreaterThanOrEqualTo(1000);
      inbound.removeIf(candidate -> candidate.number() == evicted);
      inbound.add(peer(2000 + round, "77." + round + ".1.1", 20_000 + round, null, 0));
    }
    assertThat(inbound.stream().filter(candidate -> candidate.number() < 1000)).hasSize(60);
  }

  @Test
  void thePeersWithTheShortestWayAndTheMostNewsStay() {
    List<Candidate> inbound = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      inbound.add(peer(i, "20.1.1." + (i + 1), i, null, 0));
    }
    inbound.set(15, peer(15, "20.1.1.16", 15, Duration.ofMillis(1), 0));
    inbound.set(14, peer(14, "20.1.1.15", 14, null, 100));
    assertThat(Eviction.choose(inbound)).isEqualTo(OptionalLong.of(13));
  }

  @Test
  void withNobodyToChooseFromNobodyGoes() {
    assertThat(Eviction.choose(List.of())).isEmpty();
    assertThat(Eviction.choose(List.of(peer(1, "20.1.1.1", 0, Duration.ofMillis(1), 0)))).isEmpty();
  }
}
