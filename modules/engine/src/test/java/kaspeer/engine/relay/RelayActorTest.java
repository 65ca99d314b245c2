package kaspeer.engine.relay;

import java.time.Duration;
import java.util.List;
import kaspeer.engine.Facades;
import kaspeer.engine.MutableClock;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Relay.Kind;
import kaspeer.flow.peers.Relay.Permit;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RelayActorTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Hash X = Hash.ofWords(1, 2, 3, 4);
  private static final Permit PERMIT = new Permit(Kind.BLOCK, List.of(X));

  private final MutableClock clock = new MutableClock();
  private final ActorRef<RelayActor.Command> actor =
      KIT.spawn(RelayActor.create(Duration.ofSeconds(1), clock, new EngineMetrics(new Metrics())));
  private final ActorRef<Relay> relay = Facades.as(Relay.class, actor);
  private final TestProbe<Permit> first = KIT.createTestProbe();
  private final TestProbe<Permit> second = KIT.createTestProbe();
  private int fences;

  RelayActorTest() {
    actor.tell(new RelayActor.Joined(1, false));
    actor.tell(new RelayActor.Joined(2, false));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void bothAnnounce(Kind kind) {
    relay.tell(new Relay.Announced(kind, List.of(X), 1, first.getRef()));
    first.expectMessage(new Permit(kind, List.of(X)));
    relay.tell(new Relay.Announced(kind, List.of(X), 2, second.getRef()));
    fence();
    second.expectNoMessage(Duration.ZERO);
  }

  /** Returns when the actor has taken in all that it was told before. */
  private void fence() {
    TestProbe<Permit> fence = KIT.createTestProbe();
    actor.tell(new RelayActor.Joined(99, false));
    relay.tell(
        new Relay.Announced(
            Kind.BLOCK, List.of(Hash.ofWords(9, 9, 9, ++fences)), 99, fence.getRef()));
    fence.receiveMessage();
  }

  private void pass(Duration time) {
    fence();
    clock.advance(time);
    TIME.timePasses(time);
    fence();
  }

  @Test
  void aHolderThatIsSlowLosesItsPermitToTheNextAnnouncer() {
    bothAnnounce(Kind.BLOCK);
    pass(Duration.ofMillis(900));
    second.expectNoMessage(Duration.ZERO);
    pass(Duration.ofMillis(200));
    second.expectMessage(PERMIT);
    first.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whenTheBlockIsObtainedNobodyElseIsAsked() {
    bothAnnounce(Kind.BLOCK);
    relay.tell(new Relay.Obtained(Kind.BLOCK, List.of(X), 1));
    pass(Duration.ofSeconds(30));
    second.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aPeerThatLeavesGivesItsPermitsBackAtOnce() {
    bothAnnounce(Kind.TRANSACTION);
    actor.tell(new RelayActor.Left(1));
    second.expectMessage(new Permit(Kind.TRANSACTION, List.of(X)));
  }

  @Test
  void aFailurePassesThePermitOn() {
    bothAnnounce(Kind.BLOCK);
    relay.tell(new Relay.Failed(Kind.BLOCK, X, 1));
    second.expectMessage(PERMIT);
  }

  @Test
  void whatTurnedOutSpoiltIsFetchedFromTheNext() {
    bothAnnounce(Kind.BLOCK);
    relay.tell(new Relay.Obtained(Kind.BLOCK, List.of(X), 1));
    actor.tell(new RelayActor.Spoilt(Kind.BLOCK, X));
    second.expectMessage(PERMIT);
  }

  @Test
  void blocksAndTransactionsAreApart() {
    bothAnnounce(Kind.BLOCK);
    relay.tell(new Relay.Announced(Kind.TRANSACTION, List.of(X), 2, second.getRef()));
    second.expectMessage(new Permit(Kind.TRANSACTION, List.of(X)));
  }

  @Test
  void aClockThatIsSetBackDoesNotKeepASlowHoldersPermit() {
    bothAnnounce(Kind.BLOCK);
    pass(Duration.ofMillis(100));
    clock.advance(Duration.ofHours(-1));
    pass(Duration.ofMillis(500));
    second.expectNoMessage(Duration.ZERO);
    pass(Duration.ofMillis(600));
    second.expectMessage(PERMIT);
  }
}
