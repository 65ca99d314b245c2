package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kaspeer.engine.InMemoryPersistence;
import kaspeer.engine.MutableClock;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.addresses.AddressBookActor.DialResult;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.engine.sanctions.Bans;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.Direction;
import kaspeer.transport.Link;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whom the dialler dials, when, and what it tells of it. Links and names belong to the test. */
final class DiallerTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(5);

  private final MutableClock clock = new MutableClock();
  private final InMemoryPersistence persistence = new InMemoryPersistence();
  private final PermanentPeers permanent = new PermanentPeers();
  private final BanTable bans = new BanTable();
  private final BlockingQueue<InetSocketAddress> dialled = new LinkedBlockingQueue<>();
  private final Map<InetSocketAddress, CompletableFuture<Link>> dials = new ConcurrentHashMap<>();
  private final BlockingQueue<String> resolved = new LinkedBlockingQueue<>();

  /** What every seeder resolves to, unless a test says something else before. */
  private final CompletableFuture<List<InetAddress>> names = new CompletableFuture<>();

  private final TestProbe<AddressBookActor.Command> book = KIT.createTestProbe();
  private final TestProbe<PeersCommand> peers = KIT.createTestProbe();
  private final TestProbe<Peers.DialReply> replies = KIT.createTestProbe();
  private List<String> seeders = List.of("seed-a", "seed-b");
  private long number;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static InetSocketAddress address(String ip) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), 16111);
  }

  private ActorRef<DialCommand> start(
      int target,
      boolean finds,
      List<InetSocketAddress> permanentPeers,
      List<InetSocketAddress> anchors) {
    names.complete(List.of(InetAddress.ofLiteral("50.1.1.1")));
    EngineMetrics metrics = new EngineMetrics(new Metrics());
    DialPlan plan =
        new DialPlan(target, finds, permanentPeers, seeders, 16111, DialPlan.PERMANENT_RETRY);
    return KIT.spawn(
        Dialler.create(
            new Dialler.Setup(
                plan,
                anchors,
                address -> {
                  CompletableFuture<Link> dial = new CompletableFuture<>();
                  dials.put(address, dial);
                  dialled.add(address);
                  return dial;
                },
                host -> {
                  resolved.add(host);
                  return names;
                },
                book.getRef(),
                permanent,
                bans,
                new WriteBehind(persistence, Runnable::run, metrics.storeFailures()),
                clock,
                new Random(1),
                metrics),
            peers.getRef()));
  }

  private InetSocketAddress expectDial() throws InterruptedException {
    InetSocketAddress address = dialled.poll(5, TimeUnit.SECONDS);
    if (address == null) {
      throw new AssertionError("nobody was dialled");
    }
    return address;
  }

  /** The dial comes about, and the handshake after it. */
  private PeerInfo connect(ActorRef<DialCommand> dialler, InetSocketAddress address) {
    FakeLink link =
        new FakeLink(++number, Direction.OUTBOUND, address.getAddress().getHostAddress());
    dial(address).complete(link);
    PeersCommand.Dialled handed = peers.expectMessageClass(PeersCommand.Dialled.class);
    assertThat(handed.link()).isSameAs(link);
    PeerInfo info = info(address, handed.permanent());
    dialler.tell(new DialCommand.Connected(info));
    return info;
  }

  private DialResult expectResult() {
    return book.expectMessageClass(AddressBookActor.Dialled.class).result();
  }

  private PeerInfo info(InetSocketAddress address, boolean isPermanent) {
    return PeerInfo.connecting(
        number, address, PeerInfo.Direction.OUTBOUND, isPermanent, clock.instant());
  }

  private CompletableFuture<Link> dial(InetSocketAddress address) {
    @Nullable CompletableFuture<Link> dial = dials.get(address);
    if (dial == null) {
      throw new AssertionError(address + " was not dialled");
    }
    return dial;
  }

  private void fail(InetSocketAddress address) {
    dial(address).completeExceptionally(new IllegalStateException("refused"));
  }

  private void pass(Duration time) {
    clock.advance(time);
    TIME.timePasses(time);
  }

  /** Returns when all that was sent before is done. */
  private void settle(ActorRef<DialCommand> dialler) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere", 1);
    dialler.tell(new DialCommand.Order(nowhere, false, replies.getRef()));
    replies.expectMessageClass(Peers.DialReply.Failed.class);
  }

  private AddressBookActor.Choose expectAsked() {
    return book.expectMessageClass(AddressBookActor.Choose.class);
  }

  private static void offer(AddressBookActor.Choose asked, String... ips) {
    List<NetAddress> addresses = Stream.of(ips).map(ip -> NetAddress.of(address(ip))).toList();
    asked.replyTo().tell(new AddressBookActor.Chosen(addresses));
  }

  // --- whom --------------------------------------------------------------------------------------

  @Test
  void missingPeersAreDialledSideBySideFromWhatTheBookOffers() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(2, true, List.of(), List.of());
    AddressBookActor.Choose asked = expectAsked();
    assertThat(asked.count()).isEqualTo(2);
    offer(asked, "20.1.1.1", "21.1.1.1", "22.1.1.1");
    assertThat(List.of(expectDial(), expectDial()))
        .containsExactly(address("20.1.1.1"), address("21.1.1.1"));
    settle(dialler);
    assertThat(dialled).isEmpty();
    connect(dialler, address("20.1.1.1"));
    assertThat(expectResult()).isEqualTo(DialResult.CONNECTED);
    fail(address("21.1.1.1"));
    assertThat(expectResult()).isEqualTo(DialResult.FAILED);
    AddressBookActor.Choose again = expectAsked();
    assertThat(again.count()).isEqualTo(1);
    assertThat(again.except())
        .containsExactlyInAnyOrder(
            NetAddress.of(address("20.1.1.1")), NetAddress.of(address("21.1.1.1")));
    assertThat(again.groups()).containsExactly(IpRange.parse("20.1.0.0/16").orElseThrow());
  }

  @Test
  void withConnectOnlyNobodyElseIsLookedFor() throws InterruptedException {
    ActorRef<DialCommand> dialler =
        start(8, false, List.of(address("20.1.1.1")), List.of(address("30.1.1.1")));
    expectDial();
    pass(LOOK);
    settle(dialler);
    book.expectNoMessage(Duration.ZERO);
    assertThat(dialled).isEmpty();
    assertThat(resolved).isEmpty();
  }

  @Test
  void theAnchorsOfTheLastRunAreDialledFirst() throws InterruptedException {
    ActorRef<DialCommand> dialler =
        start(1, true, List.of(), List.of(address("30.1.1.1"), address("31.1.1.1")));
    assertThat(expectDial()).isEqualTo(address("30.1.1.1"));
    settle(dialler);
    book.expectNoMessage(Duration.ZERO);
    fail(address("30.1.1.1"));
    assertThat(expectDial()).isEqualTo(address("31.1.1.1"));
    connect(dialler, address("31.1.1.1"));
    pass(LOOK);
    settle(dialler);
    assertThat(Anchors.load(persistence)).containsExactly(address("31.1.1.1"));
  }

  // --- back-off ----------------------------------------------------------------------------------

  @Test
  void anAddressThatFailsIsLeftAloneTwiceAsLongEachTime() throws InterruptedException {
    seeders = List.of();
    ActorRef<DialCommand> dialler = start(1, true, List.of(), List.of());
    AddressBookActor.Choose asked = expectAsked();
    Duration least = BackOff.FIRST.multipliedBy(3).dividedBy(4);
    for (int failures = 1; failures <= 4; failures++) {
      offer(asked, "20.1.1.1");
      expectDial();
      fail(address("20.1.1.1"));
      assertThat(expectResult()).isEqualTo(DialResult.DOUBTFUL);
      asked = expectAsked();
      assertThat(asked.except()).containsExactly(NetAddress.of(address("20.1.1.1")));
      offer(asked);
      clock.advance(least);
      TIME.timePasses(LOOK);
      asked = expectAsked();
      assertThat(asked.except())
          .as("left alone after %s failures for more than %s", failures, least)
          .hasSize(1);
      offer(asked);
      // Give or take a quarter.
      clock.advance(least);
      TIME.timePasses(LOOK);
      asked = expectAsked();
      assertThat(asked.except()).as("after %s failures for less", failures).isEmpty();
      least = least.multipliedBy(2);
    }
    settle(dialler);
  }

  @Test
  void whoConnectedIsForgivenItsFailuresAndRestsAfterItIsLost() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(1, true, List.of(), List.of());
    offer(expectAsked(), "20.1.1.1");
    expectDial();
    PeerInfo info = connect(dialler, address("20.1.1.1"));
    assertThat(expectResult()).isEqualTo(DialResult.CONNECTED);
    pass(Duration.ofMinutes(1));
    dialler.tell(new DialCommand.Lost(info, clock.instant()));
    assertThat(expectAsked().except()).containsExactly(NetAddress.of(address("20.1.1.1")));
  }

  @Test
  void withNobodyConnectedAFailureMayBeOurOwn() throws InterruptedException {
    start(1, true, List.of(), List.of());
    offer(expectAsked(), "20.1.1.1");
    expectDial();
    fail(address("20.1.1.1"));
    assertThat(expectResult()).isEqualTo(DialResult.DOUBTFUL);
  }

  // --- permanent ---------------------------------------------------------------------------------

  @Test
  void aPermanentPeerIsDialledAgainAndAgainWhateverTheTarget() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(0, false, List.of(address("20.1.1.1")), List.of());
    expectDial();
    for (int seconds : new int[] {30, 60, 120, 240, 480, 480}) {
      fail(address("20.1.1.1"));
      expectResult();
      settle(dialler);
      pass(Duration.ofSeconds(seconds).minus(LOOK));
      settle(dialler);
      assertThat(dialled).as("dialled before %s seconds", seconds).isEmpty();
      pass(LOOK);
      assertThat(expectDial()).isEqualTo(address("20.1.1.1"));
    }
    assertThat(permanent.all()).containsExactly(address("20.1.1.1"));
  }

  @Test
  void aLostPermanentPeerComesBackSoonAndAForgottenOneDoesNot() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(0, false, List.of(address("20.1.1.1")), List.of());
    expectDial();
    PeerInfo info = connect(dialler, address("20.1.1.1"));
    assertThat(info.permanent()).isTrue();
    pass(Duration.ofMinutes(5));
    dialler.tell(new DialCommand.Lost(info, clock.instant()));
    settle(dialler);
    pass(LOOK);
    assertThat(expectDial()).isEqualTo(address("20.1.1.1"));
    dialler.tell(new DialCommand.Forget(address("20.1.1.1")));
    fail(address("20.1.1.1"));
    settle(dialler);
    pass(Duration.ofMinutes(30));
    settle(dialler);
    assertThat(dialled).isEmpty();
    assertThat(permanent.all()).isEmpty();
  }

  // --- seeders -----------------------------------------------------------------------------------

  @Test
  void seedersAreAskedWhenTheBookHasNothingLeftAndNotTooOften() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(8, true, List.of(), List.of());
    offer(expectAsked());
    assertThat(resolved.poll(5, TimeUnit.SECONDS)).isEqualTo("seed-a");
    assertThat(resolved.poll(5, TimeUnit.SECONDS)).isEqualTo("seed-b");
    for (int i = 0; i < 2; i++) {
      assertThat(book.fishForMessage(SOON, DiallerTest::onlySeeded))
          .singleElement()
          .extracting(message -> ((AddressBookActor.Seeded) message).addresses())
          .isEqualTo(List.of(NetAddress.of(address("50.1.1.1"))));
    }
    offer(expectAsked());
    pass(LOOK);
    offer(expectAsked());
    settle(dialler);
    assertThat(resolved).as("asked again within %s", Seeding.INTERVAL).isEmpty();
    pass(Seeding.INTERVAL);
    offer(expectAsked());
    assertThat(resolved.poll(5, TimeUnit.SECONDS)).isEqualTo("seed-a");
  }

  private static FishingOutcome onlySeeded(AddressBookActor.Command message) {
    return message instanceof AddressBookActor.Seeded
        ? FishingOutcomes.complete()
        : FishingOutcomes.continueAndIgnore();
  }

  @Test
  void aSeederThatCannotBeResolvedIsNoHarm() throws InterruptedException {
    names.completeExceptionally(new IllegalStateException("no such name"));
    ActorRef<DialCommand> dialler = start(8, true, List.of(), List.of());
    offer(expectAsked());
    assertThat(resolved.poll(5, TimeUnit.SECONDS)).isEqualTo("seed-a");
    settle(dialler);
    pass(LOOK);
    offer(expectAsked(), "20.1.1.1");
    assertThat(expectDial()).isEqualTo(address("20.1.1.1"));
  }

  // --- orders ------------------------------------------------------------------------------------

  @Test
  void anOperatorHearsHowHisDialEnded() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, replies.getRef()));
    expectDial();
    connect(dialler, address("20.1.1.1"));
    replies.expectMessage(new Peers.DialReply.Connected(number));

    dialler.tell(new DialCommand.Order(address("21.1.1.1"), false, replies.getRef()));
    expectDial();
    fail(address("21.1.1.1"));
    replies.expectMessage(new Peers.DialReply.Failed("refused"));
    settle(dialler);
    pass(Duration.ofMinutes(10));
    settle(dialler);
    assertThat(dialled).isEmpty();
  }

  @Test
  void twoWhoOrderTheSameDialHearOfTheOneThatIsMade() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(0, false, List.of(), List.of());
    TestProbe<Peers.DialReply> second = KIT.createTestProbe();
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, replies.getRef()));
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, second.getRef()));
    expectDial();
    fail(address("20.1.1.1"));
    replies.expectMessage(new Peers.DialReply.Failed("refused"));
    second.expectMessage(new Peers.DialReply.Failed("refused"));
    settle(dialler);
    assertThat(dialled).isEmpty();
  }

  @Test
  void aHandshakeThatFailsIsAFailedDial() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, replies.getRef()));
    expectDial();
    dial(address("20.1.1.1")).complete(new FakeLink(++number, Direction.OUTBOUND, "20.1.1.1"));
    peers.expectMessageClass(PeersCommand.Dialled.class);
    dialler.tell(new DialCommand.Refused(info(address("20.1.1.1"), false), "wrong network"));
    replies.expectMessage(new Peers.DialReply.Failed("wrong network"));
  }

  @Test
  void bannedAddressesAreNotDialled() {
    Bans.add(bans, "20.1.0.0/16", clock.instant().plusSeconds(3600));
    ActorRef<DialCommand> dialler = start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), true, replies.getRef()));
    replies.expectMessage(new Peers.DialReply.Failed("20.1.1.1 is banned"));
    assertThat(permanent.all()).isEmpty();
    assertThat(dialled).isEmpty();
  }

  @Test
  void anAddressBannedWhileItWasDialledIsLetGo() throws InterruptedException {
    ActorRef<DialCommand> dialler = start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, replies.getRef()));
    expectDial();
    Bans.add(bans, "20.1.1.1", clock.instant().plusSeconds(3600));
    FakeLink link = new FakeLink(++number, Direction.OUTBOUND, "20.1.1.1");
    dial(address("20.1.1.1")).complete(link);
    assertThat(link.expectEnding()).startsWith("abort");
    replies.expectMessageClass(Peers.DialReply.Failed.class);
  }

  @Test
  void afterAStopNobodyIsDialled() {
    ActorRef<DialCommand> dialler = start(1, true, List.of(), List.of());
    AddressBookActor.Choose asked = expectAsked();
    dialler.tell(DialCommand.Stop.NOW);
    offer(asked, "20.1.1.1");
    pass(LOOK);
    settle(dialler);
    book.expectNoMessage(Duration.ZERO);
    assertThat(dialled).isEmpty();
  }
}
