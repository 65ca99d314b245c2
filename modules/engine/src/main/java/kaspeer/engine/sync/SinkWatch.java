package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the sink stands still though heavier blocks come in with their bodies: the selected chain
 * then goes through a block that this node cannot judge. A network at rest has no such blocks, and
 * a branch with less work does not count.
 */
final class SinkWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SinkWatch.class);

  /** The sink of a live network moves several times a second. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Bodies that must have come meanwhile: a few may be disqualified by themselves. */
  static final int BODIES = 10;

  private Hash sink = Hash.ZERO;
  private Instant since = Instant.MIN;
  private long blocks;
  private boolean stuck;

  /** Takes the DAG's state; about once a second. */
  void sample(Instant now, DagSnapshot snapshot) {
    if (!snapshot.sink().hash().equals(sink)) {
      sink = snapshot.sink().hash();
      since = now;
      blocks = snapshot.blockCount();
      stuck = false;
      return;
    }
    boolean heavier = snapshot.headersTip().blueWork().compareTo(snapshot.sink().blueWork()) > 0;
    boolean waitedLong = !now.isBefore(since.plus(PATIENCE));
    if (!stuck && heavier && waitedLong && snapshot.blockCount() - blocks >= BODIES) {
      stuck = true;
      LOG.warn(
          "The sink {} does not move though {} bodies came since: this node is not synced",
          sink,
          snapshot.blockCount() - blocks);
    }
  }

  /** Whether it has stood still for long, and has not moved since. */
  boolean isStuck() {
    return stuck;
  }
}
