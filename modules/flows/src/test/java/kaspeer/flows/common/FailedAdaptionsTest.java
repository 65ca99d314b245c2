package kaspeer.flows.common;

import java.util.concurrent.atomic.AtomicReference;
import kaspeer.flow.FlowEvent;
import kaspeer.flows.ping.PingFlow;
import kaspeer.testkit.flow.FlowHarness;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailedAdaptionsTest {
  private final AtomicReference<@Nullable ActorRef<String>> replies = new AtomicReference<>();

  private final class Picky extends AbstractMatchingBehavior<FlowEvent> {
    Picky(ActorContext<FlowEvent> context) {
      super(context);
      replies.set(
          context.messageAdapter(
              String.class,
              reply -> {
                throw new IllegalStateException("cannot make anything of " + reply);
              }));
    }

    @Override
    public Behavior<FlowEvent> onMessage(FlowEvent event) {
      return this;
    }
  }

  @Test
  void a_flow_whose_adapter_throws_fails_and_does_not_wait_for_ever() {
    FlowKind<FlowEvent> kind =
        new FlowKind<>(
            PingFlow.factory().descriptor(), event -> event, (actor, _, _) -> new Picky(actor));
    try (FlowHarness harness = FlowHarness.of(kind).start()) {
      ActorRef<String> adapter = replies.get();
      if (adapter == null) {
        throw new AssertionError("the flow did not start");
      }
      harness.expectRunning().reply(adapter, "this").expectStopped();
    }
  }
}
