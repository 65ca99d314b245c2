package kaspeer.plugin.propagation;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/** Who announced what first, of the latest things only. Safe from any thread. */
final class Sightings {
  /** Peers remembered with each thing; with more, later ones count again. */
  private static final int MAX_PEERS = 256;

  /**
   * A peer's first announcement of a thing.
   *
   * @param lag after the first of all peers'
   */
  record Sighting(Duration lag, boolean isFirst) {}

  /** What was announced; its peers in an array, for there are many thousands of these. */
  private static final class Thing {
    private final Instant first;
    private long[] peers = new long[4];
    private int size;

    Thing(Instant first) {
      this.first = first;
    }

    /** Notes a peer; false if it is known. */
    boolean add(long peer) {
      for (int i = 0; i < size; i++) {
        if (peers[i] == peer) {
          return false;
        }
      }
      if (size < MAX_PEERS) {
        if (size == peers.length) {
          peers = Arrays.copyOf(peers, 2 * size);
        }
        peers[size++] = peer;
      }
      return true;
    }
  }

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
    Thing thing = known == null ? new Thing(at) : known;
    if (known == null) {
      things.put(hash, thing);
    }
    if (!thing.add(peer)) {
      return null;
    }
    Duration lag = Duration.between(thing.first, at);
    return new Sighting(lag.isNegative() ? Duration.ZERO : lag, known == null);
  }
}
