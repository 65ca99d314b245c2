package kaspeer.plugin.propagation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kaspeer.flow.Extension.Observe;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowHost;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.Telemetry;
import kaspeer.plugin.propagation.Sightings.Sighting;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Notes when each peer first announces each block and transaction, and how long after the first of
 * all peers that is. Observes announcements, and touches nothing.
 *
 * <p>Metrics: who was first and how late others were, by kind; for each connected peer how late it
 * is with blocks, smoothed. Events {@code sighting}, one for each peer and block, and some for
 * transactions, of which there may be thousands a second. A node takes 200 events a second from a
 * flow: with more than 15 peers at ten blocks a second some get lost, and the metrics tell all.
 */
public final class PropagationProbe implements FlowFactory<FlowEvent> {
  /** Blocks and transactions that are remembered, the latest of each. */
  static final int REMEMBERED = 8_192;

  /** Events of transactions a second. */
  static final int TRANSACTION_EVENTS = 50;

  /** The weight of the newest lag in a peer's smoothed one. */
  private static final double NEWEST = 0.1;

  /** What is announced. */
  enum Kind {
    BLOCK,
    TRANSACTION;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is told of it; made when the node starts. */
  private record Instruments(
      Telemetry telemetry,
      Telemetry.Counter firsts,
      Telemetry.Spans lags,
      Telemetry.Gauge peerLags) {
    static Instruments of(Telemetry telemetry) {
      return new Instruments(
          telemetry,
          telemetry.counter("firsts", "Announced by a peer before all others.", "kind"),
          telemetry.spans("lag", "Announced by a peer so long after the first.", "kind"),
          telemetry.gauge("peer_lag_seconds", "A peer's lag with blocks, smoothed.", "connection"));
    }
  }

  private final Sightings blocks = new Sightings(REMEMBERED);
  private final Sightings transactions = new Sightings(REMEMBERED);
  private volatile @Nullable Instruments instruments;
  private long second;
  private int transactionEvents;

  @Override
  public void start(FlowHost host) {
    instruments = Instruments.of(host.telemetry());
  }

  @Override
  public FlowDescriptor descriptor() {
    return FlowDescriptor.observing(
        "propagation-probe", Observe.of(PayloadCase.INV_RELAY_BLOCK, PayloadCase.INV_TRANSACTIONS));
  }

  @Override
  public FlowEvent wrap(FlowEvent event) {
    return event;
  }

  @Override
  public Behavior<FlowEvent> create(FlowContext flow) {
    Instruments started = instruments;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    Watch watch = new Watch(flow.peer(), started);
    return Behaviors.receive(FlowEvent.class)
        .onMessage(
            FlowEvent.Observed.class,
            seen -> {
              watch.on(seen);
              return Behaviors.same();
            })
        .onSignal(
            PostStop.class,
            _ -> {
              watch.end();
              return Behaviors.same();
            })
        .build();
  }

  /** One peer. Used by its own actor. */
  private final class Watch {
    private final PeerInfo peer;
    private final String connection;
    private final Instruments to;
    private double lag;

    Watch(PeerInfo peer, Instruments to) {
      this.peer = peer;
      this.to = to;
      this.connection = Long.toString(peer.number());
    }

    void on(FlowEvent.Observed seen) {
      KaspadMessage message = seen.message();
      try {
        if (message.hasInvRelayBlock()) {
          note(Kind.BLOCK, Hashes.fromWire(message.getInvRelayBlock().getHash()), seen.at());
        } else {
          List<Hash> ids = Hashes.fromWireIds(message.getInvTransactions().getIdsList());
          ids.forEach(id -> note(Kind.TRANSACTION, id, seen.at()));
        }
      } catch (ConversionException malformed) {
        // The built-in flow judges the peer for it.
        return;
      }
    }

    private void note(Kind kind, Hash hash, Instant at) {
      Sighting sighting =
          (kind == Kind.BLOCK ? blocks : transactions).note(hash, peer.number(), at);
      if (sighting == null) {
        return;
      }
      double seconds = sighting.lag().toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
      if (sighting.isFirst()) {
        to.firsts().add(1, kind.label());
      } else {
        to.lags().observe(seconds, kind.label());
      }
      if (kind == Kind.BLOCK) {
        lag += NEWEST * (seconds - lag);
        to.peerLags().set(lag, connection);
      }
      if (kind == Kind.BLOCK || mayTell(at)) {
        to.telemetry().publish("sighting", fields(kind, hash, at, sighting.lag()));
      }
    }

    private Map<String, String> fields(Kind kind, Hash hash, Instant at, Duration late) {
      return Map.of(
          "kind", kind.label(),
          "hash", hash.toString(),
          "connection", connection,
          "address", peer.address().getHostString() + ":" + peer.address().getPort(),
          "seenAt", at.toString(),
          "lagMs", Long.toString(late.toMillis()));
    }

    void end() {
      to.peerLags().remove(connection);
    }
  }

  /** Whether there is room for one more event of a transaction. */
  private synchronized boolean mayTell(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      transactionEvents = 0;
    }
    return transactionEvents++ < TRANSACTION_EVENTS;
  }
}
