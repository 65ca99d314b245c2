package kaspeer.consensus.utxo;

import kaspeer.crypto.lanes.Lane;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a lane.
 *
 * @param before null if it was not active
 * @param after null if it is no longer active
 */
record LaneChange(Hash key, @Nullable Lane before, @Nullable Lane after) {
  LaneChange reversed() {
    return new LaneChange(key, after, before);
  }
}
