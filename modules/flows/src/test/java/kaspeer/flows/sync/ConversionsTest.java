package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.List;
import kaspeer.wire.proto.BlockHeader;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversionsTest {
  private final ActorTestKit kit = ActorTestKit.create();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** One header, which cannot be had. */
  private static List<BlockHeader> broken() {
    return new AbstractList<>() {
      @Override
      public BlockHeader get(int index) {
        throw new IllegalStateException("a bug");
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  @Test
  void a_failure_of_our_own_is_told_to_the_flow() {
    TestProbe<Object> told = kit.createTestProbe();
    kit.<Object>spawn(
        Behaviors.setup(
            actor -> {
              new Conversions<>(
                      actor,
                      Runnable::run,
                      headers -> headers,
                      (_, bodies) -> bodies,
                      malformed -> malformed,
                      failure -> failure)
                  .headers(broken());
              return Behaviors.receiveMessage(
                  message -> {
                    told.getRef().tell(message);
                    return Behaviors.same();
                  });
            }));
    assertThat(told.receiveMessage())
        .isInstanceOfSatisfying(
            Throwable.class, failure -> assertThat(failure).hasStackTraceContaining("a bug"));
  }
}
