package kaspeer.flow.dag;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;

/**
 * The DAG at one moment, as {@code kaspeer.consensus.DagState} has it, for those who may not import
 * it.
 *
 * @param headerCount headers without genesis
 * @param blockCount blocks with bodies, without genesis
 * @param tips if there are more than 256, those of most work that can still be merged, then the
 *     latest of others
 * @param virtualDaaScore unsigned, as all scores are
 * @param virtualBits the target of the next block, in the compact form of a header
 * @param pastMedianTime of the next block, in milliseconds since 1970
 * @param pruningPoint what every new block must have in its past
 * @param mergeDepthRootWork relayed blocks at or below this blue work are of no use
 */
public record DagSnapshot(
    long headerCount,
    long blockCount,
    List<Hash> tips,
    Tip sink,
    Tip headersTip,
    List<Hash> virtualParents,
    long virtualDaaScore,
    int virtualBits,
    long pastMedianTime,
    Hash pruningPoint,
    BlueWork mergeDepthRootWork) {
  public DagSnapshot {
    tips = List.copyOf(tips);
    virtualParents = List.copyOf(virtualParents);
  }

  /**
   * A block and what its header says of its place.
   *
   * @param timestamp milliseconds since 1970
   */
  public record Tip(Hash hash, long blueScore, BlueWork blueWork, long daaScore, long timestamp) {}

  /** Whether the sink is younger than this (protocol reference 8.3). */
  public boolean isNearlySynced(Instant now, Duration age) {
    return now.toEpochMilli() < sink.timestamp + age.toMillis();
  }
}
