package kaspeer.wire;

/**
 * Sizes and counts that bound what a frame may hold. Sizes are bytes of protobuf, after
 * decompression. Where a limit of the protocol or of consensus exists the number is that one or
 * follows from it; the others are ours.
 */
public final class WireLimits {
  /**
   * Any frame, and all frames together, until the handshake is done. Ours; a Version takes some 150
   * bytes.
   */
  public static final int HANDSHAKE_BYTES = 64 * 1024;

  /**
   * Any frame of the peer that we sync from; servers aim at 20 MiB a message (protocol reference
   * 5.10).
   */
  public static final int SYNC_BYTES = 32 * 1024 * 1024;

  /** A batch of headers from a peer that was not chosen for sync. Ours. */
  public static final int UNCHOSEN_BATCH_BYTES = 4 * 1024 * 1024;

  /** An encoded transaction (protocol reference 2.3). */
  public static final int TRANSACTION_BYTES = 1024 * 1024;

  /** An encoded block without its header, or a body (protocol reference 2.3). */
  public static final int BODY_BYTES = 2 * 1024 * 1024;

  /** A header that comes with a block: room for some 29,000 parents. Ours. */
  public static final int HEADER_BYTES = 1024 * 1024;

  /** Ids in an announcement or request of transactions (protocol reference 5.8). */
  public static final int MAX_TRANSACTION_IDS = 131_072;

  /** Addresses accepted in one answer (protocol reference 5.1). */
  public static final int MAX_ADDRESSES = 2_500;

  /** Hashes in one request for blocks or bodies; the live network asks for at most 99. Ours. */
  public static final int MAX_REQUESTED_BLOCKS = 1_024;

  /** Entries of a block locator (protocol reference 5.12). */
  public static final int MAX_LOCATOR = 500;

  /** Entries of a chain locator (protocol reference 5.13). */
  public static final int MAX_CHAIN_LOCATOR = 64;

  /** Headers in one batch; the live network sends at most 1,024. Ours. */
  public static final int MAX_HEADERS = 4_096;

  /** Pruning points from genesis on: two a day since 2021 until 2060. Ours. */
  public static final int MAX_PRUNING_POINTS = 32_768;

  /** Headers of a proof or of trusted data in one message. Ours. */
  public static final int MAX_PROOF_HEADERS = 131_072;

  /**
   * Transactions in a block: the smallest counts 94 bytes in consensus (consensus reference 5.4).
   */
  public static final int MAX_TRANSACTIONS = BODY_BYTES / 94;

  /** Inputs in a frame: the smallest counts 52 bytes in consensus (consensus reference 5.4). */
  public static final int MAX_INPUTS = BODY_BYTES / 52;

  /** Outputs in a frame: the smallest counts 18 bytes in consensus (consensus reference 5.4). */
  public static final int MAX_OUTPUTS = BODY_BYTES / 18;

  /** Entries of one chunk of the UTXO set (protocol reference 5.16). */
  public static final int MAX_UTXO_CHUNK = 1_000;

  /** Lanes of one chunk of the sparse merkle tree (protocol reference 5.17). */
  public static final int MAX_LANE_CHUNK = 4_096;

  /** Bytes kept of a user agent (protocol reference 2.3). */
  public static final int USER_AGENT_BYTES = 256;

  /** Bytes kept of a reject reason (protocol reference 1.5). */
  public static final int REJECT_BYTES = 2_048;

  private WireLimits() {}
}
