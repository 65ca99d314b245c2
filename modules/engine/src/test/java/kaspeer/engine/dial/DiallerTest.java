package kaspeer.engine.dial;

import static kaspeer.engine.dial.DiallerRig.LOOK;
import static kaspeer.engine.dial.DiallerRig.address;
import static kaspeer.engine.dial.DiallerRig.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kaspeer.engine.TestEngine;
import kaspeer.engine.addresses.AddressBookActor;
import kaspeer.engine.addresses.AddressBookActor.DialResult;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.sanctions.Bans;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.Direction;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the dialler dials, when, and what it tells of it. */
final class DiallerTest {
  private final DiallerRig rig = new DiallerRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  // --- whom --------------------------------------------------------------------------------------

  @Test
  void missingPeersAreDialledSideBySideFromWhatTheBookOffers() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(2, true, List.of(), List.of());
    AddressBookActor.Choose asked = rig.expectAsked();
    assertThat(asked.count()).isEqualTo(2);
    offer(asked, "20.1.1.1", "21.1.1.1", "22.1.1.1");
    assertThat(List.of(rig.expectDial(), rig.expectDial()))
        .containsExactly(address("20.1.1.1"), address("21.1.1.1"));
    rig.settle(dialler);
    assertThat(rig.dialled).isEmpty();
    rig.connect(dialler, address("20.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    rig.fail(address("21.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.FAILED);
    AddressBookActor.Choose again = rig.expectAsked();
    assertThat(again.count()).isEqualTo(1);
    assertThat(again.except())
        .containsExactlyInAnyOrder(
            NetAddress.of(address("20.1.1.1")), NetAddress.of(address("21.1.1.1")));
    assertThat(again.groups()).containsExactly(IpRange.parse("20.1.0.0/16").orElseThrow());
  }

  @Test
  void withConnectOnlyNobodyElseIsLookedFor() throws InterruptedException {
    ActorRef<DialCommand> dialler =
        rig.start(8, false, List.of(address("20.1.1.1")), List.of(address("30.1.1.1")));
    rig.expectDial();
    rig.pass(LOOK);
    rig.settle(dialler);
    rig.book.expectNoMessage(Duration.ZERO);
    assertThat(rig.dialled).isEmpty();
    assertThat(rig.resolved).isEmpty();
  }

  @Test
  void theAnchorsOfTheLastRunAreDialledFirst() throws InterruptedException {
    ActorRef<DialCommand> dialler =
        rig.start(1, true, List.of(), List.of(address("30.1.1.1"), address("31.1.1.1")));
    assertThat(rig.expectDial()).isEqualTo(address("30.1.1.1"));
    rig.settle(dialler);
    rig.book.expectNoMessage(Duration.ZERO);
    rig.fail(address("30.1.1.1"));
    assertThat(rig.expectDial()).isEqualTo(address("31.1.1.1"));
    rig.connect(dialler, address("31.1.1.1"));
    rig.pass(LOOK);
    rig.settle(dialler);
    assertThat(Anchors.load(rig.persistence)).containsExactly(address("31.1.1.1"));
  }

  // --- back-off ----------------------------------------------------------------------------------

  @Test
  void anAddressThatFailsIsLeftAloneTwiceAsLongEachTime() throws InterruptedException {
    rig.seeders = List.of();
    ActorRef<DialCommand> dialler = rig.start(2, true, List.of(), List.of());
    NetAddress other = NetAddress.of(address("30.1.1.1"));
    offer(rig.expectAsked(), "30.1.1.1");
    rig.expectDial();
    rig.connect(dialler, address("30.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    rig.time.timePasses(LOOK);
    AddressBookActor.Choose asked = rig.expectAsked();
    Duration least = BackOff.FIRST.multipliedBy(3).dividedBy(4);
    for (int failures = 1; failures <= 4; failures++) {
      offer(asked, "20.1.1.1");
      rig.expectDial();
      rig.fail(address("20.1.1.1"));
      assertThat(rig.expectResult()).isEqualTo(DialResult.FAILED);
      asked = rig.expectAsked();
      assertThat(asked.except())
          .containsExactlyInAnyOrder(other, NetAddress.of(address("20.1.1.1")));
      offer(asked);
      rig.clock.advance(least);
      rig.time.timePasses(LOOK);
      asked = rig.expectAsked();
      assertThat(asked.except())
          .as("left alone after %s failures for more than %s", failures, least)
          .hasSize(2);
      offer(asked);
      // Give or take a quarter.
      rig.clock.advance(least);
      rig.time.timePasses(LOOK);
      asked = rig.expectAsked();
      assertThat(asked.except()).as("after %s failures for less", failures).containsExactly(other);
      least = least.multipliedBy(2);
    }
    rig.settle(dialler);
  }

  /** While the line is down all fail: that must not keep us away from them when it is back. */
  @Test
  void whileNobodyIsConnectedAnAddressThatFailsIsTriedAgainWithinTheFirstPause()
      throws InterruptedException {
    rig.seeders = List.of();
    ActorRef<DialCommand> dialler = rig.start(1, true, List.of(), List.of());
    AddressBookActor.Choose asked = rig.expectAsked();
    Duration half = BackOff.FIRST.multipliedBy(3).dividedBy(4);
    for (int failures = 1; failures <= 6; failures++) {
      offer(asked, "20.1.1.1");
      rig.expectDial();
      rig.fail(address("20.1.1.1"));
      assertThat(rig.expectResult()).isEqualTo(DialResult.DOUBTFUL);
      asked = rig.expectAsked();
      assertThat(asked.except()).containsExactly(NetAddress.of(address("20.1.1.1")));
      offer(asked);
      rig.clock.advance(half);
      rig.clock.advance(half);
      rig.time.timePasses(LOOK);
      asked = rig.expectAsked();
      assertThat(asked.except()).as("after %s failures", failures).isEmpty();
    }
    rig.settle(dialler);
  }

  @Test
  void whoConnectedIsForgivenItsFailuresAndRestsAfterItIsLost() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(1, true, List.of(), List.of());
    offer(rig.expectAsked(), "20.1.1.1");
    rig.expectDial();
    PeerInfo info = rig.connect(dialler, address("20.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    rig.pass(Duration.ofMinutes(1));
    dialler.tell(new DialCommand.Lost(info, rig.clock.instant()));
    assertThat(rig.expectAsked().except()).containsExactly(NetAddress.of(address("20.1.1.1")));
  }

  @Test
  void aBookThatDoesNotAnswerIsAskedAgain() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(1, true, List.of(), List.of());
    AddressBookActor.Choose unanswered = rig.expectAsked();
    rig.pass(Duration.ofSeconds(25));
    rig.settle(dialler);
    rig.book.expectNoMessage(Duration.ZERO);
    rig.pass(LOOK);
    AddressBookActor.Choose again = rig.expectAsked();
    assertThat(again.count()).isEqualTo(unanswered.count());
    offer(again, "20.1.1.1");
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
  }

  @Test
  void withNobodyConnectedAFailureMayBeOurOwn() throws InterruptedException {
    rig.start(1, true, List.of(), List.of());
    offer(rig.expectAsked(), "20.1.1.1");
    rig.expectDial();
    rig.fail(address("20.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.DOUBTFUL);
  }

  // --- seeders -----------------------------------------------------------------------------------

  @Test
  void seedersAreAskedWhenTheBookHasNothingLeftAndNotTooOften() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(8, true, List.of(), List.of());
    offer(rig.expectAsked());
    assertThat(rig.resolved.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("seed-a");
    assertThat(rig.resolved.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("seed-b");
    for (int i = 0; i < 2; i++) {
      assertThat(rig.book.fishForMessage(TestEngine.SOON, DiallerTest::onlySeeded))
          .singleElement()
          .extracting(message -> ((AddressBookActor.Seeded) message).addresses())
          .isEqualTo(List.of(NetAddress.of(address("50.1.1.1"))));
    }
    offer(rig.expectAsked());
    rig.pass(LOOK);
    offer(rig.expectAsked());
    rig.settle(dialler);
    assertThat(rig.resolved).as("asked again within %s", Seeding.INTERVAL).isEmpty();
    rig.pass(Seeding.INTERVAL);
    offer(rig.expectAsked());
    assertThat(rig.resolved.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("seed-a");
  }

  private static FishingOutcome onlySeeded(AddressBookActor.Command message) {
    return message instanceof AddressBookActor.Seeded
        ? FishingOutcomes.complete()
        : FishingOutcomes.continueAndIgnore();
  }

  @Test
  void aSeederThatCannotBeResolvedIsNoHarm() throws InterruptedException {
    rig.names.completeExceptionally(new IllegalStateException("no such name"));
    ActorRef<DialCommand> dialler = rig.start(8, true, List.of(), List.of());
    offer(rig.expectAsked());
    assertThat(rig.resolved.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("seed-a");
    rig.settle(dialler);
    rig.pass(LOOK);
    offer(rig.expectAsked(), "20.1.1.1");
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
  }

  // --- feelers -----------------------------------------------------------------------------------

  /** Lets time pass until the dialler asks the book whom to dial only to see whether it answers. */
  private AddressBookActor.Doubt expectDoubt() {
    rig.clock.advance(Feelers.INTERVAL.multipliedBy(6));
    rig.time.timePasses(LOOK);
    return rig.book.expectMessageClass(AddressBookActor.Doubt.class);
  }

  private void feel(String ip) throws InterruptedException {
    expectDoubt().replyTo().tell(new AddressBookActor.Doubted(NetAddress.of(address(ip))));
    assertThat(rig.expectDial()).isEqualTo(address(ip));
  }

  private ActorRef<DialCommand> startFull() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(1, true, List.of(), List.of());
    offer(rig.expectAsked(), "20.1.1.1");
    rig.expectDial();
    rig.connect(dialler, address("20.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    rig.pass(LOOK);
    rig.settle(dialler);
    return dialler;
  }

  private void answer(ActorRef<DialCommand> dialler, String ip) {
    FakeLink link = new FakeLink(++rig.number, Direction.OUTBOUND, ip);
    rig.dial(address(ip)).complete(link);
    PeersCommand.Dialled handed = rig.peers.expectMessageClass(PeersCommand.Dialled.class);
    assertThat(handed.purpose()).isEqualTo(DialPurpose.FEELER);
    dialler.tell(new DialCommand.Answered(address(ip)));
  }

  @Test
  void whenNoPeerIsMissingAddressesAreDialledToSeeWhetherTheyAnswer() throws InterruptedException {
    ActorRef<DialCommand> dialler = startFull();
    feel("30.1.1.1");
    answer(dialler, "30.1.1.1");
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    dialler.tell(
        new DialCommand.Lost(
            rig.info(address("30.1.1.1"), false), rig.clock.instant().plusSeconds(1)));
    AddressBookActor.Doubt next = expectDoubt();
    assertThat(next.except())
        .as("it has no pause: as a peer it would be welcome")
        .containsExactly(NetAddress.of(address("20.1.1.1")));
    next.replyTo().tell(new AddressBookActor.Doubted(NetAddress.of(address("31.1.1.1"))));
    rig.expectDial();
    rig.fail(address("31.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.FAILED);
    expectDoubt();
  }

  @Test
  void anAddressInDoubtThatAPeerIsMissingForIsNotDialledAsOne() throws InterruptedException {
    ActorRef<DialCommand> dialler = startFull();
    AddressBookActor.Doubt doubt = expectDoubt();
    rig.wanted.set(2);
    doubt.replyTo().tell(new AddressBookActor.Doubted(NetAddress.of(address("30.1.1.1"))));
    rig.settle(dialler);
    assertThat(rig.dialled).isEmpty();
  }

  @Test
  void whoOrdersAnAddressThatIsJustBeingTriedGetsAPeerThere() throws InterruptedException {
    ActorRef<DialCommand> dialler = startFull();
    feel("30.1.1.1");
    FakeLink link = new FakeLink(++rig.number, Direction.OUTBOUND, "30.1.1.1");
    rig.dial(address("30.1.1.1")).complete(link);
    rig.peers.expectMessageClass(PeersCommand.Dialled.class);
    dialler.tell(new DialCommand.Order(address("30.1.1.1"), false, rig.replies.getRef()));
    rig.settle(dialler);
    dialler.tell(new DialCommand.Answered(address("30.1.1.1")));
    assertThat(rig.expectDial()).isEqualTo(address("30.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    rig.connect(dialler, address("30.1.1.1"));
    rig.replies.expectMessage(new Peers.DialReply.Connected(rig.number));
  }

  @Test
  void whoOrdersAnAddressThatIsJustBeingTriedHearsThatTheNodeEnds() throws InterruptedException {
    ActorRef<DialCommand> dialler = startFull();
    feel("30.1.1.1");
    FakeLink link = new FakeLink(++rig.number, Direction.OUTBOUND, "30.1.1.1");
    rig.dial(address("30.1.1.1")).complete(link);
    rig.peers.expectMessageClass(PeersCommand.Dialled.class);
    dialler.tell(new DialCommand.Order(address("30.1.1.1"), false, rig.replies.getRef()));
    dialler.tell(DialCommand.Stop.NOW);
    dialler.tell(new DialCommand.Answered(address("30.1.1.1")));
    rig.replies.expectMessage(new Peers.DialReply.Failed("the node ends"));
    assertThat(rig.dialled).isEmpty();
  }

  // --- orders ------------------------------------------------------------------------------------

  @Test
  void anOperatorHearsHowHisDialEnded() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    rig.expectDial();
    rig.connect(dialler, address("20.1.1.1"));
    rig.replies.expectMessage(new Peers.DialReply.Connected(rig.number));

    dialler.tell(new DialCommand.Order(address("21.1.1.1"), false, rig.replies.getRef()));
    rig.expectDial();
    rig.fail(address("21.1.1.1"));
    rig.replies.expectMessage(new Peers.DialReply.Failed("refused"));
    rig.settle(dialler);
    rig.pass(Duration.ofMinutes(10));
    rig.settle(dialler);
    assertThat(rig.dialled).isEmpty();
  }

  @Test
  void twoWhoOrderTheSameDialHearOfTheOneThatIsMade() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    TestProbe<Peers.DialReply> second = rig.kit.createTestProbe();
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, second.getRef()));
    rig.expectDial();
    rig.fail(address("20.1.1.1"));
    rig.replies.expectMessage(new Peers.DialReply.Failed("refused"));
    second.expectMessage(new Peers.DialReply.Failed("refused"));
    rig.settle(dialler);
    assertThat(rig.dialled).isEmpty();
  }

  @Test
  void aHandshakeThatFailsIsAFailedDial() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    rig.expectDial();
    rig.dial(address("20.1.1.1"))
        .complete(new FakeLink(++rig.number, Direction.OUTBOUND, "20.1.1.1"));
    rig.peers.expectMessageClass(PeersCommand.Dialled.class);
    rig.refuse(dialler, address("20.1.1.1"), "violation.WRONG_NETWORK", "another");
    rig.replies.expectMessage(new Peers.DialReply.Failed("violation.WRONG_NETWORK: another"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.DOUBTFUL);
  }

  @ParameterizedTest
  @CsvSource({"violation.DUPLICATE_CONNECTION, id 7 is connected", "refused, DUPLICATE_CONNECTION"})
  void thatAPeerIsConnectedAlreadyOnlyMakesItsAddressRest(String reason, String detail)
      throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(2, true, List.of(), List.of());
    offer(rig.expectAsked(), "20.1.1.1", "21.1.1.1");
    rig.expectDial();
    rig.expectDial();
    rig.connect(dialler, address("20.1.1.1"));
    assertThat(rig.expectResult()).isEqualTo(DialResult.CONNECTED);
    rig.dial(address("21.1.1.1"))
        .complete(new FakeLink(++rig.number, Direction.OUTBOUND, "21.1.1.1"));
    rig.peers.expectMessageClass(PeersCommand.Dialled.class);
    rig.refuse(dialler, address("21.1.1.1"), reason, detail);
    // The book hears nothing of it but the next question.
    assertThat(rig.expectAsked().except()).contains(NetAddress.of(address("21.1.1.1")));
  }

  @Test
  void bannedAddressesAreNotDialled() {
    Bans.add(rig.bans, "20.1.0.0/16", rig.clock.instant().plusSeconds(3600));
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), true, rig.replies.getRef()));
    rig.replies.expectMessage(new Peers.DialReply.Failed("20.1.1.1 is banned"));
    assertThat(rig.permanent.all()).isEmpty();
    assertThat(rig.dialled).isEmpty();
  }

  @Test
  void anAddressBannedWhileItWasDialledIsLetGo() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    rig.expectDial();
    Bans.add(rig.bans, "20.1.1.1", rig.clock.instant().plusSeconds(3600));
    FakeLink link = new FakeLink(++rig.number, Direction.OUTBOUND, "20.1.1.1");
    rig.dial(address("20.1.1.1")).complete(link);
    assertThat(link.expectEnding()).startsWith("abort");
    rig.replies.expectMessageClass(Peers.DialReply.Failed.class);
  }

  @Test
  void afterAStopNobodyIsDialled() {
    ActorRef<DialCommand> dialler = rig.start(1, true, List.of(), List.of());
    AddressBookActor.Choose asked = rig.expectAsked();
    dialler.tell(DialCommand.Stop.NOW);
    offer(asked, "20.1.1.1");
    rig.pass(LOOK);
    rig.settle(dialler);
    rig.book.expectNoMessage(Duration.ZERO);
    assertThat(rig.dialled).isEmpty();
    dialler.tell(new DialCommand.Order(address("21.1.1.1"), false, rig.replies.getRef()));
    rig.replies.expectMessage(new Peers.DialReply.Failed("the node ends"));
  }

  @Test
  void whoWaitsForADialWhoseLinkWasNotWantedIsAnsweredAndTheAddressIsFreeAgain()
      throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    rig.dial(rig.expectDial()).complete(new FakeLink(1, Direction.OUTBOUND, "20.1.1.1"));
    PeersCommand.Dialled handed = rig.peers.expectMessageClass(PeersCommand.Dialled.class);
    handed.replyTo().tell(new DialCommand.Failed(address("20.1.1.1"), "no peers now"));
    rig.replies.expectMessage(new Peers.DialReply.Failed("no peers now"));
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
  }

  @ParameterizedTest
  @CsvSource({"224.0.0.1, 99", "0.0.0.0, 99", "20.1.1.1, 0", "ff02::1, 99"})
  void whereNoPeerCanBeIsNotDialled(String ip, int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address, false, rig.replies.getRef()));
    rig.replies.expectMessage(
        new Peers.DialReply.Failed(DialTarget.of(address) + " is no address to dial"));
    assertThat(rig.dialled).isEmpty();
  }
}
