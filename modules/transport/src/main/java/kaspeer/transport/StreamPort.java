package kaspeer.transport;

/**
 * The gRPC stream under a link, whoever opened it. Sending and finishing come from one thread at a
 * time.
 */
interface StreamPort {
  /** Asks for one more message. */
  void request();

  /** Whether HTTP/2 takes a message now without queueing it for long. */
  boolean isReady();

  void send(OutboundFrame frame);

  /** Ends our side, after what was sent. */
  void finish();
}
