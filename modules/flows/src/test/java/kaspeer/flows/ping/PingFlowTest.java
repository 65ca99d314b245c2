package kaspeer.flows.ping;

import static kaspeer.flows.Samples.ping;
import static kaspeer.flows.Samples.pong;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PingFlowTest {
  /** Two minutes and a tenth more: by then the ping must have gone out. */
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(132);

  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(108);
  private static final Duration STEP = Duration.ofSeconds(1);

  private static FlowSetup flow() {
    return FlowHarness.of(PingFlow.factory());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void the_first_ping_goes_out_after_one_interval_and_is_measured(int version) {
    try (FlowHarness harness = flow().version(version).start()) {
      harness.expectNothingSent().advance(SHORTEST_INTERVAL.minusMillis(1)).expectNothingSent();
      long nonce = pingAfterInterval(harness);

      harness.advance(Duration.ofMillis(35)).receive(pong(nonce));

      // The ping went out within the last step.
      assertThat(harness.pings()).hasSize(1);
      assertThat(harness.pings().getFirst()).isBetween(Duration.ofMillis(35), STEP.plusMillis(35));
      assertThat(harness.openQuestions()).isEmpty();
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void pings_go_on_with_another_nonce_each() {
    try (FlowHarness harness = flow().start()) {
      long first = pingAfterInterval(harness);
      harness.receive(pong(first));
      long second = pingAfterInterval(harness);
      harness.receive(pong(second));

      assertThat(second).isNotEqualTo(first);
      assertThat(harness.pings()).hasSize(2);
    }
  }

  @Test
  void intervals_are_spread_by_a_tenth() {
    try (FlowHarness harness = flow().start()) {
      Duration shortest = LONGEST_INTERVAL;
      Duration longest = Duration.ZERO;
      for (int i = 0; i < 6; i++) {
        Duration waited = waitForPing(harness);
        harness.receive(pong(harness.expectSent(PayloadCase.PING).message().getPing().getNonce()));
        shortest = waited.compareTo(shortest) < 0 ? waited : shortest;
        longest = waited.compareTo(longest) > 0 ? waited : longest;
      }

      assertThat(shortest).isBetween(SHORTEST_INTERVAL, Duration.ofMinutes(2));
      assertThat(longest).isBetween(Duration.ofMinutes(2), LONGEST_INTERVAL);
    }
  }

  @Test
  void a_wrong_nonce_is_a_breach_that_the_network_rejects_and_the_text_bans() {
    try (FlowHarness harness = flow().policy(Policy.NETWORK).start()) {
      harness.receive(pong(pingAfterInterval(harness) + 1));
      assertThat(harness.expectSanctioned(ViolationCode.WRONG_PONG_NONCE))
          .isEqualTo(new Sanction.Reject());
    }
    try (FlowHarness harness = flow().policy(Policy.STRICT).start()) {
      harness.receive(pong(pingAfterInterval(harness) + 1));
      assertThat(harness.expectSanctioned(ViolationCode.WRONG_PONG_NONCE))
          .isInstanceOf(Sanction.Ban.class);
    }
  }

  @Test
  void where_a_wrong_nonce_is_tolerated_pings_go_on_and_nothing_is_measured() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(pong(pingAfterInterval(harness) + 1));
      assertThat(harness.pings()).isEmpty();

      harness.receive(pong(pingAfterInterval(harness)));
      assertThat(harness.pings()).hasSize(1);
    }
  }

  @Test
  void where_the_clock_was_set_back_meanwhile_nothing_is_measured() {
    try (FlowHarness harness = flow().start()) {
      long nonce = pingAfterInterval(harness);
      harness.setClock(Duration.ofHours(-1)).receive(pong(nonce));
      assertThat(harness.pings()).isEmpty();

      harness.receive(pong(pingAfterInterval(harness)));
      assertThat(harness.pings()).hasSize(1);
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void a_peer_that_does_not_answer_is_unresponsive() {
    try (FlowHarness harness = flow().start()) {
      pingAfterInterval(harness);

      harness.advance(Duration.ofMinutes(2).minus(STEP)).expectRunning().advance(STEP);

      assertThat(harness.expectFinished(FlowOutcome.Unresponsive.class))
          .isEqualTo(new FlowOutcome.Unresponsive(PayloadCase.PONG, Duration.ofMinutes(2)));
      harness.expectStopped();
    }
  }

  @Test
  void while_we_do_not_read_the_peer_is_not_late() {
    try (FlowHarness harness = flow().start()) {
      long nonce = pingAfterInterval(harness);

      harness.stopReading().advance(Duration.ofMinutes(10)).expectRunning();
      harness.readOn().advance(Duration.ofMinutes(2).minus(STEP)).expectRunning();
      harness.receive(pong(nonce)).expectRunning();
      assertThat(harness.pings()).hasSize(1);
    }
  }

  @Test
  void once_we_read_again_the_peer_has_the_time_that_is_left() {
    try (FlowHarness harness = flow().start()) {
      pingAfterInterval(harness);

      harness.advance(Duration.ofSeconds(50)).stopReading().advance(Duration.ofMinutes(10));
      harness.readOn().advance(Duration.ofSeconds(70).minus(STEP)).expectRunning().advance(STEP);

      harness.expectFinished(FlowOutcome.Unresponsive.class);
      harness.expectStopped();
    }
  }

  @Test
  void a_pong_that_nobody_asked_for_is_unsolicited() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(pong(1)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
      long nonce = pingAfterInterval(harness);
      harness
          .receive(pong(nonce))
          .receive(pong(nonce))
          .expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE})
  void a_ping_is_answered_at_once_with_its_nonce(long nonce) {
    try (FlowHarness harness = flow().start()) {
      Sent answer = harness.receive(ping(nonce)).expectSent(PayloadCase.PONG);

      assertThat(answer.message().getPong().getNonce()).isEqualTo(nonce);
      assertThat(answer.lane()).isEqualTo(Sent.Lane.SEND);
    }
  }

  @Test
  void a_flood_of_pings_gets_a_burst_of_answers_and_then_one_a_second() {
    try (FlowHarness harness = flow().start()) {
      for (int i = 0; i < 1000; i++) {
        harness.receive(ping(i));
      }
      for (int i = 0; i < PingFlow.BURST; i++) {
        assertThat(harness.expectSent(PayloadCase.PONG).message().getPong().getNonce())
            .isEqualTo(i);
      }
      harness.expectNothingSent();
      assertThat(harness.dropped()).isEqualTo(1000 - 2 * PingFlow.BURST);

      harness.advance(Duration.ofSeconds(1)).expectSent(PayloadCase.PONG);
      harness.expectNothingSent().advance(Duration.ofSeconds(1)).expectSent(PayloadCase.PONG);
      harness.expectNothingSent().expectNoViolation().expectRunning();
    }
  }

  @Test
  void after_a_pause_a_burst_is_answered_again() {
    try (FlowHarness harness = flow().start()) {
      for (int i = 0; i < PingFlow.BURST; i++) {
        harness.receive(ping(i)).expectSent(PayloadCase.PONG);
      }
      for (int i = 0; i < PingFlow.BURST; i++) {
        harness.advance(Duration.ofSeconds(1));
      }
      for (int i = 0; i < PingFlow.BURST; i++) {
        harness.receive(ping(i)).expectSent(PayloadCase.PONG);
      }
      assertThat(harness.dropped()).isZero();
    }
  }

  @Test
  void any_other_message_is_not_for_this_flow() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(Samples.requestAddresses()).expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (FlowHarness harness = flow().start()) {
      pingAfterInterval(harness);
      harness.loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }

  /** Lets time pass until a ping goes out, and not longer. */
  private static long pingAfterInterval(FlowHarness harness) {
    waitForPing(harness);
    Sent ping = harness.expectSent(PayloadCase.PING);
    assertThat(ping.message().getRequestId()).isZero();
    return ping.message().getPing().getNonce();
  }

  private static Duration waitForPing(FlowHarness harness) {
    Duration waited = Duration.ZERO;
    while (harness.openQuestions().isEmpty()) {
      assertThat(waited).isLessThan(LONGEST_INTERVAL);
      harness.advance(STEP);
      waited = waited.plus(STEP);
    }
    return waited;
  }
}
