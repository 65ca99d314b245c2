package kaspeer.flow.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import kaspeer.flow.FlowOutcome;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class RejectTextTest {
  @Test
  void the_two_tokens_that_peers_know_stand_alone() {
    assertThat(RejectText.of(ViolationCode.LOOPBACK_CONNECTION, "same id"))
        .isEqualTo("LOOPBACK_CONNECTION");
    assertThat(RejectText.of(ViolationCode.DUPLICATE_CONNECTION, "same id"))
        .isEqualTo("DUPLICATE_CONNECTION");
    assertThat(RejectText.isBenign("LOOPBACK_CONNECTION")).isTrue();
    assertThat(RejectText.isBenign("DUPLICATE_CONNECTION")).isTrue();
    assertThat(RejectText.isBenign("LOOPBACK_CONNECTION ")).isFalse();
  }

  @Test
  void a_breach_is_named_and_explained() {
    assertThat(RejectText.of(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, "cannot find full block 00ff"))
        .isEqualTo("REQUEST_OF_UNKNOWN_BLOCK: cannot find full block 00ff");
    assertThat(RejectText.of(ViolationCode.BANNED, "")).isEqualTo("BANNED");
    assertThat(RejectText.of(new FlowOutcome.Unresponsive(PayloadCase.PONG, Duration.ofMinutes(2))))
        .isEqualTo("UNRESPONSIVE: no PONG within 120 s");
  }

  @Test
  void our_own_troubles_are_not_told() {
    assertThat(RejectText.of(new FlowOutcome.LocalFault("disk of /srv/data is full")))
        .doesNotContain("srv");
  }

  @Test
  void a_reason_is_cut_to_2048_bytes_on_a_character_boundary() {
    String threeByteCharacters = "\u20ac".repeat(1000);

    String cut = RejectText.of(ViolationCode.INVALID_BLOCK, threeByteCharacters);

    // "INVALID_BLOCK: " takes 15 bytes, so 677 characters of 3 bytes fit.
    assertThat(cut).isEqualTo("INVALID_BLOCK: " + "\u20ac".repeat(677));
    assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(RejectText.MAX_BYTES);
  }
}
