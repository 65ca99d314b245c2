package kaspeer.engine.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kaspeer.engine.Facades;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.MutableClock;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.addresses.AddressBookActor.Chosen;
import kaspeer.engine.addresses.AddressBookActor.DialResult;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.peers.Addresses;
import kaspeer.primitives.Network;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class AddressBookActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final NetAddress OWN = new NetAddress(InetAddress.ofLiteral("99.1.1.1"), 16111);
  private static final InetAddress SOURCE = InetAddress.ofLiteral("20.1.1.1");

  private final MutableClock clock = new MutableClock();
  private final InMemoryPersistence persistence = new InMemoryPersistence();
  private final TestProbe<AddressBook.AddressList> lists = KIT.createTestProbe();
  private final TestProbe<Addresses.Sampled> samples = KIT.createTestProbe();
  private final TestProbe<Chosen> choices = KIT.createTestProbe();
  private ActorRef<AddressBookActor.Command> actor = start(Network.MAINNET);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<AddressBookActor.Command> start(Network network) {
    EngineMetrics metrics = new EngineMetrics(new Metrics());
    return KIT.spawn(
        AddressBookActor.create(
            new AddressBookActor.Setup(
                network,
                OWN,
                StoredAddresses.load(persistence),
                StoredAddresses.secret(persistence, new Random(1)),
                new BanTable(),
                new WriteBehind(persistence, Runnable::run, metrics.storeFailures()),
                clock,
                new Random(2),
                metrics)));
  }

  private static NetAddress address(String ip, int port) {
    return new NetAddress(InetAddress.ofLiteral(ip), port);
  }

  private void offer(NetAddress... addresses) {
    Facades.as(Addresses.class, actor).tell(new Addresses.Offer(List.of(addresses), SOURCE));
  }

  private List<AddressReport> list() {
    Facades.as(AddressBook.class, actor).tell(new AddressBook.ListAddresses(lists.getRef()));
    return lists.receiveMessage().addresses();
  }

  private List<NetAddress> sample() {
    Facades.as(Addresses.class, actor).tell(new Addresses.Sample(1000, samples.getRef()));
    return samples.receiveMessage().addresses();
  }

  private List<NetAddress> choose(int count, Set<NetAddress> except, Set<IpRange> groups) {
    actor.tell(new AddressBookActor.Choose(count, except, groups, choices.getRef()));
    return choices.receiveMessage().addresses();
  }

  @Test
  void gossipIsBelievedAsFarAsItCanBeRouted() {
    offer(
        address("30.1.1.1", 16111),
        address("127.0.0.1", 16111),
        address("10.0.0.1", 16111),
        address("30.1.1.2", 0));
    assertThat(list())
        .containsExactly(new AddressReport(address("30.1.1.1", 16111), "20.1.1.1", null, 0));
  }

  @Test
  void ourOwnAddressIsNothingToDial() {
    offer(OWN, address("30.1.1.1", 16111));
    actor.tell(new AddressBookActor.Seeded("seed-a", List.of(OWN)));
    actor.tell(new AddressBookActor.Claimed(OWN, OWN.ip()));
    assertThat(list())
        .extracting(AddressReport::address)
        .containsExactly(address("30.1.1.1", 16111));
  }

  @Test
  void onSimnetPrivateAddressesAreBelievedAndLoopbackIsNot() {
    actor = start(Network.SIMNET);
    offer(address("127.0.0.1", 16511), address("10.0.0.1", 16511));
    assertThat(list())
        .extracting(AddressReport::address)
        .containsExactly(address("10.0.0.1", 16511));
  }

  @Test
  void onePeerCannotTellMoreThanItsQuotaHoweverOftenItComesBack() {
    Random random = new Random(5);
    for (int round = 0; round < 20; round++) {
      List<NetAddress> many = new ArrayList<>();
      for (int i = 0; i < 2500; i++) {
        many.add(
            address(
                (30 + random.nextInt(60)) + "." + random.nextInt(256) + ".1." + random.nextInt(256),
                16111));
      }
      Facades.as(Addresses.class, actor).tell(new Addresses.Offer(many, SOURCE));
    }
    assertThat(list()).hasSizeLessThanOrEqualTo(8 * AddressTable.PLACES);
  }

  @Test
  void inDoubtIsWhatWasNeverReached() {
    NetAddress reached = address("30.1.1.1", 16111);
    NetAddress fresh = address("31.1.1.1", 16111);
    TestProbe<AddressBookActor.Doubted> doubted = KIT.createTestProbe();
    actor.tell(new AddressBookActor.Doubt(Set.of(), doubted.getRef()));
    offer(reached, fresh);
    actor.tell(new AddressBookActor.Dialled(reached, DialResult.CONNECTED));
    list();
    doubted.expectNoMessage(Duration.ZERO);
    actor.tell(new AddressBookActor.Doubt(Set.of(), doubted.getRef()));
    assertThat(doubted.receiveMessage().address()).isEqualTo(fresh);
    // Another port of a host that is left alone is no other host.
    actor.tell(new AddressBookActor.Doubt(Set.of(address("31.1.1.1", 1)), doubted.getRef()));
    list();
    doubted.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whatADialFoundOutIsRemembered() {
    offer(address("30.1.1.1", 16111), address("31.1.1.1", 16111));
    actor.tell(new AddressBookActor.Dialled(address("30.1.1.1", 16111), DialResult.CONNECTED));
    actor.tell(new AddressBookActor.Dialled(address("31.1.1.1", 16111), DialResult.FAILED));
    actor.tell(new AddressBookActor.Dialled(address("32.1.1.1", 16111), DialResult.CONNECTED));
    assertThat(list())
        .containsExactly(
            new AddressReport(address("30.1.1.1", 16111), "20.1.1.1", clock.instant(), 0),
            new AddressReport(address("31.1.1.1", 16111), "20.1.1.1", null, 1),
            new AddressReport(address("32.1.1.1", 16111), "dialled", clock.instant(), 0));
  }

  @Test
  void whoAnsweredHasAPlaceHoweverMuchWeWereToldOfOthers() {
    Random random = new Random(7);
    for (int source = 0; source < 256; source++) {
      List<NetAddress> many = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        many.add(
            address(
                (30 + random.nextInt(60)) + "." + random.nextInt(256) + ".1." + random.nextInt(256),
                16111));
      }
      InetAddress teller = InetAddress.ofLiteral("20." + source + ".1.1");
      Facades.as(Addresses.class, actor).tell(new Addresses.Offer(many, teller));
    }
    List<NetAddress> answered = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answered.add(address("100." + i + ".1.1", 16111));
    }
    answered.forEach(
        address -> actor.tell(new AddressBookActor.Dialled(address, DialResult.CONNECTED)));
    assertThat(list())
        .filteredOn(report -> report.source().equals("dialled"))
        .extracting(AddressReport::address)
        .containsExactlyInAnyOrderElementsOf(answered);
  }

  @Test
  void theBookOutlivesTheProcess() {
    offer(address("30.1.1.1", 16111), address("31.1.1.1", 16111));
    actor.tell(new AddressBookActor.Dialled(address("30.1.1.1", 16111), DialResult.CONNECTED));
    actor.tell(new AddressBookActor.Seeded("seeder", List.of(address("33.1.1.1", 16111))));
    List<AddressReport> before = list();
    assertThat(before).hasSize(3);
    TIME.timePasses(Duration.ofSeconds(10));
    list();
    actor = start(Network.MAINNET);
    assertThat(list()).isEqualTo(before);
  }

  @Test
  void anAddressThatAPeerClaimsIsBelievedOnlyIfItComesFromThere() {
    actor.tell(
        new AddressBookActor.Claimed(
            address("30.1.1.1", 16111), InetAddress.ofLiteral("30.1.1.1")));
    actor.tell(
        new AddressBookActor.Claimed(
            address("66.6.6.6", 16111), InetAddress.ofLiteral("30.1.1.1")));
    assertThat(list())
        .extracting(AddressReport::address)
        .containsExactly(address("30.1.1.1", 16111));
  }

  @Test
  void askingForASampleAgainTellsNothingNewForAWhile() {
    List<NetAddress> some = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      some.add(address("30." + i + ".1.1", 16111));
    }
    offer(some.toArray(NetAddress[]::new));
    List<NetAddress> first = sample();
    assertThat(first).isNotEmpty();
    offer(address("77.1.1.1", 16111));
    // The same list, which costs a flow that keeps it no more than the reference.
    assertThat(sample()).isSameAs(first);
    clock.advance(AddressBookActor.SAMPLE_LIFE.plusSeconds(1));
    assertThat(sample()).contains(address("77.1.1.1", 16111));
  }

  @Test
  void aSampleIsMadeAnewAlsoAfterTheClockWasSetBack() {
    offer(address("30.1.1.1", 16111), address("30.2.1.1", 16111), address("30.3.1.1", 16111));
    List<NetAddress> first = sample();
    offer(address("77.1.1.1", 16111));
    clock.advance(Duration.ofHours(-3));
    assertThat(sample()).isSameAs(first);
    clock.advance(AddressBookActor.SAMPLE_LIFE.plusSeconds(1));
    assertThat(sample()).contains(address("77.1.1.1", 16111));
  }

  @Test
  void aDialGoesToANetworkThatWeAreNotInYet() {
    offer(
        address("30.1.1.1", 16111),
        address("30.1.2.2", 16111),
        address("31.1.1.1", 16111),
        address("32.1.1.1", 16111));
    Set<IpRange> in = Set.of(NetGroup.of(InetAddress.ofLiteral("30.1.9.9")));
    assertThat(choose(8, Set.of(address("32.1.1.1", 16111)), in))
        .containsExactly(address("31.1.1.1", 16111));
    assertThat(choose(8, Set.of(), Set.of())).hasSize(3);
  }

  @Test
  void aHostThatIsLeftAloneIsNotDialledAtAnotherPortWherePeersAreSpreadOverTheWorld() {
    NetAddress resting = address("30.1.1.1", 16111);
    NetAddress other = address("30.1.1.1", 16112);
    offer(resting, other);
    assertThat(choose(8, Set.of(resting), Set.of())).isEmpty();
    actor = start(Network.SIMNET);
    offer(resting, other);
    assertThat(choose(8, Set.of(resting), Set.of())).containsExactly(other);
  }

  @Test
  void aBannedHostIsForgottenAndNotLearntAgain() {
    offer(address("30.1.1.1", 16111));
    assertThat(list()).hasSize(1);
    KIT.system()
        .eventStream()
        .tell(
            new EventStream.Publish<>(
                new NodeEvent.Banned("30.1.0.0/16", "reason", Duration.ofHours(1))));
    lists.awaitAssert(
        () -> {
          assertThat(list()).isEmpty();
          return true;
        });
  }
}
