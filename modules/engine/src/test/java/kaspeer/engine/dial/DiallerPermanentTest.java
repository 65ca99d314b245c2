package kaspeer.engine.dial;

import static kaspeer.engine.dial.DiallerRig.LOOK;
import static kaspeer.engine.dial.DiallerRig.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kaspeer.engine.TestEngine;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.engine.sanctions.Bans;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the dialler holds peers that an operator asked for. */
final class DiallerPermanentTest {
  private final DiallerRig rig = new DiallerRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aPermanentPeerIsDialledAgainAndAgainWhateverTheTarget() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(address("20.1.1.1")), List.of());
    rig.expectDial();
    for (int seconds : new int[] {5, 10, 20, 40, 80, 160, 320, 480, 480}) {
      rig.fail(address("20.1.1.1"));
      rig.expectResult();
      rig.settle(dialler);
      rig.pass(Duration.ofSeconds(seconds).minus(Duration.ofSeconds(1)));
      rig.settle(dialler);
      assertThat(rig.dialled).as("dialled before %s seconds", seconds).isEmpty();
      rig.pass(LOOK);
      assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
    }
    assertThat(rig.permanent.all()).containsExactly(address("20.1.1.1"));
  }

  @Test
  void aLostPermanentPeerComesBackSoonAndAForgottenOneDoesNot() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(address("20.1.1.1")), List.of());
    rig.expectDial();
    PeerInfo info = rig.connect(dialler, address("20.1.1.1"));
    assertThat(info.permanent()).isTrue();
    rig.pass(Duration.ofMinutes(5));
    dialler.tell(new DialCommand.Lost(info, rig.clock.instant()));
    rig.settle(dialler);
    rig.pass(LOOK);
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
    dialler.tell(new DialCommand.Forget(address("20.1.1.1")));
    rig.fail(address("20.1.1.1"));
    rig.settle(dialler);
    rig.pass(Duration.ofMinutes(30));
    rig.settle(dialler);
    assertThat(rig.dialled).isEmpty();
    assertThat(rig.permanent.all()).isEmpty();
  }

  @Test
  void aClockThatIsSetBackMakesNoPauseLonger() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(address("20.1.1.1")), List.of());
    rig.expectDial();
    rig.fail(address("20.1.1.1"));
    rig.expectResult();
    rig.settle(dialler);
    rig.clock.advance(Duration.ofHours(-1));
    // The first look finds the clock set, and nothing else.
    rig.pass(LOOK);
    rig.settle(dialler);
    rig.pass(LOOK);
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
  }

  @Test
  void aPermanentPeersNameIsLookedUpForEachAttempt() throws InterruptedException {
    rig.named = List.of(new DialTarget("node.example", 16111));
    rig.moveTo("20.1.1.1");
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
    PeerInfo info = rig.connect(dialler, address("20.1.1.1"));
    assertThat(info.permanent()).isTrue();
    rig.settle(dialler);
    assertThat(rig.permanent.all()).containsExactly(address("20.1.1.1"));
    rig.pass(Duration.ofMinutes(5));
    rig.moveTo("21.2.2.2");
    dialler.tell(new DialCommand.Lost(info, rig.clock.instant()));
    rig.settle(dialler);
    rig.pass(LOOK);
    assertThat(rig.expectDial()).isEqualTo(address("21.2.2.2"));
    rig.settle(dialler);
    assertThat(rig.permanent.all()).containsExactly(address("21.2.2.2"));
    rig.moveTo("22.3.3.3");
    rig.fail(address("21.2.2.2"));
    rig.settle(dialler);
    rig.pass(PermanentSchedule.FIRST_PAUSE);
    assertThat(rig.expectDial()).isEqualTo(address("22.3.3.3"));
  }

  @Test
  void aPermanentPeersNameThatCannotBeLookedUpIsTriedAgainLaterAndLater()
      throws InterruptedException {
    rig.named = List.of(new DialTarget("node.example", 16111));
    rig.hosts.put("node.example", CompletableFuture.completedFuture(List.of()));
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    assertThat(rig.resolved.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("node.example");
    rig.hosts.put(
        "node.example", CompletableFuture.failedFuture(new IllegalStateException("no such name")));
    for (int seconds : new int[] {5, 10}) {
      rig.settle(dialler);
      rig.pass(Duration.ofSeconds(seconds).minus(Duration.ofSeconds(1)));
      rig.settle(dialler);
      assertThat(rig.resolved).as("looked up before %s seconds", seconds).isEmpty();
      rig.pass(LOOK);
      assertThat(rig.resolved.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo("node.example");
    }
    assertThat(rig.dialled).isEmpty();
    rig.moveTo("20.1.1.1");
    rig.settle(dialler);
    rig.pass(Duration.ofMinutes(2));
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
  }

  @Test
  void aPeerThatAnOperatorNamesIsHeldByItsName() throws InterruptedException {
    DialTarget target = new DialTarget("node.example", 16111);
    rig.moveTo("20.1.1.1");
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Hold(target, rig.replies.getRef()));
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
    PeerInfo info = rig.connect(dialler, address("20.1.1.1"));
    assertThat(info.permanent()).isTrue();
    rig.replies.expectMessage(new Peers.DialReply.Connected(info.number()));
    TestProbe<Peers.PermanentList> lists = rig.kit.createTestProbe();
    dialler.tell(new DialCommand.ListHeld(lists.getRef()));
    assertThat(lists.receiveMessage().peers())
        .containsExactly(new Peers.Permanent(target, address("20.1.1.1"), true, 0));
    for (DialTarget again : List.of(target, DialTarget.of(address("20.1.1.1")))) {
      dialler.tell(new DialCommand.Hold(again, rig.replies.getRef()));
      assertThat(rig.replies.expectMessageClass(Peers.DialReply.NotHeld.class).why())
          .startsWith(again + " is held already");
    }
    TestProbe<Boolean> released = rig.kit.createTestProbe();
    dialler.tell(new DialCommand.Release(target, released.getRef()));
    released.expectMessage(true);
    assertThat(rig.permanent.all()).isEmpty();
  }

  @Test
  void aNameThatIsNotKnownYetIsHeldAndLookedUpAgain() throws InterruptedException {
    DialTarget target = new DialTarget("node.example", 16111);
    rig.hosts.put("node.example", CompletableFuture.completedFuture(List.of()));
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Hold(target, rig.replies.getRef()));
    rig.replies.expectMessage(new Peers.DialReply.Failed("no host is called node.example"));
    rig.moveTo("20.1.1.1");
    rig.settle(dialler);
    rig.pass(PermanentSchedule.FIRST_PAUSE);
    assertThat(rig.expectDial()).isEqualTo(address("20.1.1.1"));
  }

  @Test
  void anOrderToHoldTellsWhatBecameOfIt() throws InterruptedException {
    ActorRef<DialCommand> dialler = rig.start(0, false, List.of(), List.of());
    dialler.tell(new DialCommand.Order(address("20.1.1.1"), false, rig.replies.getRef()));
    rig.expectDial();
    PeerInfo info = rig.connect(dialler, address("20.1.1.1"));
    rig.replies.expectMessage(new Peers.DialReply.Connected(info.number()));
    dialler.tell(new DialCommand.Hold(DialTarget.of(address("20.1.1.1")), rig.replies.getRef()));
    rig.replies.expectMessage(new Peers.DialReply.AlreadyConnected(info.number()));
    dialler.tell(new DialCommand.Hold(DialTarget.of(address("20.1.1.2")), rig.replies.getRef()));
    rig.expectDial();
    rig.fail(address("20.1.1.2"));
    rig.replies.expectMessage(new Peers.DialReply.Failed("refused"));
    Bans.add(rig.bans, "21.1.0.0/16", rig.clock.instant().plusSeconds(3600));
    dialler.tell(new DialCommand.Hold(DialTarget.of(address("21.1.1.1")), rig.replies.getRef()));
    rig.replies.expectMessage(new Peers.DialReply.NotHeld("21.1.1.1 is banned"));
    assertThat(rig.permanent.all())
        .containsExactlyInAnyOrder(address("20.1.1.1"), address("20.1.1.2"));
  }

  @Test
  void whoIsHeldIsListedAndCanBeReleasedThoughItIsNotConnected() throws InterruptedException {
    ActorRef<DialCommand> dialler =
        rig.start(0, false, List.of(address("20.1.1.1"), address("20.1.1.2")), List.of());
    rig.expectDial();
    rig.expectDial();
    PeerInfo info = rig.connect(dialler, address("20.1.1.1"));
    rig.fail(address("20.1.1.2"));
    rig.settle(dialler);
    TestProbe<Peers.PermanentList> lists = rig.kit.createTestProbe();
    dialler.tell(new DialCommand.ListHeld(lists.getRef()));
    assertThat(lists.receiveMessage().peers())
        .containsExactly(
            new Peers.Permanent(DialTarget.of(address("20.1.1.1")), address("20.1.1.1"), true, 0),
            new Peers.Permanent(DialTarget.of(address("20.1.1.2")), address("20.1.1.2"), false, 1));

    TestProbe<Boolean> released = rig.kit.createTestProbe();
    dialler.tell(new DialCommand.Release(DialTarget.of(address("20.1.1.2")), released.getRef()));
    released.expectMessage(true);
    dialler.tell(new DialCommand.Release(DialTarget.of(address("20.1.1.2")), released.getRef()));
    released.expectMessage(false);
    dialler.tell(new DialCommand.Release(DialTarget.of(address("20.1.1.1")), released.getRef()));
    released.expectMessage(true);
    PeersCommand.Outside told = rig.peers.expectMessageClass(PeersCommand.Outside.class);
    assertThat(told.request())
        .isInstanceOfSatisfying(
            Peers.Disconnect.class, end -> assertThat(end.number()).isEqualTo(info.number()));
    rig.pass(Duration.ofMinutes(30));
    rig.settle(dialler);
    assertThat(rig.dialled).isEmpty();
    assertThat(rig.permanent.all()).isEmpty();
  }
}
