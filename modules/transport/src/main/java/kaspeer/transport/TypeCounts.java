package kaspeer.transport;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import kaspeer.wire.PayloadType;
import org.jspecify.annotations.Nullable;

/**
 * Frames and bytes by type, in one direction of one link. Small: a peer uses a dozen types or so.
 */
final class TypeCounts {
  private @Nullable PayloadType[] types = new PayloadType[4];
  private long[] counts = new long[8];
  private int used;

  /** Counts one frame. */
  synchronized void add(PayloadType type, int bytes) {
    int at = find(type.number());
    if (at == used) {
      if (used == types.length) {
        types = Arrays.copyOf(types, used * 2);
        counts = Arrays.copyOf(counts, used * 4);
      }
      types[at] = type;
      used++;
    }
    counts[2 * at]++;
    counts[2 * at + 1] += bytes;
  }

  /** Where the type with that number is counted, or where the next one will be. */
  private int find(int number) {
    for (int at = 0; at < used; at++) {
      PayloadType counted = types[at];
      if (counted != null && counted.number() == number) {
        return at;
      }
    }
    return used;
  }

  synchronized Map<PayloadType, LinkTraffic.Count> snapshot() {
    Map<PayloadType, LinkTraffic.Count> all = new HashMap<>();
    for (int i = 0; i < used; i++) {
      PayloadType type = types[i];
      if (type != null) {
        all.put(type, new LinkTraffic.Count(counts[2 * i], counts[2 * i + 1]));
      }
    }
    return Map.copyOf(all);
  }
}
