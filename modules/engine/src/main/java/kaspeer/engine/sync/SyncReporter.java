package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kaspeer.engine.NodeEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the state of the sync: always in a reference, as an event when it changed, and as a
 * line of log at debug now and then. An operator sees the progress that the node itself shows.
 */
final class SyncReporter {
  private static final Logger LOG = LoggerFactory.getLogger(SyncReporter.class);

  private final AtomicReference<SyncStatus> published;
  private final Duration logInterval;
  private final Consumer<NodeEvent> events;
  private SyncStatus lastEvent = SyncStatus.WAITING;
  private Instant lastLine = Instant.EPOCH;

  SyncReporter(
      AtomicReference<SyncStatus> published, Duration logInterval, Consumer<NodeEvent> events) {
    this.published = published;
    this.logInterval = logInterval;
    this.events = events;
  }

  /**
   * Numbers alone make an event only while a session runs; the caller reports about once a second,
   * and on each change.
   */
  void report(SyncStatus status) {
    published.set(status);
    boolean turned =
        status.state() != lastEvent.state()
            || !Objects.equals(status.peer(), lastEvent.peer())
            || !status.stage().equals(lastEvent.stage())
            || status.stalls() != lastEvent.stalls();
    boolean moved = !status.stage().isEmpty() && !status.equals(lastEvent);
    if (turned || moved) {
      lastEvent = status;
      events.accept(new NodeEvent.SyncChanged(status));
    }
  }

  /** A line of progress, unless the last one is still fresh. */
  void line(Instant now, SyncStatus status, SyncPeer peer, Optional<Duration> remaining) {
    if (now.isBefore(lastLine.plus(logInterval))) {
      return;
    }
    lastLine = now;
    boolean bodies = status.stage().equals("bodies");
    LOG.debug(
        "Syncing {} from {}: {} %, {} a second{}",
        status.stage(),
        peer,
        String.format(Locale.ROOT, "%.1f", status.progress() * 100),
        Math.round(bodies ? status.blocksPerSecond() : status.headersPerSecond()),
        remaining.map(left -> ", about " + readable(left) + " left").orElse(""));
  }

  static String readable(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
