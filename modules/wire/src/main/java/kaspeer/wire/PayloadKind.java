package kaspeer.wire;

/** What part a payload plays in a conversation. */
public enum PayloadKind {
  /** Version, Verack, Ready: once each, before anything else. */
  HANDSHAKE,
  /** Says that something exists; nobody asked, nothing is owed. */
  ANNOUNCEMENT,
  /** Asks; answers follow. */
  REQUEST,
  /** Asks for the next part of an answer that is under way. */
  CREDIT,
  /** Legal only while its question is open. */
  ANSWER,
  /** Reject: the sender closes after it. */
  LAST_WORD,
  /** A number still assigned that no version we speak routes: receiving one ends the connection. */
  LEGACY
}
