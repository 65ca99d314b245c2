package kaspeer.engine;

import java.time.Duration;
import java.util.Map;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.DagEvent;

/** What happened, for whoever watches; published on the actor system's event stream. */
public sealed interface NodeEvent {
  record PeerConnected(PeerInfo peer) implements NodeEvent {}

  /**
   * @param reason the typed outcome's name, such as {@code violation.WRONG_NETWORK}, {@code
   *     link-lost}
   */
  record PeerDisconnected(PeerInfo peer, String reason, String detail) implements NodeEvent {}

  /**
   * @param subject an IP address or a CIDR range
   */
  record Banned(String subject, String reason, Duration length) implements NodeEvent {}

  /**
   * A ban holds no more.
   *
   * @param lifted whether somebody wanted that; otherwise its time was over by the clock here, or
   *     it had to make room for others, which is no reason for other nodes to lift it
   */
  record Unbanned(String subject, boolean lifted) implements NodeEvent {
    /** Somebody lifted it. */
    public Unbanned(String subject) {
      this(subject, true);
    }
  }

  record SyncChanged(SyncStatus status) implements NodeEvent {}

  record Dag(DagEvent event) implements NodeEvent {}

  /**
   * A plug-in's flow has something to tell.
   *
   * @param type what kind of thing, in the flow's words
   * @param fields few and small
   */
  record FlowReported(String flow, String type, Map<String, String> fields) implements NodeEvent {}
}
