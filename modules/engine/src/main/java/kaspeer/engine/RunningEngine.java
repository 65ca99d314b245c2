package kaspeer.engine;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.Done;

/** An engine for those who started it. */
public interface RunningEngine extends Engine {
  /** Counters, gauges and histograms of all parts. */
  Metrics metrics();

  /** Where peers are accepted, with the port that was really taken; empty if nowhere. */
  Optional<InetSocketAddress> listening();

  /**
   * Stops in order: no new peers, peers dismissed, what must last written. The consensus stays
   * open: it is the caller's.
   */
  CompletionStage<Done> stop();
}
