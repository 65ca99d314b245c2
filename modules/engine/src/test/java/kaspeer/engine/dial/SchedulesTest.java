package kaspeer.engine.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import kaspeer.wire.NetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchedulesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final NetAddress ADDRESS =
      new NetAddress(InetAddress.ofLiteral("20.1.1.1"), 16111);
  private static final InetSocketAddress SOCKET = ADDRESS.toSocket();
  private static final DialTarget TARGET = DialTarget.of(SOCKET);
  private final PermanentSchedule schedule = new PermanentSchedule();

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 10", "3, 20", "6, 160", "7, 320", "8, 480", "9, 480", "2000, 480"})
  void aPermanentPeerIsTriedAgainAfterFiveSecondsDoubledToEightMinutes(int failures, long seconds) {
    schedule.add(TARGET, NOW);
    for (int i = 0; i < failures; i++) {
      schedule.failed(SOCKET, NOW);
    }
    assertThat(schedule.due(NOW.plusSeconds(seconds).minusMillis(1))).isEmpty();
    assertThat(schedule.due(NOW.plusSeconds(seconds))).containsExactly(TARGET);
  }

  @Test
  void afterALongConnectionAPermanentPeerIsDialledSoonAndAfterAShortOneNot() {
    schedule.add(TARGET, NOW);
    schedule.lost(SOCKET, Duration.ofMinutes(5), NOW);
    assertThat(schedule.due(NOW.plusSeconds(1))).containsExactly(TARGET);
    schedule.lost(SOCKET, Duration.ofSeconds(5), NOW);
    assertThat(schedule.due(NOW.plusSeconds(4))).isEmpty();
    schedule.connected(SOCKET, NOW);
    schedule.failed(SOCKET, NOW);
    assertThat(schedule.due(NOW.plusSeconds(5))).containsExactly(TARGET);
  }

  @Test
  void ofANamesAddressesAnotherOneIsTriedAfterEachFailure() {
    DialTarget named = new DialTarget("node.example", 16111);
    List<InetAddress> addresses =
        List.of(InetAddress.ofLiteral("20.1.1.1"), InetAddress.ofLiteral("2a00::1"));
    schedule.add(named, NOW);
    for (int i = 0; i < 4; i++) {
      InetSocketAddress address = schedule.found(named, addresses, NOW);
      assertThat(address).isEqualTo(new InetSocketAddress(addresses.get(i % 2), 16111));
      schedule.failed(Objects.requireNonNull(address), NOW);
    }
  }

  @Test
  void anAddressThatFailsRestsTwiceAsLongEachTimeUpToALimit() {
    BackOff backOff = new BackOff(new Random(3));
    Duration before = Duration.ZERO;
    for (int failures = 1; failures <= 6; failures++) {
      backOff.failed(ADDRESS, NOW, false);
      Duration middle = BackOff.FIRST.multipliedBy(1L << (failures - 1));
      assertThat(backOff.resting(NOW.plusMillis(middle.toMillis() * 3 / 4 - 1), false))
          .contains(ADDRESS);
      assertThat(backOff.resting(NOW.plusMillis(middle.toMillis() * 5 / 4 + 1), false)).isEmpty();
      assertThat(middle).isGreaterThan(before);
      before = middle;
    }
    for (int i = 0; i < 100; i++) {
      backOff.failed(ADDRESS, NOW, false);
    }
    assertThat(backOff.resting(NOW.plus(BackOff.LONGEST.multipliedBy(2)), false)).isEmpty();
    assertThat(backOff.resting(NOW, false)).containsExactly(ADDRESS);
    backOff.succeeded(ADDRESS);
    assertThat(backOff.resting(NOW, false)).isEmpty();
  }

  @Test
  void whileNothingIsConnectedNoPauseOutlastsTheFirstAndNoneGrows() {
    BackOff backOff = new BackOff(new Random(3));
    for (int i = 0; i < 10; i++) {
      backOff.failed(ADDRESS, NOW, false);
    }
    Instant soon = NOW.plus(BackOff.FIRST.multipliedBy(5).dividedBy(4));
    assertThat(backOff.resting(soon.minusMillis(1), true)).containsExactly(ADDRESS);
    assertThat(backOff.resting(soon, true)).isEmpty();
    assertThat(backOff.resting(soon, false)).containsExactly(ADDRESS);
    backOff.succeeded(ADDRESS);
    for (int i = 0; i < 10; i++) {
      backOff.failed(ADDRESS, NOW, true);
    }
    assertThat(backOff.resting(soon, false)).as("when something is connected again").isEmpty();
  }

  @Test
  void aHostsFailuresAreCountedWhateverItsPort() {
    BackOff backOff = new BackOff(new Random(3));
    for (int port = 1; port <= 5; port++) {
      backOff.failed(new NetAddress(ADDRESS.ip(), port), NOW, false);
    }
    backOff.failed(ADDRESS, NOW, false);
    assertThat(backOff.resting(NOW.plus(BackOff.FIRST.multipliedBy(32 * 3 / 4)), false))
        .contains(ADDRESS);
    assertThat(backOff.resting(NOW, false))
        .doesNotContain(new NetAddress(InetAddress.ofLiteral("20.1.1.2"), 1));
  }
}
