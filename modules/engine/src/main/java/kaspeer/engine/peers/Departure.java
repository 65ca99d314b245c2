package kaspeer.engine.peers;

import java.time.Instant;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.RejectText;
import kaspeer.flow.policy.ViolationCode;

/**
 * A peer that is gone, and why. @param reason typed reason, as in {@link
 * kaspeer.engine.NodeEvent.PeerDisconnected}
 */
public record Departure(PeerInfo info, Instant at, String reason, String detail, String sanction) {
  private static final FlowOutcome DUPLICATE =
      new FlowOutcome.Violation(ViolationCode.DUPLICATE_CONNECTION, "");
  private static final FlowOutcome REFUSED_AS_DUPLICATE =
      new FlowOutcome.Refused(RejectText.DUPLICATE_CONNECTION);

  /** Whether the connection was one too many with a peer that we have, as it or we see it. */
  public boolean isOfDuplicate() {
    return reason.equals(DUPLICATE.typedReason())
        || reason.equals(REFUSED_AS_DUPLICATE.typedReason())
            && detail.equals(REFUSED_AS_DUPLICATE.detail());
  }
}
