package kaspeer.engine.sanctions;

import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.ViolationCode;

/** Which breaches are proven by what the peer itself sent, and which may be our own fault. */
public final class Provable {
  private Provable() {}

  /** Whether the peer is to blame, however slow, cut off or mistaken we are. */
  public static boolean isProvable(FlowOutcome outcome) {
    return outcome instanceof FlowOutcome.Violation(ViolationCode code, var _) && isProvable(code);
  }

  private static boolean isProvable(ViolationCode code) {
    return switch (code) {
      case MALFORMED_MESSAGE,
          OVERSIZED_MESSAGE,
          UNKNOWN_MESSAGE,
          INVALID_VERSION_MESSAGE,
          WRONG_PONG_NONCE,
          TOO_MANY_ADDRESSES,
          HEADER_ONLY_BLOCK,
          WRONG_BLOCK,
          REQUEST_LIST_TOO_LONG,
          TOO_MANY_TRANSACTION_IDS,
          WRONG_TRANSACTION,
          INVALID_TRANSACTION ->
          true;
      // We may have been late, or have lost or never had what it speaks of, or be behind the
      // network's rules.
      case UNEXPECTED_MESSAGE,
          UNSOLICITED_ANSWER,
          WRONG_NETWORK,
          VERSION_TOO_OLD,
          LOOPBACK_CONNECTION,
          DUPLICATE_CONNECTION,
          USER_AGENT_REFUSED,
          NO_ROOM,
          BANNED,
          HANDSHAKE_TIMEOUT,
          INVALID_BLOCK,
          INV_OF_INVALID_BLOCK,
          REQUEST_OF_UNKNOWN_BLOCK,
          REQUEST_OF_UNKNOWN_TRANSACTION,
          NON_STANDARD_TRANSACTION,
          INVALID_HEADER,
          BAD_LOCATOR,
          BAD_SYNC_ANSWER,
          BAD_SYNC_REQUEST,
          UNSUPPORTED_REQUEST,
          FINALITY_CONFLICT,
          UNRESPONSIVE,
          STALLED ->
          false;
    };
  }
}
