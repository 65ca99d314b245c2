package kaspeer.transport;

/** Queues of what is to be sent on a link, each with its own bound in bytes. */
public enum TrafficClass {
  /** Handshake, pings, requests, credits, rejects. Goes first. */
  CONTROL,
  /** Announcements. Take turns with answers. */
  ANNOUNCEMENT,
  /**
   * What the peer asked for. Waits: a serving flow sends the next part when the one before was
   * handed over.
   */
  ANSWER
}
