package kaspeer.flow.policy;

/**
 * The ways in which a peer can break the protocol. Names are stable: they appear in metrics, events
 * and the policy of the admin endpoint.
 */
public enum ViolationCode {
  // Frames.
  OVERSIZED_MESSAGE(true, true),
  MALFORMED_MESSAGE(true, true),
  UNKNOWN_MESSAGE(true, true),
  UNEXPECTED_MESSAGE(true, false),
  UNSOLICITED_ANSWER(true, false),
  // Handshake.
  WRONG_NETWORK(true, false),
  VERSION_TOO_OLD(true, false),
  LOOPBACK_CONNECTION(true, false),
  DUPLICATE_CONNECTION(true, false),
  INVALID_VERSION_MESSAGE(true, true),
  USER_AGENT_REFUSED(true, false),
  NO_ROOM(true, false),
  BANNED(true, false),
  HANDSHAKE_TIMEOUT(true, false),
  // Ping.
  WRONG_PONG_NONCE(false, true),
  // Addresses.
  TOO_MANY_ADDRESSES(true, true),
  // Blocks.
  INVALID_BLOCK(true, false),
  INV_OF_INVALID_BLOCK(true, false),
  WRONG_BLOCK(true, true),
  HEADER_ONLY_BLOCK(true, true),
  REQUEST_OF_UNKNOWN_BLOCK(false, false),
  REQUEST_LIST_TOO_LONG(true, true),
  // Transactions.
  TOO_MANY_TRANSACTION_IDS(true, true),
  WRONG_TRANSACTION(true, true),
  INVALID_TRANSACTION(false, true),
  NON_STANDARD_TRANSACTION(false, false),
  REQUEST_OF_UNKNOWN_TRANSACTION(false, false),
  // Sync.
  INVALID_HEADER(true, false),
  BAD_LOCATOR(true, false),
  BAD_SYNC_ANSWER(true, false),
  BAD_SYNC_REQUEST(true, false),
  UNSUPPORTED_REQUEST(true, false),
  FINALITY_CONFLICT(true, false),
  // Time.
  UNRESPONSIVE(true, false),
  STALLED(true, false);

  private final boolean fatal;
  private final boolean provable;

  ViolationCode(boolean fatal, boolean provable) {
    this.fatal = fatal;
    this.provable = provable;
  }

  /** Whether the flow cannot go on after it, so that the peer must at least be disconnected. */
  public boolean isFatal() {
    return fatal;
  }

  /**
   * Whether what the peer itself sent proves the breach. Else it may be our own fault: we may have
   * been late, or have lost or never had what it speaks of, or be behind the network's rules.
   */
  public boolean isProvable() {
    return provable;
  }
}
