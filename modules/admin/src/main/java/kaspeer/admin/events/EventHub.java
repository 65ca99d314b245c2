package kaspeer.admin.events;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.admin.AdminReply;
import kaspeer.admin.PeerKey;
import kaspeer.engine.NodeEvent;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to all who watch, and forgets those who cannot keep up. Used by one thread at a
 * time.
 */
public final class EventHub {
  /** Most watchers at a time. */
  public static final int MAX_WATCHERS = 32;

  private final InstantSource clock;
  private final List<EventBuffer> watchers = new ArrayList<>();

  /** How connected peers are shown, by the number of their connection. */
  private final Map<Long, String> peers = new HashMap<>();

  private Hash sink;
  private List<Hash> virtualParents;
  private long virtualDaaScore;
  private Mempool.@Nullable Info mempool;

  /**
   * @param dag as it is now, so that only a change of it is an event
   */
  public EventHub(InstantSource clock, DagSnapshot dag) {
    this.clock = clock;
    this.sink = dag.sink().hash();
    this.virtualParents = dag.virtualParents();
    this.virtualDaaScore = dag.virtualDaaScore();
  }

  /** Adds a watcher, if there is room. */
  public AdminReply add(EventBuffer buffer) {
    watchers.removeIf(watcher -> watcher.state() != EventBuffer.State.OPEN);
    if (watchers.size() >= MAX_WATCHERS) {
      return new AdminReply.Unavailable(
          "already " + MAX_WATCHERS + " watch events: try again when one of them has ended");
    }
    watchers.add(buffer);
    return new AdminReply.Done();
  }

  public void publish(NodeEvent event) {
    show(event, clock.instant()).forEach(this::offer);
  }

  /** These peers were connected before their events were heard. */
  public void noteConnected(List<PeerInfo> connected) {
    connected.forEach(peer -> peers.putIfAbsent(peer.number(), PeerKey.show(peer)));
  }

  /** The mempool at this moment: an event if it differs from the last. */
  public void publish(Mempool.Info info) {
    Mempool.Info last = mempool;
    mempool = info;
    if (last == null
        || last.transactions() != info.transactions()
        || last.orphans() != info.orphans()
        || last.bytes() != info.bytes()
        || !last.fees().equals(info.fees())) {
      offer(new AdminEvent.MempoolChanged(clock.instant(), info));
    }
  }

  /** Whether somebody wants events of this type. */
  public boolean isWanted(AdminEvent.Type type) {
    return watchers.stream()
        .anyMatch(watcher -> watcher.state() == EventBuffer.State.OPEN && watcher.wants(type));
  }

  private void offer(AdminEvent event) {
    watchers.removeIf(watcher -> !watcher.offer(event));
  }

  /** The end for all watchers. */
  public void close() {
    watchers.forEach(EventBuffer::close);
    watchers.clear();
  }

  private List<AdminEvent> show(NodeEvent event, Instant now) {
    return switch (event) {
      case NodeEvent.PeerConnected(var peer) -> {
        peers.put(peer.number(), PeerKey.show(peer));
        yield List.of(new AdminEvent.PeerConnected(now, peer));
      }
      case NodeEvent.PeerDisconnected(var peer, var reason, var detail) -> {
        peers.remove(peer.number());
        yield List.of(new AdminEvent.PeerDisconnected(now, peer, reason, detail));
      }
      case NodeEvent.Banned(var subject, var reason, var length) ->
          List.of(new AdminEvent.Banned(now, subject, reason, length));
      case NodeEvent.Unbanned(var subject, var _) -> List.of(new AdminEvent.Unbanned(now, subject));
      case NodeEvent.SyncChanged(var status) -> {
        Long leader = status.peer();
        yield List.of(
            new AdminEvent.SyncChanged(
                now,
                status,
                leader == null ? null : peers.getOrDefault(leader, Long.toString(leader))));
      }
      case NodeEvent.Dag(var dagEvent) -> showDag(dagEvent, now);
      case NodeEvent.FlowReported(var flow, var kind, var fields) ->
          List.of(new AdminEvent.FlowReported(now, flow, kind, fields));
    };
  }

  private List<AdminEvent> showDag(DagEvent event, Instant now) {
    return switch (event) {
      case DagEvent.BlockAdded added -> {
        var header = added.header();
        yield List.of(
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
      case DagEvent.BlockSettled _ -> List.of();
      case DagEvent.ChainChanged(var removed, var added) ->
          List.of(new AdminEvent.ChainChanged(now, removed, added));
      case DagEvent.BlockDisqualified(var hash, var rule, var detail) ->
          List.of(new AdminEvent.BlockDisqualified(now, hash, rule, detail));
      case DagEvent.ChainStopped(var hash, var detail) ->
          List.of(new AdminEvent.ChainStopped(now, hash, detail));
      case DagEvent.FinalityViolated(var hash) ->
          List.of(new AdminEvent.FinalityViolated(now, hash));
      case DagEvent.StateChanged(var dag) -> showState(dag, now);
    };
  }

  private List<AdminEvent> showState(DagSnapshot dag, Instant now) {
    List<AdminEvent> events = new ArrayList<>();
    if (!dag.sink().hash().equals(sink)) {
      sink = dag.sink().hash();
      events.add(new AdminEvent.SinkChanged(now, dag.sink(), dag.blockCount(), dag.headerCount()));
    }
    if (dag.virtualDaaScore() != virtualDaaScore || !dag.virtualParents().equals(virtualParents)) {
      virtualDaaScore = dag.virtualDaaScore();
      virtualParents = dag.virtualParents();
      events.add(new AdminEvent.VirtualChanged(now, virtualParents, virtualDaaScore));
    }
    return events;
  }
}
