package kaspeer.engine.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import kaspeer.engine.net.IpRange;
import kaspeer.wire.NetAddress;
import org.junit.jupiter.api.Test;

final class AddressTableTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private final List<NetAddress> removed = new ArrayList<>();
  private final AddressTable table = new AddressTable(42, removed::add);
  private final Random random = new Random(1);

  private static NetAddress address(String ip) {
    return new NetAddress(InetAddress.ofLiteral(ip), 16111);
  }

  private static AddressSource peer(String ip) {
    return new AddressSource.Peer(InetAddress.ofLiteral(ip));
  }

  private NetAddress randomAddress() {
    return address(
        (11 + random.nextInt(80))
            + "."
            + random.nextInt(256)
            + "."
            + random.nextInt(256)
            + "."
            + random.nextInt(256));
  }

  private int heldFrom(AddressSource source) {
    return (int) table.all().stream().filter(known -> known.source().equals(source)).count();
  }

  @Test
  void oneSourceReachesOnlyASmallPartOfTheTableHoweverMuchItTells() {
    AddressSource attacker = peer("20.1.1.1");
    for (int i = 0; i < 250_000; i++) {
      table.add(randomAddress(), attacker, NOW);
    }
    assertThat(table.size())
        .isEqualTo(heldFrom(attacker))
        .isLessThanOrEqualTo(8 * AddressTable.PLACES);
  }

  @Test
  void gossipCannotPushOutWhatIsThereAndWorks() {
    List<NetAddress> ours = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      NetAddress address = randomAddress();
      table
          .add(address, peer("30." + i + ".1.1"), NOW)
          .ifPresent(known -> ours.add(known.address()));
    }
    for (int i = 0; i < 100_000; i++) {
      table.add(randomAddress(), peer("40." + (i % 256) + ".1.1"), NOW);
    }
    assertThat(table.all().stream().map(KnownAddress::address)).containsAll(ours);
    assertThat(table.size()).isLessThanOrEqualTo(AddressTable.CAPACITY);
  }

  @Test
  void anAddressThatFailedGivesItsPlaceToAnother() {
    AddressSource source = peer("20.1.1.1");
    for (int i = 0; i < 50_000; i++) {
      table.add(randomAddress(), source, NOW);
    }
    NetAddress failing = table.all().iterator().next().address();
    table.failed(failing, true);
    for (int i = 0; i < 50_000 && removed.isEmpty(); i++) {
      table.add(randomAddress(), source, NOW);
    }
    assertThat(removed).containsExactly(failing);
  }

  @Test
  void anAddressNeverReachedIsDroppedAtTheThirdFailure() {
    NetAddress address = address("20.2.2.2");
    table.add(address, peer("20.1.1.1"), NOW);
    assertThat(table.failed(address, true)).isPresent();
    assertThat(table.failed(address, true)).isPresent();
    assertThat(table.failed(address, true)).isEmpty();
    assertThat(table.size()).isZero();
    assertThat(removed).containsExactly(address);
  }

  @Test
  void noAddressIsDroppedForFailuresThatMayBeOurOwn() {
    NetAddress address = address("20.2.2.2");
    table.add(address, peer("20.1.1.1"), NOW);
    for (int i = 0; i < 100; i++) {
      table.failed(address, false);
    }
    assertThat(table.size()).isOne();
  }

  @Test
  void successForgetsFailures() {
    NetAddress address = address("20.2.2.2");
    table.add(address, peer("20.1.1.1"), NOW);
    table.failed(address, true);
    KnownAddress known = table.succeeded(address, NOW).orElseThrow();
    assertThat(known.failures()).isZero();
    assertThat(known.isTried()).isTrue();
    assertThat(table.all()).containsExactly(known);
  }

  @Test
  void aTriedAddressThatStillWorksKeepsItsPlaceAndNoneIsLost() {
    List<NetAddress> tried = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      NetAddress address = randomAddress();
      if (table.add(address, peer("30." + (i % 256) + ".1.1"), NOW).isPresent()) {
        table.succeeded(address, NOW);
        tried.add(address);
      }
    }
    assertThat(table.all().stream().map(KnownAddress::address))
        .containsExactlyInAnyOrderElementsOf(tried);
    NetAddress old = tried.getFirst();
    table.succeeded(old, NOW.plus(Duration.ofDays(1)));
    assertThat(table.all().stream().filter(known -> known.address().equals(old)))
        .singleElement()
        .satisfies(
            known -> assertThat(known.lastSuccess()).isEqualTo(NOW.plus(Duration.ofDays(1))));
  }

  /** Two addresses that answered and would have one place; the first of them has it. */
  private List<NetAddress> rivals() {
    for (int i = 0; i < 20_000; i++) {
      NetAddress address = randomAddress();
      if (table.add(address, peer("30." + (i % 256) + ".1.1"), NOW).isPresent()) {
        table.succeeded(address, NOW.plus(Duration.ofDays(i)));
        Optional<NetAddress> holder = table.contested(_ -> true);
        if (holder.isPresent()) {
          return List.of(holder.get(), address);
        }
      }
    }
    throw new AssertionError("no two addresses share a place");
  }

  private boolean isLost(NetAddress address) {
    return table.all().stream().noneMatch(known -> known.address().equals(address));
  }

  @Test
  void aTriedAddressThatAnswersKeepsItsPlace() {
    List<NetAddress> rivals = rivals();
    NetAddress holder = rivals.getFirst();
    assertThat(table.contested(known -> !known.address().equals(holder))).isEmpty();
    table.succeeded(holder, NOW.plus(Duration.ofDays(30_000)));
    assertThat(table.contested(_ -> true)).isEmpty();
    table.failed(holder, true);
    assertThat(table.contested(_ -> true)).as("nobody waits for it any more").isEmpty();
    table.succeeded(rivals.getLast(), NOW.plus(Duration.ofDays(30_001)));
    assertThat(table.contested(_ -> true)).as("it still has it").contains(holder);
    assertThat(removed).isEmpty();
  }

  @Test
  void aTriedAddressThatDoesNotAnswerGivesItsPlaceToWhoWaitsForIt() {
    List<NetAddress> rivals = rivals();
    table.failed(rivals.getFirst(), false);
    assertThat(table.contested(_ -> true)).as("that may be our fault").contains(rivals.getFirst());
    table.failed(rivals.getFirst(), true);
    assertThat(table.contested(_ -> true)).isEmpty();
    assertThat(isLost(rivals.getLast())).isFalse();
    // Back among the new ones, if there was room; and it would have to wait for the place now.
    if (!isLost(rivals.getFirst())) {
      table.succeeded(rivals.getFirst(), NOW.plus(Duration.ofDays(30_000)));
      assertThat(table.contested(_ -> true)).contains(rivals.getLast());
    } else {
      assertThat(removed).containsExactly(rivals.getFirst());
    }
  }

  @Test
  void nobodyWaitsForThePlaceOfAnAddressThatIsGone() {
    NetAddress holder = rivals().getFirst();
    table.removeAll(IpRange.of(holder.ip()));
    assertThat(table.contested(_ -> true)).isEmpty();
  }

  @Test
  void aTriedAddressThatIsDisplacedAndFindsNoPlaceIsSaidToBeRemoved() {
    List<NetAddress> tried = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      NetAddress address = randomAddress();
      Instant now = NOW.plus(Duration.ofHours(i));
      if (table.add(address, peer("30." + (i % 256) + ".1.1"), now).isPresent()) {
        table.succeeded(address, now);
        table.contested(_ -> true).ifPresent(silent -> table.failed(silent, true));
        tried.add(address);
      }
    }
    tried.removeAll(table.all().stream().map(KnownAddress::address).toList());
    assertThat(tried).isNotEmpty();
    assertThat(removed).containsAll(tried);
  }

  @Test
  void aStoredAddressThatFindsNoPlaceIsSaidToBeRemoved() {
    List<NetAddress> stored = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      NetAddress address = randomAddress();
      table.restore(KnownAddress.heardOf(address, peer("20.1.1.1"), NOW));
      stored.add(address);
    }
    stored.removeAll(table.all().stream().map(KnownAddress::address).toList());
    assertThat(stored).isNotEmpty();
    assertThat(removed).containsExactlyInAnyOrderElementsOf(stored);
  }

  @Test
  void aBannedRangeIsForgotten() {
    table.add(address("20.2.2.2"), peer("20.1.1.1"), NOW);
    table.add(address("21.2.2.2"), peer("20.1.1.1"), NOW);
    table.removeAll(IpRange.parse("20.0.0.0/8").orElseThrow());
    assertThat(table.all()).hasSize(1);
    assertThat(removed).containsExactly(address("20.2.2.2"));
  }

  @Test
  void aSampleHoldsDifferentAddressesAndNoneThatFailsAgainAndAgain() {
    for (int i = 0; i < 2000; i++) {
      table.add(randomAddress(), peer("30." + (i % 256) + ".1.1"), NOW);
    }
    NetAddress failing = table.all().iterator().next().address();
    table.failed(failing, true);
    table.failed(failing, true);
    List<NetAddress> sample = table.sample(AddressTable.CAPACITY, random);
    assertThat(sample).doesNotHaveDuplicates().doesNotContain(failing).hasSize(table.size() - 1);
    assertThat(table.sample(100, random)).hasSize(100).isSubsetOf(sample);
  }
}
