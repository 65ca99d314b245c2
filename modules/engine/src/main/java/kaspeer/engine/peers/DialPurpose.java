package kaspeer.engine.peers;

/** What an address is dialled for. */
enum DialPurpose {
  /** To have a peer. */
  PEER,
  /** To have a peer that is held whatever comes. */
  PERMANENT,
  /** To see whether it answers: when the handshake is done, so is the connection. */
  FEELER
}
