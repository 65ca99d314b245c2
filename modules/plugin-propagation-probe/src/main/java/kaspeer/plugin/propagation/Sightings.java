package kaspeer.plugin.propagation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/** Who announced what first, of the latest things only. Safe from any thread. */
final class Sightings {
  /** Peers remembered with each thing; with more, later ones count again. */
  private static final int MAX_PEERS = 256;

  /** A peer's first announcement of a thing. @param lag after the first of all peers' */
  record Sighting(Duration lag, boolean isFirst) {}

  private record Thing(Instant first, Set<Long> peers) {}

  private final Map<Hash, Thing> things;

  Sightings(int most) {
    things =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Hash, Thing> eldest) {
            return size() > most;
          }
        };
  }

  /** Notes an announcement; null if the peer has announced it before. */
  synchronized @Nullable Sighting note(Hash hash, long peer, Instant at) {
    Thing known = things.get(hash);
    Thing thing = known == null ? new Thing(at, new HashSet<>(4)) : known;
    if (known == null) {
      things.put(hash, thing);
    }
    if (thing.peers.contains(peer)) {
      return null;
    }
    if (thing.peers.size() < MAX_PEERS) {
      thing.peers.add(peer);
    }
    Duration lag = Duration.between(thing.first, at);
    return new Sighting(lag.isNegative() ? Duration.ZERO : lag, known == null);
  }
}
