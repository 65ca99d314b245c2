package kaspeer.flow;

import java.time.Duration;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** How a flow, and with it usually the peer, came to its end. */
public sealed interface FlowOutcome {
  /** It did what it was there for. The peer stays. */
  record Completed() implements FlowOutcome {}

  /** The peer broke a rule that cannot be tolerated. */
  record Violation(ViolationCode code, String detail) implements FlowOutcome {}

  /** No answer in time. */
  record Unresponsive(PayloadCase awaited, Duration waited) implements FlowOutcome {}

  /** A queue was full. Nobody's misdeed. */
  record Overflowed(String queue) implements FlowOutcome {}

  /** The peer rejected us, with this reason (cut to 2,048 bytes). */
  record Refused(String reason) implements FlowOutcome {}

  /** Our own bug or trouble. */
  record LocalFault(String detail) implements FlowOutcome {}

  /** The connection broke or was closed. */
  record LinkLost(String detail) implements FlowOutcome {}
}
