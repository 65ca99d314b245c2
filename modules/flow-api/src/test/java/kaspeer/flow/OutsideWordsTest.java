package kaspeer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

/**
 * What metrics, events and the admin endpoint call things; dashboards and alerts know the words.
 */
class OutsideWordsTest {
  private static final Hash HASH = Hash.ofWords(1, 2, 3, 4);

  @Test
  void outcomes() {
    List<FlowOutcome> outcomes =
        List.of(
            new FlowOutcome.Completed(),
            new FlowOutcome.Violation(ViolationCode.WRONG_NETWORK, "kaspa-testnet"),
            new FlowOutcome.Unresponsive(PayloadCase.PONG, Duration.ofMinutes(2)),
            new FlowOutcome.Overflowed("inbox"),
            new FlowOutcome.Refused("go away"),
            new FlowOutcome.LocalFault("a bug"),
            new FlowOutcome.LinkLost("reset"));
    assertThat(outcomes)
        .map(FlowOutcome::kind)
        .containsExactly(
            "completed",
            "violation",
            "unresponsive",
            "overflowed",
            "refused",
            "local-fault",
            "link-lost");
    assertThat(outcomes)
        .map(FlowOutcome::typedReason)
        .containsExactly(
            "completed",
            "violation.WRONG_NETWORK",
            "unresponsive",
            "overflowed",
            "refused",
            "local-fault",
            "link-lost");
    assertThat(outcomes)
        .map(FlowOutcome::detail)
        .containsExactly(
            "", "kaspa-testnet", "no PONG within 120 s", "inbox", "go away", "a bug", "reset");
  }

  @Test
  void sanctions() {
    assertThat(
            List.of(
                new Sanction.Ignore(),
                new Sanction.Demerit(2),
                new Sanction.Disconnect(),
                new Sanction.Reject(),
                new Sanction.Ban(Duration.ofHours(1))))
        .map(Sanction::word)
        .containsExactly("ignore", "demerit", "disconnect", "reject", "ban");
  }

  @Test
  void resultsOfTransactions() {
    assertThat(
            List.of(
                new Result.Accepted(1, List.of()),
                new Result.Known(true),
                new Result.Orphaned(List.of()),
                new Result.Invalid("rule", ""),
                new Result.NotYet("rule", ""),
                new Result.NonStandard("policy", ""),
                new Result.DoubleSpend(HASH, "policy", ""),
                new Result.Full(Result.Full.BUSY)))
        .map(Result::word)
        .containsExactly(
            "Accepted",
            "Known",
            "Orphaned",
            "Invalid",
            "NotYet",
            "NonStandard",
            "DoubleSpend",
            "Full");
  }
}
