package kaspeer.flow.policy;

/**
 * The ways in which a peer can break the protocol. Names are stable: they appear in metrics, events
 * and the policy of the admin endpoint.
 */
public enum ViolationCode {
  // Frames.
  OVERSIZED_MESSAGE(true),
  MALFORMED_MESSAGE(true),
  UNKNOWN_MESSAGE(true),
  UNEXPECTED_MESSAGE(true),
  UNSOLICITED_ANSWER(true),
  // Handshake.
  WRONG_NETWORK(true),
  VERSION_TOO_OLD(true),
  LOOPBACK_CONNECTION(true),
  DUPLICATE_CONNECTION(true),
  INVALID_VERSION_MESSAGE(true),
  USER_AGENT_REFUSED(true),
  NO_ROOM(true),
  BANNED(true),
  HANDSHAKE_TIMEOUT(true),
  // Ping.
  WRONG_PONG_NONCE(false),
  // Addresses.
  TOO_MANY_ADDRESSES(true),
  // Blocks.
  INVALID_BLOCK(true),
  INV_OF_INVALID_BLOCK(true),
  WRONG_BLOCK(true),
  HEADER_ONLY_BLOCK(true),
  REQUEST_OF_UNKNOWN_BLOCK(false),
  REQUEST_LIST_TOO_LONG(true),
  // Transactions.
  TOO_MANY_TRANSACTION_IDS(true),
  WRONG_TRANSACTION(true),
  INVALID_TRANSACTION(false),
  NON_STANDARD_TRANSACTION(false),
  REQUEST_OF_UNKNOWN_TRANSACTION(false),
  // Sync.
  INVALID_HEADER(true),
  BAD_LOCATOR(true),
  BAD_SYNC_ANSWER(true),
  BAD_SYNC_REQUEST(true),
  UNSUPPORTED_REQUEST(true),
  FINALITY_CONFLICT(true),
  // Time.
  UNRESPONSIVE(true),
  STALLED(true);

  private final boolean fatal;

  ViolationCode(boolean fatal) {
    this.fatal = fatal;
  }

  /** Whether the flow cannot go on after it, so that the peer must at least be disconnected. */
  public boolean isFatal() {
    return fatal;
  }
}
