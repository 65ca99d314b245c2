package kaspeer.flows.refused;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.Standing;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefusedRequestsFlowTest {
  static Stream<PayloadCase> requests() {
    return Arrays.stream(RefusedFamily.values()).flatMap(family -> family.requests().stream());
  }

  static Stream<PayloadCase> answers() {
    return Arrays.stream(RefusedFamily.values()).flatMap(family -> family.answers().stream());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void requests_of_what_is_not_served_are_refused_with_a_reason(PayloadCase request) {
    try (FlowHarness harness = FlowHarness.of(RefusedRequestsFlow.factory()).start()) {
      FlowOutcome.Violation breach =
          harness.receive(empty(request)).expectViolation(ViolationCode.UNSUPPORTED_REQUEST);

      assertThat(breach.detail())
          .startsWith(request.name())
          .containsAnyOf("not served", "no version");
      assertThat(Policy.NETWORK.decide(breach, Standing.CLEAN)).isEqualTo(new Sanction.Reject());
      assertThat(Policy.STRICT.decide(breach, Standing.CLEAN)).isEqualTo(new Sanction.Reject());
      harness.expectStopped().expectNothingSent();
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answers_to_what_is_never_asked_are_unsolicited(PayloadCase answer) {
    try (FlowHarness harness = FlowHarness.of(RefusedRequestsFlow.factory()).start()) {
      harness.receive(empty(answer)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
      harness.expectNothingSent();
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (FlowHarness harness = FlowHarness.of(RefusedRequestsFlow.factory()).start()) {
      harness.loseLink().expectStopped().expectNoViolation();
    }
  }

  private static KaspadMessage empty(PayloadCase payload) {
    var field = KaspadMessage.getDescriptor().findFieldByNumber(payload.getNumber());
    KaspadMessage.Builder message = KaspadMessage.newBuilder();
    return message.setField(field, message.newBuilderForField(field).build()).build();
  }
}
