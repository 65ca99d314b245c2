package kaspeer.transport;

/** What became of a frame given to a link. */
public enum SendResult {
  /** It is in its queue, or on its way. Of a tracked frame: HTTP/2 has it. */
  SENT,
  /** Its queue is full: the frame was dropped. */
  OVERFLOW,
  /** The link has ended: the frame was dropped. */
  CLOSED
}
