package kaspeer.testkit.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

final class JitteryExecutorTest {
  private static final int ACTORS = 50;
  private static final int MESSAGES = 20;

  @Test
  void whatOneActorIsToldStaysInOrderAndWhatSeveralDoDoesNot() {
    ActorTestKit kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                "pekko.actor.default-dispatcher.executor = " + JitteryExecutor.class.getName()));
    try {
      TestProbe<Integer> probe = kit.createTestProbe(Integer.class);
      List<ActorRef<Integer>> actors = new ArrayList<>();
      for (int i = 0; i < ACTORS; i++) {
        int base = i * MESSAGES;
        actors.add(
            kit.spawn(
                Behaviors.receiveMessage(
                    number -> {
                      probe.getRef().tell(base + number);
                      return Behaviors.same();
                    })));
      }
      actors.forEach(actor -> IntStream.range(0, MESSAGES).forEach(actor::tell));

      List<Integer> told = probe.receiveSeveralMessages(ACTORS * MESSAGES, Duration.ofSeconds(30));

      for (int i = 0; i < ACTORS; i++) {
        int actor = i;
        assertThat(told.stream().filter(number -> number / MESSAGES == actor))
            .isSorted()
            .hasSize(MESSAGES);
      }
      assertThat(told).isNotEqualTo(told.stream().sorted().toList());
    } finally {
      kit.shutdownTestKit();
    }
  }
}
