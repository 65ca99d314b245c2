package kaspeer.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel.Run;
import org.jspecify.annotations.Nullable;

/**
 * Decoded headers by id, the least recently used dropped first, bounded in estimated bytes of heap.
 */
final class HeaderCache {
  /** Map entry, header, its five hashes, blue work and parents list. */
  private static final int HEADER_BYTES = 512;

  private static final int RUN_BYTES = 64;

  /** A hash and the reference to it. */
  private static final int PARENT_BYTES = 48;

  private final long maxBytes;
  private final LinkedHashMap<Integer, Header> headers = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  HeaderCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable Header get(int id) {
    return headers.get(id);
  }

  synchronized void put(int id, Header header) {
    if (headers.putIfAbsent(id, header) != null) {
      return;
    }
    bytes += weight(header);
    var oldest = headers.entrySet().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      Map.Entry<Integer, Header> dropped = oldest.next();
      bytes -= weight(dropped.getValue());
      oldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  static long weight(Header header) {
    long weight = HEADER_BYTES;
    for (Run run : header.parents().runs()) {
      weight += RUN_BYTES + (long) PARENT_BYTES * run.parents().size();
    }
    return weight;
  }
}
