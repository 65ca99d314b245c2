package kaspeer.admin.events;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kaspeer.admin.AdminReply;
import kaspeer.engine.NodeEvent;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Hash;

/**
 * Hands events to all who watch, and forgets those who cannot keep up. Used by one thread at a
 * time.
 */
public final class EventHub {
  /** Most watchers at a time. */
  public static final int MAX_WATCHERS = 32;

  private final InstantSource clock;
  private final List<EventBuffer> watchers = new ArrayList<>();
  private Hash sink;

  /**
   * @param sink the present one, so that only a change of it is an event
   */
  public EventHub(InstantSource clock, Hash sink) {
    this.clock = clock;
    this.sink = sink;
  }

  /** Adds a watcher, if there is room. */
  public AdminReply add(EventBuffer buffer) {
    watchers.removeIf(watcher -> watcher.state() != EventBuffer.State.OPEN);
    if (watchers.size() >= MAX_WATCHERS) {
      return new AdminReply.Unavailable("already " + MAX_WATCHERS + " watch events");
    }
    watchers.add(buffer);
    return new AdminReply.Done();
  }

  public void publish(NodeEvent event) {
    Optional<AdminEvent> shown = show(event, clock.instant());
    if (shown.isPresent()) {
      watchers.removeIf(watcher -> !watcher.offer(shown.get()));
    }
  }

  /** The end for all watchers. */
  public void close() {
    watchers.forEach(EventBuffer::close);
    watchers.clear();
  }

  private Optional<AdminEvent> show(NodeEvent event, Instant now) {
    return switch (event) {
      case NodeEvent.PeerConnected(var peer) ->
          Optional.of(new AdminEvent.PeerConnected(now, peer));
      case NodeEvent.PeerDisconnected(var peer, var reason, var detail) ->
          Optional.of(new AdminEvent.PeerDisconnected(now, peer, reason, detail));
      case NodeEvent.Banned(var subject, var reason, var length) ->
          Optional.of(new AdminEvent.Banned(now, subject, reason, length));
      case NodeEvent.Unbanned(var subject) -> Optional.of(new AdminEvent.Unbanned(now, subject));
      case NodeEvent.SyncChanged(var status) ->
          Optional.of(new AdminEvent.SyncChanged(now, status));
      case NodeEvent.Dag(var dagEvent) -> showDag(dagEvent, now);
    };
  }

  private Optional<AdminEvent> showDag(DagEvent event, Instant now) {
    return switch (event) {
      case DagEvent.BlockAdded added -> {
        var header = added.header();
        yield Optional.of(
            new AdminEvent.BlockAdded(
                now,
                header.hash(),
                header.directParents(),
                header.blueScore(),
                header.daaScore(),
                header.timestamp(),
                added.transactions(),
                added.origin()));
      }
      case DagEvent.ChainChanged(var removed, var added) ->
          Optional.of(new AdminEvent.ChainChanged(now, removed, added));
      case DagEvent.BlockDisqualified(var hash, var rule, var detail) ->
          Optional.of(new AdminEvent.BlockDisqualified(now, hash, rule, detail));
      case DagEvent.ChainStopped(var hash, var detail) ->
          Optional.of(new AdminEvent.ChainStopped(now, hash, detail));
      case DagEvent.StateChanged(var dag) -> {
        if (dag.sink().hash().equals(sink)) {
          yield Optional.empty();
        }
        sink = dag.sink().hash();
        yield Optional.of(
            new AdminEvent.SinkChanged(now, dag.sink(), dag.blockCount(), dag.headerCount()));
      }
    };
  }
}
