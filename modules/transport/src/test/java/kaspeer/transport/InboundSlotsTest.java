package kaspeer.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboundSlotsTest {
  private static void nobody() {
    throw new AssertionError("displaced");
  }

  private static InetAddress ip(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static InboundSlots slots(
      int inbound, int pending, int address, int pendingOfAddress, int prefix) {
    return new InboundSlots(
        AcceptPolicy.standard(
            new AcceptPolicy.Limits(
                inbound, pending, address, pendingOfAddress, prefix, Integer.MAX_VALUE)));
  }

  private static InboundSlots.Permit granted(InboundSlots slots, String address) {
    return Objects.requireNonNull(slots.acquire(ip(address), InboundSlotsTest::nobody), address);
  }

  private static void refused(InboundSlots slots, String address, Refusal refusal) {
    long before = slots.refusals().getOrDefault(refusal, 0L);
    assertThat(slots.acquire(ip(address), InboundSlotsTest::nobody)).isNull();
    assertThat(slots.refusals()).containsEntry(refusal, before + 1);
  }

  @Test
  void bansComeFirst() {
    Set<InetAddress> banned = Set.of(ip("8.8.8.8"));
    InboundSlots slots =
        new InboundSlots(
            AcceptPolicy.standard(
                () -> new AcceptPolicy.Limits(0, 1, 1, 1, 1), banned::contains, a -> false));
    refused(slots, "8.8.8.8", Refusal.BANNED);
    refused(slots, "8.8.4.4", Refusal.INBOUND_LIMIT);
  }

  @Test
  void anAddressHasItsCaps() {
    InboundSlots slots = slots(100, 100, 3, 2, 100);
    InboundSlots.Permit first = granted(slots, "8.8.8.8");
    granted(slots, "8.8.8.8");
    refused(slots, "8.8.8.8", Refusal.ADDRESS_PENDING_LIMIT);
    first.streamOpened();
    refused(slots, "8.8.8.8", Refusal.ADDRESS_PENDING_LIMIT);
    first.established();
    granted(slots, "8.8.8.8");
    refused(slots, "8.8.8.8", Refusal.ADDRESS_LIMIT);
    granted(slots, "8.8.8.9");
    first.release();
    first.release();
    refused(slots, "8.8.8.8", Refusal.ADDRESS_PENDING_LIMIT);
  }

  @Test
  void aPrefixHasItsCap() {
    InboundSlots slots = slots(100, 100, 8, 8, 3);
    granted(slots, "9.9.9.1");
    granted(slots, "9.9.9.2");
    InboundSlots.Permit third = granted(slots, "9.9.9.3");
    refused(slots, "9.9.9.4", Refusal.PREFIX_LIMIT);
    granted(slots, "9.9.8.4");
    third.release();
    granted(slots, "9.9.9.4");
  }

  /** Who comes and goes has few connections open at any time. */
  @Test
  void aPrefixHasItsRateHoweverFewOfItAreOpen() {
    AtomicLong now = new AtomicLong();
    InboundSlots slots =
        new InboundSlots(
            AcceptPolicy.standard(new AcceptPolicy.Limits(100, 100, 8, 8, 8, 10)), now::get);
    for (int i = 0; i < 10; i++) {
      granted(slots, "9.9.9." + i).release();
      granted(slots, "2001:db8:1:" + i + "::1").release();
    }
    refused(slots, "9.9.9.77", Refusal.PREFIX_RATE);
    refused(slots, "2001:db8:1:77::1", Refusal.PREFIX_RATE);
    granted(slots, "9.9.8.1");
    granted(slots, "2001:db8:2:1::1");
    now.addAndGet(1_000_000_000L);
    for (int i = 0; i < AcceptRates.PER_SECOND; i++) {
      granted(slots, "9.9.9.9").release();
    }
    refused(slots, "9.9.9.9", Refusal.PREFIX_RATE);
    now.addAndGet(3_600_000_000_000L);
    granted(slots, "9.9.9.9").release();
  }

  @Test
  void loopbackAndOthersThatAreExemptHaveNoRate() {
    InboundSlots slots =
        new InboundSlots(
            AcceptPolicy.standard(
                () -> new AcceptPolicy.Limits(100, 100, 8, 8, 8, 1),
                _ -> false,
                address -> address.isLoopbackAddress() || address.equals(ip("9.9.9.9"))),
            () -> 0);
    for (int i = 0; i < 10; i++) {
      granted(slots, "127.0.0.1").release();
      granted(slots, "9.9.9.9").release();
    }
    refused(slots, "9.9.9.8", Refusal.PREFIX_RATE);
  }

  @Test
  void whoIsRefusedDoesNotPutOffTheTimeAtWhichItsPrefixIsLetInAgain() {
    AtomicLong now = new AtomicLong();
    InboundSlots slots =
        new InboundSlots(
            AcceptPolicy.standard(new AcceptPolicy.Limits(100, 100, 8, 8, 8, 1)), now::get);
    granted(slots, "9.9.9.9").release();
    for (int i = 0; i < 1_000; i++) {
      refused(slots, "9.9.9.9", Refusal.PREFIX_RATE);
    }
    now.addAndGet(500_000_000L);
    granted(slots, "9.9.9.9");
  }

  @Test
  void prefixesThatCameLatelyAreForgottenInTimeAndBounded() {
    AtomicLong now = new AtomicLong();
    AcceptRates rates = new AcceptRates(now::get);
    for (long prefix = 0; prefix < 2L * AcceptRates.MAX_PREFIXES; prefix++) {
      rates.accepted(prefix);
    }
    assertThat(rates.size()).isEqualTo(AcceptRates.MAX_PREFIXES);
    assertThat(rates.lately(2L * AcceptRates.MAX_PREFIXES - 1)).isEqualTo(1);
    now.addAndGet(1_000_000_000L);
    rates.accepted(7);
    assertThat(rates.size()).isEqualTo(1);
  }

  @Test
  void anIpv6HostCountsByIts64AndItsSiteByIts48() {
    InboundSlots slots = slots(100, 100, 1, 1, 2);
    granted(slots, "2001:db8:1:1::1");
    refused(slots, "2001:db8:1:1::ffff", Refusal.ADDRESS_LIMIT);
    granted(slots, "2001:db8:1:2::1");
    refused(slots, "2001:db8:1:3::1", Refusal.PREFIX_LIMIT);
    granted(slots, "2001:db8:2:1::1");
    granted(slots, "::ffff:9.9.9.9");
    refused(slots, "9.9.9.9", Refusal.ADDRESS_LIMIT);
  }

  @Test
  void loopbackIsExemptFromCapsPerAddressButNotFromTheOthers() {
    InboundSlots slots = slots(3, 100, 1, 1, 1);
    List<InboundSlots.Permit> permits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      permits.add(granted(slots, i % 2 == 0 ? "127.0.0.1" : "::1"));
    }
    permits.subList(0, 3).forEach(InboundSlots.Permit::established);
    refused(slots, "127.0.0.1", Refusal.INBOUND_LIMIT);
    assertThat(slots.established()).isEqualTo(3);
    assertThat(slots.pending()).isEqualTo(47);
  }

  @Test
  void theOldestSilentConnectionMakesRoomThenNoneThatIsGettingOn() {
    InboundSlots slots = slots(100, 2, 8, 8, 100);
    AtomicInteger displaced = new AtomicInteger();
    InboundSlots.Permit shaking = granted(slots, "1.1.1.1");
    shaking.streamOpened();
    assertThat(slots.acquire(ip("1.1.1.2"), displaced::incrementAndGet)).isNotNull();
    InboundSlots.Permit newcomer = granted(slots, "1.1.1.3");
    assertThat(displaced).hasValue(1);
    newcomer.streamOpened();
    refused(slots, "1.1.1.4", Refusal.PENDING_LIMIT);
    assertThat(slots.pending()).isEqualTo(2);
    newcomer.established();
    granted(slots, "1.1.1.4");
  }

  @Test
  void whileDrainingEveryoneIsRefused() {
    InboundSlots slots = slots(100, 100, 8, 8, 100);
    slots.drain();
    refused(slots, "127.0.0.1", Refusal.DRAINING);
  }

  /** Whatever happens in whatever order, the counts are those of the permits that are out. */
  @Property(tries = 300)
  void countsAreThoseOfThePermitsOut(@ForAll long seed) {
    Random random = new Random(seed);
    InboundSlots slots = slots(6, 5, 3, 2, 4);
    List<InboundSlots.Permit> out = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      if (random.nextBoolean()) {
        InboundSlots.Permit[] made = new InboundSlots.Permit[1];
        InboundSlots.@Nullable Permit permit =
            slots.acquire(
                ip("5.5." + random.nextInt(2) + "." + random.nextInt(4)),
                () -> out.remove(made[0]));
        if (permit != null) {
          made[0] = permit;
          out.add(permit);
        }
      } else if (!out.isEmpty()) {
        InboundSlots.Permit permit = out.get(random.nextInt(out.size()));
        switch (random.nextInt(3)) {
          case 0 -> permit.streamOpened();
          case 1 -> permit.established();
          default -> {
            permit.release();
            out.remove(permit);
          }
        }
      }
      assertThat(slots.pending() + slots.established()).isEqualTo(out.size());
      assertThat(slots.pending()).isLessThanOrEqualTo(5);
    }
    List.copyOf(out).forEach(InboundSlots.Permit::release);
    assertThat(slots.pending() + slots.established()).isZero();
    assertThat(slots.keys()).isZero();
  }

  private static void again(
      InboundSlots slots, String from, List<InboundSlots.Permit> storm, AtomicInteger displaced) {
    InboundSlots.Permit permit = slots.acquire(ip(from), displaced::incrementAndGet);
    if (permit != null) {
      permit.streamOpened();
      storm.add(permit);
    }
  }

  @Test
  void whoDialsAgainAndAgainKeepsNobodyElseOut() {
    InboundSlots slots = slots(128, 128, 128, 128, 128);
    List<InboundSlots.Permit> storm = new ArrayList<>();
    AtomicInteger displaced = new AtomicInteger();
    for (int round = 0; round < 500; round++) {
      // Four prefixes take every place there is, and open their streams at once.
      for (int i = 0; i < 200; i++) {
        again(slots, "20.0." + i % 4 + "." + i, storm, displaced);
      }
      assertThat(slots.pending()).isEqualTo(128);
      InboundSlots.Permit honest = granted(slots, "30.1." + round % 250 + ".1");
      // The storm goes on while the honest one, not yet heard of, shakes hands.
      again(slots, "20.0.1.1", storm, displaced);
      honest.streamOpened();
      again(slots, "20.0.2.1", storm, displaced);
      honest.established();
      honest.release();
    }
    assertThat(displaced).hasPositiveValue();
    storm.forEach(InboundSlots.Permit::release);
    assertThat(slots.keys()).isZero();
  }
}
