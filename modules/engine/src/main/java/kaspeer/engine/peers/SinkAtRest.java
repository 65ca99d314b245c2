package kaspeer.engine.peers;

import kaspeer.flow.dag.DagSnapshot;
import kaspeer.primitives.Hash;

/**
 * Finds a sink that stands still. What a sync brings is announced to nobody, for it comes faster
 * than anybody could follow; so a peer that joined before or meanwhile would not hear of it until
 * the next block is relayed, which on a network at rest never comes.
 */
final class SinkAtRest {
  private Hash sink = Hash.ZERO;
  private Hash before = Hash.ZERO;

  /** The DAG has changed. Returns whether {@link #look} is to be called in a while. */
  boolean moved(DagSnapshot snapshot) {
    boolean moved = !snapshot.sink().hash().equals(sink);
    sink = snapshot.sink().hash();
    return moved && snapshot.sink().blueScore() != 0;
  }

  /** Whether the sink has not moved since the last look; if it has, it is to be looked at again. */
  boolean look() {
    boolean still = sink.equals(before);
    before = sink;
    return still;
  }

  Hash sink() {
    return sink;
  }
}
