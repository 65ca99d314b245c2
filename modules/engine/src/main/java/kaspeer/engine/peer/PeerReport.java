package kaspeer.engine.peer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import kaspeer.flow.PeerInfo;
import org.jspecify.annotations.Nullable;

/**
 * One peer as the admin endpoint shows it.
 *
 * @param lastPing round trip of the last ping, or null before the first
 * @param isIbdPeer whether it leads the sync
 * @param score points against it, decayed
 * @param sent by message type, in the payload's wire name
 */
public record PeerReport(
    PeerInfo info,
    @Nullable Duration lastPing,
    boolean isIbdPeer,
    double score,
    Map<String, Traffic> sent,
    Map<String, Traffic> received,
    List<FlowReport> flows) {

  /**
   * @param bytes unpacked
   */
  public record Traffic(long messages, long bytes) {}

  /**
   * @param state {@code running}, {@code finished} or {@code failed}; a plug-in's flow that has had
   *     one message for ten seconds is {@code hanging}
   * @param inboxDepth messages waiting
   * @param handled messages taken since the start
   * @param dropped messages dropped for want of room
   */
  public record FlowReport(
      String name, String state, int inboxDepth, long handled, long dropped, long failures) {}
}
