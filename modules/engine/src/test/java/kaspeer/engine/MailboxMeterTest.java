package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MailboxMeterTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final Metrics metrics = new Metrics();
  private final TestProbe<String> heard = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Says again what it is told, waits where it is told to, and fails where it is told to. */
  private Behavior<String> echo(CountDownLatch gate) {
    return Behaviors.receiveMessage(
        message -> {
          if (message.equals("wait")) {
            assertThat(gate.await(5, TimeUnit.SECONDS)).isTrue();
          } else if (message.equals("fail")) {
            throw new IllegalStateException("told to");
          }
          heard.getRef().tell(message);
          return Behaviors.same();
        });
  }

  private ActorRef<String> start(Behavior<String> behavior) {
    return KIT.spawn(MailboxMeter.around(behavior, new EngineMetrics(metrics).mailbox("echo")));
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
    for (int i = 0; i < 2; i++) {
      actor.tell("fence");
      heard.expectMessage("fence");
    }
  }

  @Test
  void oneMessageASecondIsMeasuredAndTheActorHearsOnlyItsOwn() {
    ActorRef<String> actor = start(echo(new CountDownLatch(0)));
    for (int i = 0; i < 3; i++) {
      pass(actor);
    }
    assertThat(measured().counts().getLast()).isEqualTo(3);
    assertThat(measured().labels()).containsEntry("actor", "echo");
    heard.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whatWaitsBehindAnotherMessageShowsHowLong() {
    CountDownLatch gate = new CountDownLatch(1);
    ActorRef<String> actor = start(echo(gate));
    // The order to sound comes first, then the message that takes long, then the sounding.
    TIME.timePasses(MailboxMeter.INTERVAL);
    actor.tell("wait");
    gate.countDown();
    heard.expectMessage("wait");
    actor.tell("fence");
    heard.expectMessage("fence");
    assertThat(measured().counts().getLast()).isEqualTo(1);
    assertThat(measured().sum()).isPositive();
  }

  @Test
  void anActorThatStartsOverIsMeasuredOnAndOnce() {
    ActorRef<String> actor =
        start(
            Behaviors.supervise(echo(new CountDownLatch(0)))
                .onFailure(SupervisorStrategy.restart()));
    actor.tell("fail");
    for (int i = 0; i < 3; i++) {
      pass(actor);
    }
    assertThat(measured().counts().getLast()).isEqualTo(3);
  }

  @Test
  void anActorThatHasStoppedIsMeasuredNoMore() {
    ActorRef<String> actor = start(echo(new CountDownLatch(0)));
    pass(actor);
    KIT.stop(actor);
    TIME.timePasses(Duration.ofMinutes(1));
    assertThat(measured().counts().getLast()).isEqualTo(1);
  }
}
