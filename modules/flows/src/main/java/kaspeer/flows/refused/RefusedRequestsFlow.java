package kaspeer.flows.refused;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.FlowKind;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Takes every message of the {@linkplain RefusedFamily refused families}: a request is refused with
 * a reason; an answer can only be unsolicited, for nothing here ever asks.
 */
public final class RefusedRequestsFlow {
  static final String REQUESTS = "requests";
  static final String ANSWERS = "answers";

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "refused-requests",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  REQUESTS, payloads(RefusedFamily::requests), false, 1, 1024, Overflow.DISCONNECT),
              new Inbox(
                  ANSWERS, payloads(RefusedFamily::answers), true, 1, 1024, Overflow.DISCONNECT)),
          Set.of(),
          OnFailure.END_PEER);

  private RefusedRequestsFlow() {}

  /** What the flow is told. */
  public record Command(FlowEvent.Received event) {}

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(DESCRIPTOR, Command::new, (_, _, flow) -> awaitRequest(flow));
  }

  private static Set<PayloadCase> payloads(Function<RefusedFamily, Set<PayloadCase>> kind) {
    return Arrays.stream(RefusedFamily.values())
        .flatMap(family -> kind.apply(family).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Behavior<Command> awaitRequest(FlowContext flow) {
    flow.pull(REQUESTS);
    return Behaviors.receiveMessage(
        command -> {
          PayloadCase payload = command.event.message().getPayloadCase();
          for (RefusedFamily family : RefusedFamily.values()) {
            if (family.requests().contains(payload)) {
              flow.violation(ViolationCode.UNSUPPORTED_REQUEST, payload + ": " + family.why());
            }
          }
          return Behaviors.stopped();
        });
  }
}
