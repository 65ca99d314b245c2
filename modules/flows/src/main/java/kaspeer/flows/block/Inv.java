package kaspeer.flows.block;

import java.util.List;
import kaspeer.primitives.Hash;

/**
 * A block to be had from the peer.
 *
 * @param direct whether the peer announced it; otherwise it is a missing ancestor of one that it
 *     sent
 * @param withinRange whether a descendant was found to be near enough to what we have to be kept as
 *     an orphan (protocol reference 5.6): then this one is too
 */
record Inv(Hash hash, boolean direct, boolean withinRange) {
  static Inv announced(Hash hash) {
    return new Inv(hash, true, false);
  }

  static List<Inv> missingRoots(List<Hash> hashes, boolean withinRange) {
    return hashes.stream().map(hash -> new Inv(hash, false, withinRange)).toList();
  }
}
