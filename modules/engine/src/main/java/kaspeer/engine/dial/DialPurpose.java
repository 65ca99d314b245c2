package kaspeer.engine.dial;

/** What an address is dialled for. */
public enum DialPurpose {
  /** To have a peer. */
  PEER,
  /** To have a peer that is held whatever comes. */
  PERMANENT,
  /** To see whether it answers: when the handshake is done, so is the connection. */
  FEELER
}
