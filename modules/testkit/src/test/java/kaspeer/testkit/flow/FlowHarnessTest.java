package kaspeer.testkit.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.PingMessage;
import kaspeer.wire.proto.PongMessage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.junit.jupiter.api.Test;

/** The harness plays the engine as the engine is. */
class FlowHarnessTest {
  /** A flow whose nonces are orders: what to do is written into the pings it receives. */
  private enum Order {
    DO_NOTHING(0),
    PULL_TWICE(1),
    ASK_BY_NUMBER(2),
    ASK_BY_TYPE(3),
    TICK_THRICE(4),
    ASK_DAG(5),
    DELIVER(6),
    THROW(7),
    FINISH(8);

    private final long nonce;

    Order(long nonce) {
      this.nonce = nonce;
    }

    static Order of(PingMessage ping) {
      return Arrays.stream(values())
          .filter(order -> order.nonce == ping.getNonce())
          .findFirst()
          .orElseThrow();
    }
  }

  private static final class ObedientFlow {
    private final ActorContext<Object> actor;
    private final TimerScheduler<Object> timers;
    private final FlowContext flow;
    private int ticks;

    ObedientFlow(ActorContext<Object> actor, TimerScheduler<Object> timers, FlowContext flow) {
      this.actor = actor;
      this.timers = timers;
      this.flow = flow;
      flow.pull("orders");
    }

    static FlowFactory<Object> factory(Overflow overflow) {
      return new FlowFactory<>() {
        @Override
        public FlowDescriptor descriptor() {
          return new FlowDescriptor(
              "obedient",
              VersionRange.ALL,
              Phase.READY,
              List.of(
                  new Inbox("orders", Set.of(PayloadCase.PING), false, 2, 1000, overflow),
                  new Inbox(
                      "answers", Set.of(PayloadCase.PONG), true, 2, 1000, Overflow.BACKPRESSURE)),
              Set.of(PayloadCase.PING, PayloadCase.PONG),
              OnFailure.END_PEER);
        }

        @Override
        public Object wrap(FlowEvent event) {
          return event;
        }

        @Override
        public Behavior<Object> create(FlowContext flow) {
          return Behaviors.setup(
              actor ->
                  Behaviors.withTimers(timers -> new ObedientFlow(actor, timers, flow).behavior()));
        }
      };
    }

    Behavior<Object> behavior() {
      return Behaviors.receiveMessage(
          message -> {
            if (message instanceof FlowEvent.Received received) {
              return received.inbox().equals("orders")
                  ? obey(Order.of(received.message().getPing()))
                  : Behaviors.same();
            }
            if (message.equals("tick") && ++ticks < 3) {
              timers.startSingleTimer("tick", Duration.ofSeconds(1));
            }
            flow.outbox().send(pong(ticks).build());
            return Behaviors.same();
          });
    }

    private Behavior<Object> obey(Order order) {
      switch (order) {
        case DO_NOTHING -> {}
        case PULL_TWICE -> {
          flow.pull("orders");
          flow.pull("orders");
        }
        case ASK_BY_NUMBER, ASK_BY_TYPE -> {
          flow.ask(ping(Order.DO_NOTHING), Set.of(PayloadCase.PONG), order == Order.ASK_BY_NUMBER);
          flow.pull("answers");
        }
        case TICK_THRICE -> timers.startSingleTimer("tick", Duration.ofSeconds(1));
        case ASK_DAG ->
            flow.dag()
                .tell(
                    new Dag.IsAncestor(
                        Hash.ZERO, Hash.ZERO, actor.messageAdapter(Boolean.class, b -> b)));
        case DELIVER ->
            actor.pipeToSelf(
                flow.outbox().deliver(pong(7).build()),
                (_, failure) -> failure == null ? "taken" : "lost");
        case THROW -> throw new IllegalStateException("as told");
        case FINISH -> {
          flow.violation(ViolationCode.WRONG_PONG_NONCE, "as told");
          flow.finish(new FlowOutcome.Completed());
          return Behaviors.stopped();
        }
      }
      return Behaviors.same();
    }
  }

  private static KaspadMessage.Builder ping(Order order) {
    return KaspadMessage.newBuilder().setPing(PingMessage.newBuilder().setNonce(order.nonce));
  }

  private static KaspadMessage.Builder pong(long nonce) {
    return KaspadMessage.newBuilder().setPong(PongMessage.newBuilder().setNonce(nonce));
  }

  private static FlowHarness start(Overflow overflow) {
    return FlowHarness.of(ObedientFlow.factory(overflow)).start();
  }

  @Test
  void messages_are_delivered_only_when_pulled() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness.receive(ping(Order.DO_NOTHING)).receive(ping(Order.DELIVER)).expectNothingSent();
      assertThat(harness.pulls("orders")).isZero();
    }
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness
          .receive(ping(Order.PULL_TWICE))
          .receive(ping(Order.DELIVER))
          .expectSent(PayloadCase.PONG);
      assertThat(harness.pulls("orders")).isEqualTo(1);
    }
  }

  @Test
  void a_full_inbox_does_what_its_descriptor_says() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      fill(harness);
      assertThat(harness.receive(ping(Order.THROW)).dropped()).isEqualTo(1);
    }
    try (FlowHarness harness = start(Overflow.DISCONNECT)) {
      fill(harness);
      harness.receive(ping(Order.THROW)).expectFinished(FlowOutcome.Overflowed.class);
    }
    try (FlowHarness harness = start(Overflow.BACKPRESSURE)) {
      fill(harness);
      assertThatThrownBy(() -> harness.receive(ping(Order.THROW)))
          .isInstanceOf(AssertionError.class);
    }
  }

  private static void fill(FlowHarness harness) {
    harness.receive(ping(Order.DO_NOTHING)).receive(ping(Order.THROW)).receive(ping(Order.THROW));
    assertThat(harness.dropped()).isZero();
  }

  @Test
  void answers_are_legal_only_to_open_questions_of_their_kind() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness.receive(pong(1)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
      Sent question = harness.receive(ping(Order.ASK_BY_NUMBER)).expectSent(PayloadCase.PING);
      assertThat(question.message().getRequestId()).isEqualTo(question.question());
      harness.receive(pong(1)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
      harness.receive(pong(1).setResponseId(99)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
      harness.answer(question, pong(1)).expectNoViolation();
    }
    try (FlowHarness harness = start(Overflow.DROP)) {
      Sent question = harness.receive(ping(Order.ASK_BY_TYPE)).expectSent(PayloadCase.PING);
      assertThat(question.message().getRequestId()).isZero();
      harness.receive(pong(1)).expectNoViolation();
      assertThat(harness.openQuestions()).containsExactly(question.question());
    }
  }

  @Test
  void timers_set_by_timers_go_off_within_one_advance_each_at_its_time() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness.receive(ping(Order.TICK_THRICE)).advance(Duration.ofMillis(999)).expectNothingSent();
      harness.advance(Duration.ofMillis(2001));
      for (int tick = 1; tick <= 3; tick++) {
        harness.expectSent(PayloadCase.PONG);
      }
      harness.advance(Duration.ofHours(1)).expectNothingSent();
      assertThat(harness.now()).isEqualTo(FlowSetup.NOW.plusSeconds(3).plusSeconds(3600));
    }
  }

  @Test
  void replies_of_shared_actors_are_worked_off_before_the_call_returns() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      Dag.IsAncestor question =
          harness.receive(ping(Order.ASK_DAG)).expectDag(Dag.IsAncestor.class);
      harness
          .expectNothingTold()
          .expectNothingSent()
          .reply(question.replyTo(), true)
          .expectSent(PayloadCase.PONG);
    }
  }

  @Test
  void held_deliveries_complete_when_told_or_fail_with_the_link() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness.holdDeliveries().receive(ping(Order.DELIVER)).expectSent(PayloadCase.PONG);
      harness.expectNothingSent().completeDelivery().expectSent(PayloadCase.PONG);
    }
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness.holdDeliveries().receive(ping(Order.DELIVER)).loseLink().expectStopped();
    }
  }

  @Test
  void what_a_flow_throws_fails_the_test() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      assertThatThrownBy(() -> harness.receive(ping(Order.THROW)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("as told");
    }
  }

  @Test
  void the_end_of_a_flow_and_its_breaches_are_seen() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness.expectRunning().receive(ping(Order.FINISH)).expectStopped();
      assertThat(harness.expectSanctioned(ViolationCode.WRONG_PONG_NONCE))
          .isEqualTo(new Sanction.Reject());
      harness.expectFinished(FlowOutcome.Completed.class);
      assertThatThrownBy(harness::expectRunning).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void expectations_that_are_not_met_say_so() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      assertThatThrownBy(() -> harness.expectSent(PayloadCase.PONG))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> harness.expectDag(Dag.GetBlock.class))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> harness.expectViolation(ViolationCode.STALLED))
          .isInstanceOf(AssertionError.class);
      harness.receive(ping(Order.DELIVER));
      assertThatThrownBy(harness::expectNothingSent).isInstanceOf(AssertionError.class);
      assertThatThrownBy(harness::expectStopped).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void a_message_that_no_inbox_takes_is_unexpected() {
    try (FlowHarness harness = start(Overflow.DROP)) {
      harness
          .receive(KaspadMessage.getDefaultInstance())
          .expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
    }
  }
}
