package kaspeer.flows.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import kaspeer.flow.dag.Dag;
import kaspeer.flows.Samples;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestAntipastMessage;
import org.junit.jupiter.api.Test;

class OneAnswerFlowTest {
  @Test
  void an_answer_that_cannot_be_made_fails_the_flow_and_its_permit_is_for_others() {
    Semaphore permits = new Semaphore(1);
    OneAnswerFlow.Kind<Dag.HeadersReply> kind =
        new OneAnswerFlow.Kind<>(
            "serve-antipast",
            PayloadCase.REQUEST_ANTIPAST,
            Set.of(PayloadCase.BLOCK_HEADERS, PayloadCase.DONE_HEADERS),
            Dag.HeadersReply.class,
            new TokenBuckets(1, 8),
            permits,
            Runnable::run,
            (_, replyTo) -> new Dag.GetAntipast(Samples.hash(1), Samples.hash(2), replyTo),
            _ -> {
              throw new IllegalStateException("a bug");
            });
    try (FlowHarness harness = FlowHarness.of(kind.factory()).start()) {
      harness.receive(
          KaspadMessage.newBuilder()
              .setRequestAntipast(RequestAntipastMessage.getDefaultInstance()));
      Dag.GetAntipast asked = harness.expectDag(Dag.GetAntipast.class);
      assertThat(permits.tryAcquire()).isFalse();

      assertThatThrownBy(
              () -> harness.reply(asked.replyTo(), new Dag.HeadersReply.Found(List.of())))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("an answer could not be made");
      assertThat(harness.isStopped()).isTrue();
      assertThat(permits.tryAcquire()).isTrue();
    }
  }
}
