package kaspeer.transport;

import java.util.Map;
import kaspeer.wire.PayloadType;

/**
 * What went over a link until now.
 *
 * @param received frames that passed the checks, by type
 * @param sent frames given to HTTP/2, by type
 * @param wireBytesReceived bytes of the TCP connection, framing and compression included
 * @param wireBytesSent likewise
 * @param dropped frames that did not fit their queue
 */
public record LinkTraffic(
    Map<PayloadType, Count> received,
    Map<PayloadType, Count> sent,
    long wireBytesReceived,
    long wireBytesSent,
    long dropped) {
  /**
   * @param messages number of frames
   * @param bytes their size in protobuf
   */
  public record Count(long messages, long bytes) {}
}
