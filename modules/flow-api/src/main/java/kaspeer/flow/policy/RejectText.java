package kaspeer.flow.policy;

import kaspeer.flow.FlowOutcome;
import kaspeer.wire.Utf8;
import kaspeer.wire.WireLimits;

/**
 * The reason of a reject message (protocol reference 1.5). Peers take it for free text, two tokens
 * excepted; it is at most 2,048 bytes of UTF-8.
 */
public final class RejectText {
  /** Most bytes of a reason, sent or received. */
  public static final int MAX_BYTES = WireLimits.REJECT_BYTES;

  /** The peer is ourselves. Peers know this token and do not warn of it. */
  public static final String LOOPBACK_CONNECTION = "LOOPBACK_CONNECTION";

  /** The peer is connected already. Peers know this token and do not warn of it. */
  public static final String DUPLICATE_CONNECTION = "DUPLICATE_CONNECTION";

  private RejectText() {}

  /** What to tell a peer of a breach. */
  public static String of(ViolationCode code, String detail) {
    return switch (code) {
      case LOOPBACK_CONNECTION -> LOOPBACK_CONNECTION;
      case DUPLICATE_CONNECTION -> DUPLICATE_CONNECTION;
      default -> cut(detail.isEmpty() ? code.name() : code.name() + ": " + detail);
    };
  }

  /** What to tell a peer that this outcome ends: nothing of what is our own affair. */
  public static String of(FlowOutcome outcome) {
    return switch (outcome) {
      case FlowOutcome.Violation(var code, var detail) -> of(code, detail);
      case FlowOutcome.Unresponsive silent -> of(ViolationCode.UNRESPONSIVE, silent.detail());
      case FlowOutcome.Completed _,
          FlowOutcome.Overflowed _,
          FlowOutcome.Refused _,
          FlowOutcome.LocalFault _,
          FlowOutcome.LinkLost _ ->
          "connection closed";
    };
  }

  /** Whether a received reason says only that the connection is one too many. */
  public static boolean isBenign(String reason) {
    return reason.equals(LOOPBACK_CONNECTION) || reason.equals(DUPLICATE_CONNECTION);
  }

  /** The text, or as much of its start as fits into 2,048 bytes without splitting a character. */
  public static String cut(String text) {
    return Utf8.cut(text, MAX_BYTES);
  }
}
