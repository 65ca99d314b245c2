package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MailboxMeterTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private static final long SOON = TestEngine.SOON.toSeconds();
  private static final long HELD_UP_NANOS = 1_000_000;

  private final Metrics metrics = new Metrics();
  private final TestProbe<String> heard = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Says again what it is told, and fails where it is told to. */
  private Behavior<String> echo() {
    return Behaviors.receiveMessage(
        message -> {
          if (message.equals("fail")) {
            throw new IllegalStateException("told to");
          }
          heard.getRef().tell(message);
          return Behaviors.same();
        });
  }

  private <C> ActorRef<C> spawn(Behavior<C> behavior) {
    return KIT.spawn(MailboxMeter.around(behavior, new EngineMetrics(metrics).mailbox("echo")));
  }

  /** Starts an actor, and returns when its meter runs. */
  private ActorRef<String> start(Behavior<String> behavior) {
    ActorRef<String> actor = spawn(behavior);
    fence(actor);
    return actor;
  }

  /** Returns when the actor is through with all that it was told before. */
  private void fence(ActorRef<String> actor) {
    actor.tell("fence");
    heard.expectMessage("fence");
  }

  private MetricFamily.Distribution measured() {
    return metrics.snapshot().stream()
        .filter(family -> family.name().equals("kaspeer_actor_mailbox_seconds"))
        .flatMap(family -> family.samples().stream())
        .map(sample -> (MetricFamily.Distribution) sample)
        .findFirst()
        .orElseThrow();
  }

  /** Lets a second pass, and returns when the sounding of it is through the mailbox. */
  private void pass(ActorRef<String> actor) {
    TIME.timePasses(MailboxMeter.INTERVAL);
    // The first is behind the order to sound, the second behind the sounding.
    fence(actor);
    fence(actor);
  }

  @Test
  void oneMessageASecondIsMeasuredAndTheActorHearsOnlyItsOwn() {
    ActorRef<String> actor = start(echo());
    for (int i = 0; i < 3; i++) {
      pass(actor);
    }
    assertThat(measured().counts().getLast()).isEqualTo(3);
    assertThat(measured().labels()).containsEntry("actor", "echo");
    heard.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whatWaitsBehindAnotherMessageShowsHowLong() throws InterruptedException {
    BlockingQueue<String> reached = new LinkedBlockingQueue<>();
    ActorRef<CountDownLatch> actor =
        spawn(
            Behaviors.receiveMessage(
                gate -> {
                  reached.add("gate");
                  gate.await();
                  return Behaviors.same();
                }));
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    actor.tell(first);
    assertThat(reached.poll(SOON, TimeUnit.SECONDS)).isEqualTo("gate");
    // While it is held up: the order to sound, and behind it another message that holds it up. The
    // sounding comes behind that.
    TIME.timePasses(MailboxMeter.INTERVAL);
    actor.tell(second);
    first.countDown();
    assertThat(reached.poll(SOON, TimeUnit.SECONDS)).isEqualTo("gate");
    long since = System.nanoTime();
    while (System.nanoTime() - since < HELD_UP_NANOS) {
      Thread.onSpinWait();
    }
    second.countDown();
    heard.awaitAssert(
        () -> {
          assertThat(measured().counts().getLast()).isEqualTo(1);
          return true;
        });
    assertThat(measured().sum()).isGreaterThanOrEqualTo(HELD_UP_NANOS / 1e9);
  }

  @Test
  void anActorThatStartsOverIsMeasuredOnAndOnce() {
    ActorRef<String> actor =
        start(Behaviors.supervise(echo()).onFailure(SupervisorStrategy.restart()));
    actor.tell("fail");
    fence(actor);
    for (int i = 0; i < 3; i++) {
      pass(actor);
    }
    assertThat(measured().counts().getLast()).isEqualTo(3);
  }

  @Test
  void anActorThatHasStoppedIsMeasuredNoMore() {
    ActorRef<String> actor = start(echo());
    pass(actor);
    KIT.stop(actor);
    TestProbe<DeadLetter> dead = KIT.createTestProbe();
    Adapter.toClassic(KIT.system())
        .eventStream()
        .subscribe(Adapter.toClassic(dead.getRef()), DeadLetter.class);
    TIME.timePasses(Duration.ofMinutes(1));
    dead.expectNoMessage(Duration.ZERO);
    assertThat(measured().counts().getLast()).isEqualTo(1);
  }
}
