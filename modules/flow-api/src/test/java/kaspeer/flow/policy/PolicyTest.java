package kaspeer.flow.policy;

import static kaspeer.flow.policy.ViolationCode.DUPLICATE_CONNECTION;
import static kaspeer.flow.policy.ViolationCode.HANDSHAKE_TIMEOUT;
import static kaspeer.flow.policy.ViolationCode.HEADER_ONLY_BLOCK;
import static kaspeer.flow.policy.ViolationCode.INVALID_BLOCK;
import static kaspeer.flow.policy.ViolationCode.INVALID_TRANSACTION;
import static kaspeer.flow.policy.ViolationCode.INV_OF_INVALID_BLOCK;
import static kaspeer.flow.policy.ViolationCode.LOOPBACK_CONNECTION;
import static kaspeer.flow.policy.ViolationCode.NON_STANDARD_TRANSACTION;
import static kaspeer.flow.policy.ViolationCode.REQUEST_OF_UNKNOWN_BLOCK;
import static kaspeer.flow.policy.ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION;
import static kaspeer.flow.policy.ViolationCode.TOO_MANY_ADDRESSES;
import static kaspeer.flow.policy.ViolationCode.UNRESPONSIVE;
import static kaspeer.flow.policy.ViolationCode.VERSION_TOO_OLD;
import static kaspeer.flow.policy.ViolationCode.WRONG_BLOCK;
import static kaspeer.flow.policy.ViolationCode.WRONG_NETWORK;
import static kaspeer.flow.policy.ViolationCode.WRONG_PONG_NONCE;
import static kaspeer.flow.policy.ViolationCode.WRONG_TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.Sanction.Ban;
import kaspeer.flow.policy.Sanction.Demerit;
import kaspeer.flow.policy.Sanction.Disconnect;
import kaspeer.flow.policy.Sanction.Ignore;
import kaspeer.flow.policy.Sanction.Reject;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {
  private static final Sanction REJECT = new Reject();
  private static final Sanction IGNORE = new Ignore();
  private static final Sanction BAN = new Ban(Duration.ofHours(24));
  private static final Sanction DEMERIT = new Demerit(10);
  private static final Standing PERMANENT = new Standing(true, 0);

  /**
   * Rows of protocol reference section 10 that name a consequence: seed row, code, network, strict.
   */
  static Stream<Arguments> protocolText() {
    return Stream.of(
        Arguments.of("1: incompatible network", WRONG_NETWORK, REJECT, REJECT),
        Arguments.of("1: incompatible version", VERSION_TOO_OLD, REJECT, REJECT),
        Arguments.of("1: connected to self", LOOPBACK_CONNECTION, REJECT, REJECT),
        Arguments.of("1: connected twice", DUPLICATE_CONNECTION, REJECT, REJECT),
        Arguments.of("2: no verack", HANDSHAKE_TIMEOUT, REJECT, REJECT),
        Arguments.of("5: too many addresses", TOO_MANY_ADDRESSES, REJECT, REJECT),
        Arguments.of("9: invalid block, Reject", INVALID_BLOCK, REJECT, REJECT),
        Arguments.of("9: inv of an invalid block", INV_OF_INVALID_BLOCK, REJECT, REJECT),
        Arguments.of("9: another block than asked for", WRONG_BLOCK, REJECT, REJECT),
        Arguments.of("9: block without a body", HEADER_ONLY_BLOCK, REJECT, REJECT),
        Arguments.of("11: request of an unknown block, ban", REQUEST_OF_UNKNOWN_BLOCK, REJECT, BAN),
        Arguments.of("13: another transaction than asked for", WRONG_TRANSACTION, REJECT, REJECT),
        Arguments.of(
            "14: transaction not accepted, Reject and ban", INVALID_TRANSACTION, DEMERIT, BAN),
        Arguments.of("14: only not standard", NON_STANDARD_TRANSACTION, IGNORE, IGNORE),
        Arguments.of(
            "15: request of an unknown transaction, ban",
            REQUEST_OF_UNKNOWN_TRANSACTION,
            IGNORE,
            BAN),
        Arguments.of("17: wrong nonce, ban", WRONG_PONG_NONCE, REJECT, BAN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("protocolText")
  void both_presets_do_what_the_protocol_text_says(
      String row, ViolationCode code, Sanction network, Sanction strict) {
    FlowOutcome breach = new FlowOutcome.Violation(code, row);

    assertThat(Policy.NETWORK.decide(breach, Standing.CLEAN)).isEqualTo(network);
    assertThat(Policy.STRICT.decide(breach, Standing.CLEAN)).isEqualTo(strict);
  }

  @Test
  void the_strict_preset_differs_from_the_network_in_the_texts_own_bans_alone() {
    Set<ViolationCode> differing = EnumSet.noneOf(ViolationCode.class);
    for (ViolationCode code : ViolationCode.values()) {
      if (!Policy.NETWORK.row(code).equals(Policy.STRICT.row(code))) {
        differing.add(code);
      }
    }

    assertThat(differing)
        .containsExactlyInAnyOrder(
            REQUEST_OF_UNKNOWN_BLOCK,
            REQUEST_OF_UNKNOWN_TRANSACTION,
            INVALID_TRANSACTION,
            WRONG_PONG_NONCE);
  }

  @ParameterizedTest
  @EnumSource(ViolationCode.class)
  void every_code_has_a_row_and_a_fatal_one_ends_the_peer(ViolationCode code) {
    for (Policy policy : List.of(Policy.NETWORK, Policy.STRICT)) {
      assertThat(policy.rows()).containsKey(code);
      assertThat(policy.row(code).endsPeer() || !code.isFatal()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(ViolationCode.class)
  void the_network_preset_bans_nobody_at_the_first_breach(ViolationCode code) {
    assertThat(Policy.NETWORK.row(code)).isNotInstanceOf(Ban.class);
  }

  @Test
  void only_the_strict_preset_checks_before_it_sends_a_verack() {
    assertThat(Policy.NETWORK.verackAfterChecks()).isFalse();
    assertThat(Policy.STRICT.verackAfterChecks()).isTrue();
    assertThat(Policy.STRICT.with(WRONG_PONG_NONCE, IGNORE).verackAfterChecks()).isTrue();
  }

  @Test
  void what_is_nobodys_misdeed_is_never_punished() {
    Policy harsh = Policy.STRICT.withScores(1, Duration.ofMinutes(1));
    Standing bad = new Standing(false, 1_000);

    assertThat(harsh.decide(new FlowOutcome.Completed(), bad)).isEqualTo(IGNORE);
    assertThat(
            Stream.of(
                    new FlowOutcome.Overflowed("ping/requests"),
                    new FlowOutcome.LocalFault("disk full"),
                    new FlowOutcome.LinkLost("reset"),
                    new FlowOutcome.Refused("go away"))
                .map(outcome -> harsh.decide(outcome, bad)))
        .containsOnly(new Disconnect());
  }

  @Test
  void silence_follows_the_row_of_unresponsive_peers() {
    FlowOutcome silent = new FlowOutcome.Unresponsive(PayloadCase.PONG, Duration.ofMinutes(2));

    assertThat(Policy.STRICT.decide(silent, Standing.CLEAN)).isEqualTo(REJECT);
    assertThat(Policy.NETWORK.with(UNRESPONSIVE, new Disconnect()).decide(silent, Standing.CLEAN))
        .isEqualTo(new Disconnect());
  }

  @Test
  void a_permanent_peer_is_rejected_where_another_is_banned() {
    FlowOutcome breach = new FlowOutcome.Violation(WRONG_PONG_NONCE, "");

    assertThat(Policy.STRICT.decide(breach, PERMANENT)).isEqualTo(REJECT);
    assertThat(
            Policy.NETWORK.decide(
                new FlowOutcome.Violation(INVALID_TRANSACTION, ""), new Standing(true, 500)))
        .isEqualTo(DEMERIT);
  }

  @Test
  void demerits_add_up_to_a_ban_at_the_limit() {
    FlowOutcome breach = new FlowOutcome.Violation(INVALID_TRANSACTION, "");

    assertThat(Policy.NETWORK.decide(breach, new Standing(false, 89.9))).isEqualTo(DEMERIT);
    assertThat(Policy.NETWORK.decide(breach, new Standing(false, 90))).isEqualTo(BAN);
    assertThat(
            Policy.NETWORK
                .withScores(20, Duration.ofHours(1))
                .decide(breach, new Standing(false, 10)))
        .isEqualTo(BAN);
  }

  @Test
  void half_of_a_score_is_forgotten_in_each_half_life() {
    assertThat(Policy.NETWORK.decayed(80, Policy.NETWORK.halfLife())).isEqualTo(40, within(1e-9));
    assertThat(Policy.NETWORK.decayed(80, Policy.NETWORK.halfLife().multipliedBy(3)))
        .isEqualTo(10, within(1e-9));
    assertThat(Policy.NETWORK.decayed(80, Duration.ofMinutes(-5))).isEqualTo(80);
    assertThat(Policy.NETWORK.decayed(80, Duration.ofDays(10_000))).isEqualTo(0, within(1e-9));
  }

  @Test
  void an_operator_can_override_a_row_and_nothing_else_changes() {
    Policy changed = Policy.NETWORK.with(REQUEST_OF_UNKNOWN_BLOCK, IGNORE);

    assertThat(changed.row(REQUEST_OF_UNKNOWN_BLOCK)).isEqualTo(IGNORE);
    assertThat(changed.row(INVALID_BLOCK)).isEqualTo(Policy.NETWORK.row(INVALID_BLOCK));
    assertThat(Policy.NETWORK.row(REQUEST_OF_UNKNOWN_BLOCK)).isEqualTo(REJECT);
    assertThat(changed.name()).isEqualTo("network");
  }

  @Test
  void a_fatal_code_cannot_be_made_milder_than_a_disconnect() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Policy.NETWORK.with(INVALID_BLOCK, IGNORE))
        .withMessageContaining("INVALID_BLOCK")
        .withMessageContaining("disconnect");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Policy.NETWORK.with(WRONG_NETWORK, new Demerit(5)));
    assertThat(Policy.NETWORK.with(INVALID_BLOCK, new Disconnect()).row(INVALID_BLOCK))
        .isEqualTo(new Disconnect());
  }

  @Test
  void scores_make_sense_or_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Policy.NETWORK.withScores(0, Duration.ofMinutes(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Policy.NETWORK.withScores(10, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> new Standing(false, Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Standing(false, -1));
  }

  @Test
  void presets_are_found_by_name() {
    assertThat(Policy.preset("network")).contains(Policy.NETWORK);
    assertThat(Policy.preset("strict")).contains(Policy.STRICT);
    assertThat(Policy.preset("Strict")).isEmpty();
  }
}
