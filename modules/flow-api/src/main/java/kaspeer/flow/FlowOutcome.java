package kaspeer.flow;

import java.time.Duration;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** How a flow, and with it usually the peer, came to its end. */
public sealed interface FlowOutcome {
  /** It did what it was there for. The peer stays. */
  record Completed() implements FlowOutcome {
    @Override
    public String detail() {
      return "";
    }
  }

  /** The peer broke a rule that cannot be tolerated. */
  record Violation(ViolationCode code, String detail) implements FlowOutcome {}

  /** No answer in time. */
  record Unresponsive(PayloadCase awaited, Duration waited) implements FlowOutcome {
    @Override
    public String detail() {
      return awaited == PayloadCase.PAYLOAD_NOT_SET
          ? "a message that had begun did not come to its end in time"
          : "no " + awaited + " within " + waited.toSeconds() + " s";
    }
  }

  /** A queue was full. Nobody's misdeed. */
  record Overflowed(String queue) implements FlowOutcome {
    @Override
    public String detail() {
      return queue;
    }
  }

  /** The peer rejected us, with this reason (cut to 2,048 bytes). */
  record Refused(String reason) implements FlowOutcome {
    @Override
    public String detail() {
      return reason;
    }
  }

  /** Our own bug or trouble. */
  record LocalFault(String detail) implements FlowOutcome {}

  /** The connection broke or was closed. */
  record LinkLost(String detail) implements FlowOutcome {}

  /** What is known beyond {@link #typedReason}. */
  String detail();

  /** What its kind is called on the outside: {@code violation}, {@code link-lost} and so on. */
  default String kind() {
    return switch (this) {
      case Completed _ -> "completed";
      case Violation _ -> "violation";
      case Unresponsive _ -> "unresponsive";
      case Overflowed _ -> "overflowed";
      case Refused _ -> "refused";
      case LocalFault _ -> "local-fault";
      case LinkLost _ -> "link-lost";
    };
  }

  /** The kind, and for a violation its code, as in {@code violation.WRONG_NETWORK}. */
  default String typedReason() {
    return this instanceof Violation violation ? kind() + "." + violation.code.name() : kind();
  }
}
