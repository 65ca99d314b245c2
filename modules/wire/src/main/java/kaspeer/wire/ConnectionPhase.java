package kaspeer.wire;

/** How far a connection has come: what a frame may weigh depends on it. */
public enum ConnectionPhase {
  /** Until the peer is known: frames are small, and all of them together too. */
  HANDSHAKE,
  /** The handshake is done. */
  READY,
  /**
   * Ready, and chosen as the peer to sync from: batches of headers, proofs and state may be larger.
   */
  SYNC
}
