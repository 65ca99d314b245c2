package kaspeer.engine.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kaspeer.engine.net.NetGroup;
import kaspeer.wire.NetAddress;
import org.junit.jupiter.api.Test;

final class DialCandidatesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private final Random random = new Random(7);

  private static KnownAddress known(String ip) {
    NetAddress address = new NetAddress(InetAddress.ofLiteral(ip), 16111);
    return KnownAddress.heardOf(address, AddressSource.Own.DIALLED, NOW);
  }

  private List<NetAddress> choose(List<KnownAddress> book, int count) {
    return DialCandidates.choose(book, count, _ -> true, true, random);
  }

  @Test
  void manyAddressesOfFewNetworksAreChosenNoMoreOftenThanThoseNetworks() {
    List<KnownAddress> book = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      book.add(known((i % 2 == 0 ? "66.6." : "66.7.") + i / 256 + "." + i % 256));
    }
    for (int i = 0; i < 100; i++) {
      book.add(known("20." + i + ".1.1"));
    }
    int chosen = 0;
    int attackers = 0;
    for (int round = 0; round < 200; round++) {
      for (NetAddress address : choose(book, 8)) {
        chosen++;
        attackers += address.ip().getHostAddress().startsWith("66.") ? 1 : 0;
      }
    }
    assertThat(chosen).isEqualTo(1600);
    assertThat(attackers).isLessThan(chosen / 10);
  }

  @Test
  void oneDialGoesToEachNetwork() {
    List<KnownAddress> book = new ArrayList<>();
    for (int i = 1; i < 200; i++) {
      book.add(known("20." + i % 5 + ".1." + i));
    }
    List<NetAddress> chosen = choose(book, 8);
    assertThat(chosen).hasSize(5);
    assertThat(chosen.stream().map(address -> NetGroup.of(address.ip()))).doesNotHaveDuplicates();
    assertThat(DialCandidates.choose(book, 8, _ -> true, false, random)).hasSize(8);
  }

  @Test
  void anAddressThatAnsweredIsPreferredToOneThatFails() {
    List<KnownAddress> book =
        List.of(
            known("20.1.1.1").succeeded(NOW),
            known("20.2.1.1").failed().failed(),
            known("20.3.1.1"));
    int first = 0;
    for (int i = 0; i < 100; i++) {
      first += choose(book, 1).getFirst().equals(book.getFirst().address()) ? 1 : 0;
    }
    assertThat(first).isGreaterThan(70);
  }

  @Test
  void whatIsNotAllowedIsNeverChosen() {
    List<KnownAddress> book = List.of(known("20.1.1.1"), known("20.2.1.1"));
    NetAddress banned = book.getFirst().address();
    assertThat(DialCandidates.choose(book, 8, one -> !one.address().equals(banned), true, random))
        .containsExactly(book.getLast().address());
  }
}
